import type { FactSpec } from "@/features/edits";
import type { FormField } from "@/lib/fields";
import { DIRECTIONS } from "@/lib/words";

type Users = readonly (readonly [string, string])[];

/** The fields of a loop as a form asks for them. Its status is changed by what is done with it. */
export const loopFields = (users: Users): FormField[] => [
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
  { name: "owner_id", label: "Looked after by", kind: "select", options: users, half: true },
  { name: "due_on", label: "By", kind: "date", half: true },
  { name: "ask_on", label: "Ask again on", kind: "date", half: true },
];

export const loopSpec = (users: Users): FactSpec => ({
  noun: "open-loops",
  singular: "open loop",
  fields: () => loopFields(users),
});
