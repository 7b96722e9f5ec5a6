export { ageOf, isClosed } from "./age";
export { LoopAge, LoopHousehold } from "./LoopParts";
export { LoopsCard } from "./LoopsCard";
export { loopSpec } from "./spec";
