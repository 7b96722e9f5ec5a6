export { EntitiesCard } from "./EntitiesCard";
export { entityRoleSpec } from "./spec";
