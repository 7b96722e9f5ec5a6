export { EVIDENCE_NAMES, ShownEvidence } from "./Shown";
