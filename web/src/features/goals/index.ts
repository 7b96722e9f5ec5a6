export { GoalsCard } from "./GoalsCard";
