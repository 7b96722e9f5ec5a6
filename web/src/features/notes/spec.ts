import type { FactSpec } from "@/features/edits";

/** How a note is named where any fact is; it has a writer of its own. */
export const noteSpec: FactSpec = { noun: "notes", singular: "note", fields: () => [] };
