export { HintList, HintsCard } from "./HintsCard";
