/** A filter as a plain sentence: "Clients in tier A or B, and out of touch for more than 90 days". */
import { date } from "@/lib/dates";
import { money } from "@/lib/money";
import { childrenOf, topLevel } from "./shape";
import { type Condition, type FilterNode, isCondition } from "./tree";

const SUBJECTS: Record<string, string> = {
  client: "clients",
  prospect: "prospects",
  former: "former clients",
};
type TeamName = (id: string) => string | undefined;

interface Asked {
  type?: string;
  tier?: string;
  team?: string;
  filter?: FilterNode;
}

/** Nothing when nothing is asked. */
export function sentenceOf({ type, tier, team, filter }: Asked, teamName: TeamName): string | null {
  const nodes = [...topLevel(filter)];
  let subject = "households";
  const subjects = type ? undefined : nodes.find((node) => subjectOf(node) !== undefined);
  if (type) subject = SUBJECTS[type] ?? subject;
  else if (subjects) {
    subject = subjectOf(subjects) ?? subject;
    nodes.splice(nodes.indexOf(subjects), 1);
  }
  const parts = [
    ...(team ? [phrase({ field: "team_id", op: "is", value: team }, false, teamName)] : []),
    ...(tier ? [`in tier ${tier}`] : []),
    ...nodes.map((node) => clause(node, 1, teamName)),
  ];
  if (parts.length === 0 && subject === "households") return null;
  const [first = "", ...rest] = parts;
  const said = [`${subject} ${first}`.trim(), ...rest];
  const last = said.length > 1 ? `, and ${said.pop()}` : "";
  return upperFirst(said.join(", ") + last);
}

const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** `clients or prospects`, where a node names types alone. */
function subjectOf(node: FilterNode): string | undefined {
  const types = "any" in node ? node.any : [node];
  const words = types.map((t) =>
    isCondition(t) && t.field === "type" ? SUBJECTS[String(t.value)] : undefined,
  );
  return words.length > 0 && words.every(Boolean) ? words.join(" or ") : undefined;
}

function clause(node: FilterNode, depth: number, teamName: TeamName): string {
  if (isCondition(node)) return phrase(node, false, teamName);
  if ("not" in node) {
    if (isCondition(node.not)) return phrase(node.not, true, teamName);
    if ("not" in node.not) return clause(node.not.not, depth, teamName);
    const inner = childrenOf(node.not).map((child) => clause(child, depth + 1, teamName));
    if (inner.length === 1) return `not ${inner[0]}`;
    return "any" in node.not ? `neither ${inner.join(" nor ")}` : `not both ${inner.join(" and ")}`;
  }
  const sameField = alike(node, teamName);
  if (sameField) return sameField;
  const inner = childrenOf(node).map((child) => clause(child, depth + 1, teamName));
  if (inner.length === 1) return inner[0] ?? "";
  const joined = inner.join("all" in node ? " and " : " or ");
  return depth > 1 ? `(${joined})` : "any" in node ? `either ${joined}` : joined;
}

/** `in tier A or B`: several values of one field are named in one breath. */
function alike(node: FilterNode, teamName: TeamName): string | undefined {
  if (!("any" in node) || node.any.length < 2) return undefined;
  const [first] = node.any;
  if (!first || !isCondition(first) || first.op !== "is") return undefined;
  const values: string[] = [];
  for (const child of node.any) {
    if (!isCondition(child) || child.field !== first.field || child.op !== "is") return undefined;
    values.push(child.field === "type" ? (SUBJECTS[String(child.value)] ?? "") : shown(child, teamName));
  }
  const list = `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;
  return phrase({ ...first, value: list }, false, () => list);
}

const shown = ({ field, value }: Condition, teamName: TeamName) =>
  field === "team_id" ? (teamName(String(value)) ?? "another team") : String(value ?? "");

const NOUNS: Record<string, string> = {
  tier: "a tier",
  tag: "a tag",
  stage: "a stage",
  risk_profile: "a risk profile",
  next_review: "a day of review",
  last_touch: "any touch",
  client_since: "a day since when they are clients",
  review_cadence_months: "a review cadence",
};
const COUNTED: Record<string, [one: string, many: string]> = {
  open_tasks: ["open task", "open tasks"],
  open_loops: ["open loop", "open loops"],
  missing_beneficiaries: ["account without beneficiary", "accounts without beneficiary"],
};

function phrase(condition: Condition, negated: boolean, teamName: TeamName): string {
  const { field, op } = condition;
  const not = negated ? "not " : "";
  if (op === "empty") return `${negated ? "with" : "without"} ${NOUNS[field] ?? field}`;
  const v = shown(condition, teamName);
  if (op === "is") return `${not}${isPhrase(field, v)}`;
  if (field === "next_review") return review(op, v, negated);
  if (field === "last_touch") return touch(op, v, negated);
  if (field === "client_since")
    return `${not}clients since ${op === "before" ? "before" : "after"} ${date(v)}`;
  return `${not}${bound(field, op, v)}`;
}

function isPhrase(field: string, v: string) {
  switch (field) {
    case "type":
      return `${SUBJECTS[v] ?? v}`;
    case "tier":
      return `in tier ${v}`;
    case "team_id":
      return `of team ${v}`;
    case "tag":
      return `tagged ${v}`;
    case "stage":
      return `at stage ${v}`;
    case "risk_profile":
      return `with risk profile ${v}`;
    default:
      return `in ${v}`;
  }
}

function review(op: string, v: string, negated: boolean) {
  const no = negated ? "no" : op === "overdue" ? "an" : "a";
  if (op === "overdue") return `with ${no} overdue review`;
  if (op === "within_days") return `with ${no} review due within ${daysText(v)}`;
  return `${negated ? "not " : ""}with the next review ${op} ${date(v)}`;
}

function touch(op: string, v: string, negated: boolean) {
  if (op === "older_than_days")
    return negated ? `in touch within ${daysText(v)}` : `out of touch for more than ${daysText(v)}`;
  return `${negated ? "not " : ""}last in touch ${op} ${date(v)}`;
}

const daysText = (v: string) => (v === "1" ? "1 day" : `${v} days`);

function bound(field: string, op: string, v: string) {
  const least = op === "at_least";
  const counted = COUNTED[field];
  if (counted) return `with at ${least ? "least" : "most"} ${v} ${v === "1" ? counted[0] : counted[1]}`;
  if (field === "review_cadence_months")
    return `reviewed every ${v} months or ${least ? "less" : "more"} often`;
  const where = field === "held_away_usd" ? "held away" : "with us";
  return `with at ${least ? "least" : "most"} ${money(v) ?? v} ${where}`;
}
