import type { FactSpec } from "@/features/edits";

export const noteSpec: FactSpec = {
  noun: "notes",
  singular: "note",
  fields: () => [
    { name: "body", label: "Note", kind: "long", required: true, hint: "Markdown: **bold**, lists, links." },
    { name: "occurred_at", label: "When it happened", kind: "datetime" },
    { name: "pinned", label: "Keep at the top", kind: "checkbox" },
  ],
};
