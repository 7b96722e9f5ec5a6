export { ageOf, ageTone } from "./age";
export { LoopsCard } from "./LoopsCard";
export { loopSpec } from "./spec";
