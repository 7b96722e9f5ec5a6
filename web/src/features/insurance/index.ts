export { InsuranceCard } from "./InsuranceCard";
