export { ContactLink, ContactPoints } from "./ContactPoints";
export { contactPointSpec } from "./spec";
