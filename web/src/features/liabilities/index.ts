export { LiabilitiesCard } from "./LiabilitiesCard";
