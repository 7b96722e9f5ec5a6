export { EVIDENCE_NAMES } from "./names";
export { ShownEvidence } from "./ShownEvidence";
