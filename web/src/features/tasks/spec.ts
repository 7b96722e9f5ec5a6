import type { FactSpec } from "@/features/edits";
import { PRIORITIES } from "@/lib/words";

/** Who a task can be given to is the caller's to say: the form gets the users from there. */
export const taskSpec = (users: readonly (readonly [string, string])[]): FactSpec => ({
  noun: "tasks",
  singular: "task",
  fields: () => [
    { name: "title", label: "What to do", kind: "text", required: true },
    { name: "due_on", label: "By", kind: "date", half: true },
    {
      name: "priority",
      label: "Priority",
      kind: "select",
      options: PRIORITIES,
      required: true,
      half: true,
      numeric: true,
      initial: "2",
    },
    { name: "assignee_id", label: "Assigned to", kind: "select", options: users },
  ],
});
