/** Words for the values the API stores. */
import type { MemberRole, OpenLoop, Role, Task } from "@/api/types";

type Options = readonly (readonly [value: string, label: string])[];

export const HOUSEHOLD_TYPES: Options = [
  ["client", "Client"],
  ["prospect", "Prospect"],
  ["former", "Former client"],
];
export const MEMBER_ROLES: Options = [
  ["primary", "Primary"],
  ["spouse", "Spouse"],
  ["child", "Child"],
  ["trustee", "Trustee"],
  ["other", "Other"],
] satisfies (readonly [MemberRole, string])[];
export const DIRECTIONS: Options = [
  ["we_owe", "We owe"],
  ["client_owes", "Client owes"],
  ["third_party", "Third party"],
] satisfies (readonly [OpenLoop["direction"], string])[];
export const LOOP_STATUSES: Options = [
  ["open", "Open"],
  ["waiting", "Waiting"],
  ["done", "Done"],
  ["dropped", "Dropped"],
] satisfies (readonly [OpenLoop["status"], string])[];
export const TASK_STATUSES = [
  ["todo", "To do"],
  ["doing", "In progress"],
  ["waiting", "Waiting"],
] as const satisfies (readonly [Task["status"], string])[];
export const PRIORITIES: Options = [
  ["1", "High"],
  ["2", "Normal"],
  ["3", "Low"],
];
export const GOAL_STATUSES: Options = [
  ["open", "Open"],
  ["reached", "Reached"],
  ["dropped", "Dropped"],
];
export const ENTITY_KINDS: Options = [
  ["trust", "Trust"],
  ["company", "Company"],
  ["foundation", "Foundation"],
  ["estate", "Estate"],
  ["other", "Other"],
];
export const CONTACT_KINDS: Options = [
  ["phone", "Phone"],
  ["email", "Email"],
  ["address", "Address"],
];
export const ENTITY_ROLES: Options = [
  ["grantor", "Grantor"],
  ["trustee", "Trustee"],
  ["successor_trustee", "Successor trustee"],
  ["beneficiary", "Beneficiary"],
  ["owner", "Owner"],
  ["officer", "Officer"],
  ["other", "Other"],
];
export const PREMIUM_PERIODS: Options = [
  ["month", "Every month"],
  ["quarter", "Every quarter"],
  ["year", "Every year"],
  ["single", "Once"],
];
export const ACCOUNT_SOURCES: Options = [
  ["manual", "Held away, entered by hand"],
  ["linked", "With us, fed by the custodian"],
];
export const DESIGNATIONS: Options = [
  ["primary", "Primary"],
  ["contingent", "Contingent"],
];
export const ROLES: Record<Role, string> = {
  advisor: "Advisor",
  client_service: "Client service",
  firm_admin: "Firm admin",
  compliance: "Compliance",
  read_only: "Read only",
  integration: "Integration",
};

/** The label of a stored value; a value without one is made readable. */
export function label(options: Options, value: string | null | undefined) {
  if (!value) return "";
  return options.find(([v]) => v === value)?.[1] ?? sentence(value);
}

/** `review_cadence_months` as `Review cadence months`. */
export function sentence(name: string) {
  const words = name.replace(/[_-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `1 task`, `2 tasks`. */
export const plural = (n: number, one: string, many = `${one}s`) =>
  `${n.toLocaleString("en-US")} ${n === 1 ? one : many}`;

/** A sentence that goes on in the middle of another. */
export const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
