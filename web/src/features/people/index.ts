export { PeopleCard } from "./PeopleCard";
export { personSpec } from "./spec";
