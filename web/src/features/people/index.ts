export { MainPeopleCard } from "./MainPeopleCard";
export { PeopleCard } from "./PeopleCard";
export { personSpec } from "./spec";
