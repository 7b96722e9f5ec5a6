export { ProfessionalsCard } from "./ProfessionalsCard";
