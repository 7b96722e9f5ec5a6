import { date, moment } from "@/lib/dates";
import { moneyExact } from "@/lib/money";
import {
  DIRECTIONS,
  HOUSEHOLD_TYPES,
  LOOP_STATUSES,
  label,
  MEMBER_ROLES,
  PRIORITIES,
  sentence,
  TASK_STATUSES,
} from "@/lib/words";

/** Names for the ids that edits carry: people, entities, users, teams. */
export type NameOf = (id: string) => string | undefined;

/** Ids of rows that have no name. */
const NAMELESS = /^(evidence|source|follows|merged_into)_id$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const MONEY = /^(amount|balance|coverage|premium)$/;
const HIDDEN = new Set([
  "id",
  "version",
  "firm_id",
  "household_id",
  "created_at",
  "updated_at",
  "deleted_at",
  "created_by",
  "updated_by",
]);

/** Whether a stored value is no value at all. */
export const isNothing = (value: unknown) =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

/** A stored value as a person would write it. `—` stands for nothing. */
export function formatValue(entity: string, field: string | null, value: unknown, nameOf: NameOf): string {
  if (isNothing(value)) return "—";
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (Array.isArray(value)) return value.map(String).join(", ");
  if (typeof value === "object" && value !== null)
    return "masked" in value ? String(value.masked) : JSON.stringify(value);
  const text = String(value);
  if (field && NAMELESS.test(field)) return "another row";
  if (field?.endsWith("_id") && UUID.test(text)) return nameOf(text) ?? "a removed record";
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return date(text);
  if (/^\d{4}-\d{2}-\d{2}T/.test(text)) return moment(text);
  if (field && MONEY.test(field) && /^-?\d+(\.\d+)?$/.test(text)) return moneyExact(text);
  if (field === "priority") return label(PRIORITIES, text);
  if (entity === "tasks" && field === "status") return label(TASK_STATUSES, text);
  if (entity === "open_loops" && field === "direction") return label(DIRECTIONS, text);
  if (entity === "open_loops" && field === "status") return label(LOOP_STATUSES, text);
  if (entity === "households" && field === "type") return label(HOUSEHOLD_TYPES, text);
  if (entity === "memberships" && field === "role") return label(MEMBER_ROLES, text);
  return text;
}

/** The values a new row was created with, without the bookkeeping. */
export function createdValues(
  entity: string,
  values: unknown,
  nameOf: NameOf,
): [label: string, text: string][] {
  if (typeof values !== "object" || values === null) return [];
  return Object.entries(values)
    .filter(([field, v]) => !HIDDEN.has(field) && !isNothing(v) && v !== false)
    .map(([field, v]) => [fieldLabel(field), formatValue(entity, field, v, nameOf)]);
}

const LABELS: Record<string, string> = {
  team_id: "Team",
  review_cadence_months: "Review every (months)",
  tax_id: "Tax id",
  deleted_at: "Removed",
  done_at: "Done",
  remind_at: "Reminder",
  remind_again_at: "Reminder put off to",
  assignee_id: "Assigned to",
  owner_id: "Owner",
  e164: "Number as dialled",
  aum_usd: "Assets with us",
};
export const fieldLabel = (field: string) => LABELS[field] ?? sentence(field.replace(/_id$/, ""));

const ENTITIES: Record<string, string> = {
  households: "Household",
  people: "Person",
  memberships: "Membership",
  contact_points: "Contact detail",
  entities: "Entity",
  entity_roles: "Entity role",
  professionals: "Professional",
  accounts: "Account",
  account_owners: "Account owner",
  beneficiaries: "Beneficiary",
  balances: "Balance",
  liabilities: "Liability",
  insurance_policies: "Insurance policy",
  goals: "Goal",
  notes: "Note",
  tasks: "Task",
  open_loops: "Open loop",
};
export const entityLabel = (entity: string) => ENTITIES[entity] ?? sentence(entity);

const SOURCES: Record<string, string> = {
  ui: "by hand",
  api: "through the API",
  import: "by an import",
  sample: "with the sample book",
  undo: "by an undo",
  system: "by the system",
};
export const sourceLabel = (source: string) => SOURCES[source] ?? sentence(source).toLowerCase();
