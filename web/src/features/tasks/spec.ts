import type { FactSpec } from "@/features/edits";
import type { FormField } from "@/lib/fields";
import { repeatOptions } from "@/lib/repeat";
import { PRIORITIES, TASK_STATUSES } from "@/lib/words";

type Users = readonly (readonly [string, string])[];

/** The fields of a task as a form asks for them. `own`: the rule that it has. */
export const taskFields = (users: Users, own?: string | null): FormField[] => [
  { name: "title", label: "What to do", kind: "text", required: true },
  { name: "due_on", label: "By", kind: "date", half: true },
  {
    name: "due_time",
    label: "At",
    kind: "time",
    half: true,
    when: (v) => Boolean(v.due_on),
  },
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
  {
    name: "status",
    label: "Status",
    kind: "select",
    options: TASK_STATUSES,
    required: true,
    half: true,
    initial: "todo",
  },
  { name: "assignee_id", label: "Assigned to", kind: "select", options: users, half: true },
  {
    name: "repeats",
    label: "Repeats",
    kind: "select",
    options: repeatOptions(own),
    half: true,
    when: (v) => Boolean(v.due_on),
  },
  { name: "snoozed_until", label: "Put off until", kind: "date", half: true },
  { name: "remind_at", label: "Remind at", kind: "datetime", half: true },
  { name: "needs_evidence", label: "Done only with evidence", kind: "checkbox" },
];

/** Who a task can be given to is the caller's to say: the form gets the users from there. */
export const taskSpec = (users: Users): FactSpec => ({
  noun: "tasks",
  singular: "task",
  fields: () => taskFields(users),
});
