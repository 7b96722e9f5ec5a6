import type { FactSpec } from "@/features/edits";
import { GOAL_STATUSES } from "@/lib/words";

export const goalSpec: FactSpec = {
  noun: "goals",
  singular: "goal",
  fields: () => [
    { name: "title", label: "Goal", kind: "text", required: true },
    { name: "amount", label: "Amount (USD)", kind: "money", half: true },
    { name: "target_on", label: "By", kind: "date", half: true },
    {
      name: "status",
      label: "Status",
      kind: "select",
      options: GOAL_STATUSES,
      required: true,
      initial: "open",
    },
  ],
};
