export { LoopsCard } from "./LoopsCard";
export { loopSpec } from "./spec";
