import type { Evidence } from "@/api/types";

/** The words for what shows that something is closed or done. */
export const EVIDENCE_NAMES: Record<Evidence["kind"], string> = {
  note: "note",
  task: "task",
  edit: "change",
};
