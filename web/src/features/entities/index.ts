export { EntitiesCard } from "./EntitiesCard";
