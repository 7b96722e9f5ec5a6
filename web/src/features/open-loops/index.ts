export { useKept } from "./kept";
export { LoopRow } from "./LoopRow";
export { LoopsCard } from "./LoopsCard";
export { loopSpec } from "./spec";
export { useLoopActions } from "./useLoopActions";
