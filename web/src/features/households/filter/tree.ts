/**
 * A tree of conditions as the server reads it, and as it stands in an address. Read strictly: an address is typed by anybody,
 * and what a person types freely about a family (a name, who sent them) is no part of it.
 */
export interface Condition {
  field: string;
  op: string;
  value?: string | number;
}
export type FilterNode = { all: FilterNode[] } | { any: FilterNode[] } | { not: FilterNode } | Condition;

/** The server's bounds. */
export const DEEPEST = 5;
export const MOST_NODES = 50;
const LONGEST = 100;

/** What may be asked, and with which words. The names of families and where they came from are not among them. */
export const OPS: Record<string, readonly string[]> = {
  type: ["is"],
  tier: ["is", "empty"],
  team_id: ["is"],
  stage: ["is", "empty"],
  tag: ["is", "empty"],
  city: ["is"],
  state: ["is"],
  risk_profile: ["is", "empty"],
  aum_usd: ["at_least", "at_most"],
  held_away_usd: ["at_least", "at_most"],
  next_review: ["overdue", "within_days", "before", "after", "empty"],
  review_cadence_months: ["at_least", "at_most", "empty"],
  last_touch: ["older_than_days", "before", "after", "empty"],
  client_since: ["before", "after", "empty"],
  open_tasks: ["at_least", "at_most"],
  open_loops: ["at_least", "at_most"],
  missing_beneficiaries: ["at_least", "at_most"],
};
const VALUELESS = new Set(["empty", "overdue"]);
const DAYS = new Set(["within_days", "older_than_days"]);
const BOUNDS = new Set(["at_least", "at_most"]);

export const isCondition = (node: FilterNode): node is Condition => "field" in node;
export const needsValue = (op: string) => !VALUELESS.has(op);

/** Whether the value is one that the server takes. */
export function fits({ op, value }: Condition): boolean {
  if (VALUELESS.has(op)) return value === undefined;
  if (DAYS.has(op)) return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 3650;
  if (BOUNDS.has(op)) return /^\d{1,17}(\.\d{1,2})?$/.test(String(value));
  if (op === "before" || op === "after") return typeof value === "string" && isDay(value);
  return (
    typeof value === "string" &&
    value.trim() === value &&
    value.length >= 1 &&
    value.length <= LONGEST &&
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that they are not there is what is asked
    !/[\u0000-\u001f]/.test(value)
  );
}

function isDay(text: string) {
  const year = Number(text.slice(0, 4));
  return /^\d{4}-\d\d-\d\d$/.test(text) && year >= 1850 && year <= 2150 && !Number.isNaN(Date.parse(text));
}

/** The tree that `raw` describes; nothing when any part of it is not well-formed or it is too big. */
export function readTree(raw: unknown): FilterNode | undefined {
  const node = read(raw, 1, { left: MOST_NODES });
  return node && !isEmpty(node) ? node : undefined;
}

function read(raw: unknown, depth: number, nodes: { left: number }): FilterNode | undefined {
  nodes.left -= 1;
  if (depth > DEEPEST || nodes.left < 0 || typeof raw !== "object" || raw === null) return undefined;
  const keys = Object.keys(raw);
  const from = raw as Record<string, unknown>;
  for (const word of ["all", "any"] as const) {
    if (keys.length !== 1 || keys[0] !== word) continue;
    if (!Array.isArray(from[word])) return undefined;
    const children: FilterNode[] = [];
    for (const item of from[word] as unknown[]) {
      const child = read(item, depth + 1, nodes);
      if (!child) return undefined;
      children.push(child);
    }
    return word === "all" ? { all: children } : { any: children };
  }
  if (keys.length === 1 && keys[0] === "not") {
    const inner = read(from.not, depth + 1, nodes);
    return inner && { not: inner };
  }
  return readCondition(from);
}

function readCondition({ field, op, value, ...rest }: Record<string, unknown>): Condition | undefined {
  if (Object.keys(rest).length > 0 || typeof field !== "string" || typeof op !== "string") return undefined;
  if (!Object.hasOwn(OPS, field) || !OPS[field]?.includes(op)) return undefined;
  // The router reads a value that looks like a number as one.
  const plain = DAYS.has(op) ? Number(value) : typeof value === "number" ? String(value) : value;
  const condition = needsValue(op) ? { field, op, value: plain as string | number } : { field, op };
  return fits(condition) ? condition : undefined;
}

function isEmpty(node: FilterNode): boolean {
  if ("all" in node) return node.all.every(isEmpty);
  if ("any" in node) return node.any.every(isEmpty);
  if ("not" in node) return isEmpty(node.not);
  return false;
}
