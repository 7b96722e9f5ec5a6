export { PeopleCard } from "./PeopleCard";
export { PersonSheet } from "./PersonSheet";
export { personSpec } from "./spec";
