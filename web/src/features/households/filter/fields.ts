/** What the filter's panel offers: each field by its name, with the questions that make sense of it. */
import { HOUSEHOLD_TYPES } from "@/lib/words";
import type { Condition, FilterNode } from "./tree";

export type ValueKind = "none" | "choice" | "word" | "days" | "money" | "count" | "day";
export interface Question {
  op: string;
  negated?: boolean;
  text: string;
  value: ValueKind;
}
export interface FilterField {
  field: string;
  label: string;
  questions: readonly Question[];
}

const is = (value: ValueKind): Question[] => [
  { op: "is", text: "is", value },
  { op: "is", negated: true, text: "is not", value },
];
const empty: Question[] = [
  { op: "empty", text: "is not set", value: "none" },
  { op: "empty", negated: true, text: "is set", value: "none" },
];
const bounds = (value: ValueKind): Question[] => [
  { op: "at_least", text: "is at least", value },
  { op: "at_most", text: "is at most", value },
];
const days: Question[] = [
  { op: "before", text: "is before", value: "day" },
  { op: "after", text: "is after", value: "day" },
];

export const FIELDS: readonly FilterField[] = [
  { field: "tier", label: "Tier", questions: [...is("word"), ...empty] },
  { field: "type", label: "Type", questions: is("choice") },
  { field: "team_id", label: "Team", questions: is("choice") },
  { field: "tag", label: "Tag", questions: [...is("word"), ...empty] },
  { field: "stage", label: "Stage", questions: [...is("word"), ...empty] },
  {
    field: "next_review",
    label: "Next review",
    questions: [
      { op: "overdue", text: "is overdue", value: "none" },
      { op: "overdue", negated: true, text: "is not overdue", value: "none" },
      { op: "within_days", text: "is due within days", value: "days" },
      { op: "within_days", negated: true, text: "is not due within days", value: "days" },
      ...days,
      ...empty,
    ],
  },
  {
    field: "last_touch",
    label: "Last touch",
    questions: [
      { op: "older_than_days", text: "is longer ago than days", value: "days" },
      { op: "older_than_days", negated: true, text: "is within the last days", value: "days" },
      ...days,
      ...empty,
    ],
  },
  { field: "aum_usd", label: "Assets with us", questions: bounds("money") },
  { field: "held_away_usd", label: "Assets held away", questions: bounds("money") },
  { field: "open_loops", label: "Open loops", questions: bounds("count") },
  { field: "open_tasks", label: "Open tasks", questions: bounds("count") },
  { field: "missing_beneficiaries", label: "Accounts without beneficiary", questions: bounds("count") },
  {
    field: "review_cadence_months",
    label: "Months between reviews",
    questions: [...bounds("count"), ...empty],
  },
  { field: "client_since", label: "Client since", questions: [...days, ...empty] },
  { field: "city", label: "City", questions: is("word") },
  { field: "state", label: "State", questions: is("word") },
  { field: "risk_profile", label: "Risk profile", questions: [...is("word"), ...empty] },
];

export const fieldOf = (field: string) => FIELDS.find((f) => f.field === field);

/** A condition or its negation, taken apart for a row of the panel. */
export function rowOf(node: FilterNode): { condition: Condition; negated: boolean } | undefined {
  if ("field" in node) return { condition: node, negated: false };
  if ("not" in node && "field" in node.not) return { condition: node.not, negated: true };
  return undefined;
}

export const asNode = (condition: Condition, negated: boolean): FilterNode =>
  negated ? { not: condition } : condition;

/** The values that may be chosen for a field, where they are known. */
export function choicesOf(
  field: string,
  teams: readonly { id: string; name: string }[],
): readonly (readonly [string, string])[] {
  if (field === "type") return HOUSEHOLD_TYPES;
  if (field === "team_id") return teams.map((team) => [team.id, team.name] as const);
  return [];
}
