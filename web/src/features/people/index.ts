export { PeopleCard } from "./PeopleCard";
export { PersonSheet } from "./PersonSheet";
