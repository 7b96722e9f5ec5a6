export { ProfessionalsCard } from "./ProfessionalsCard";
export { professionalSpec } from "./spec";
