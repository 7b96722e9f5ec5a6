export { ageOf, ageTone, isClosed } from "./age";
export { LoopsCard } from "./LoopsCard";
export { loopSpec } from "./spec";
