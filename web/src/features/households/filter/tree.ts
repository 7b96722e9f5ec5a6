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

/** The tree without what is not filled in yet; nothing when that leaves nothing. */
export function complete(node: FilterNode): FilterNode | undefined {
  if (isCondition(node)) return fits(node) ? node : undefined;
  if ("not" in node) {
    const inner = complete(node.not);
    return inner && { not: inner };
  }
  const kept = childrenOf(node)
    .map(complete)
    .filter((child): child is FilterNode => child !== undefined);
  if (kept.length === 0) return undefined;
  return "all" in node ? { all: kept } : { any: kept };
}

export const childrenOf = (node: { all: FilterNode[] } | { any: FilterNode[] }) =>
  "all" in node ? node.all : node.any;

/** How deep the tree is and how many nodes it has. */
export function sizeOf(node: FilterNode): { depth: number; nodes: number } {
  if (isCondition(node)) return { depth: 1, nodes: 1 };
  const children = "not" in node ? [node.not] : childrenOf(node);
  const sizes = children.map(sizeOf);
  return {
    depth: 1 + Math.max(0, ...sizes.map((s) => s.depth)),
    nodes: 1 + sizes.reduce((sum, s) => sum + s.nodes, 0),
  };
}

/** The same text for the same tree, whatever the order of its keys. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, v]) => v !== undefined && v !== "");
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`)
    .join()}}`;
}

/** The conditions of the outermost "all", as a list; any other tree is the one item of it. */
export function topLevel(tree: FilterNode | undefined): FilterNode[] {
  if (!tree) return [];
  return "all" in tree ? tree.all : [tree];
}

/** The condition of the outermost "all" that asks `op` of `field`. */
export const topCondition = (tree: FilterNode | undefined, field: string, op: string) =>
  topLevel(tree).find(
    (node): node is Condition => isCondition(node) && node.field === field && node.op === op,
  );

/** The tree with this condition at its top, or without it when it is there. */
export function toggled(tree: FilterNode | undefined, condition: Condition): FilterNode | undefined {
  const there = topCondition(tree, condition.field, condition.op);
  const kept = topLevel(tree).filter((node) => node !== there);
  return complete({ all: there ? kept : [...kept, condition] });
}
