import type { FactSpec } from "@/features/edits";
import { DIRECTIONS, LOOP_STATUSES } from "@/lib/words";

export const loopSpec = (users: readonly (readonly [string, string])[]): FactSpec => ({
  noun: "open-loops",
  singular: "open loop",
  fields: () => [
    { name: "text", label: "What was promised or asked", kind: "long", required: true },
    {
      name: "direction",
      label: "Who has to act",
      kind: "select",
      options: DIRECTIONS,
      required: true,
      half: true,
      initial: "we_owe",
    },
    {
      name: "status",
      label: "Status",
      kind: "select",
      options: LOOP_STATUSES,
      required: true,
      half: true,
      initial: "open",
    },
    { name: "due_on", label: "By", kind: "date", half: true },
    { name: "owner_id", label: "Looked after by", kind: "select", options: users, half: true },
  ],
});
