/** How a tree of conditions is looked at and changed, apart from reading it, which comes with every page. */
import { type Condition, type FilterNode, fits, isCondition } from "./tree";

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
