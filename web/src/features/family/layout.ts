/** Where the nodes of a graph stand: in rows by what they are, each near those it is linked to. The same graph always stands the same. */
import type { Graph, MapNode, NodeKind } from "./graph";

export const NODE = { height: 48, gapX: 18, gapY: 58 } as const;
/** As wide as a name needs; on a phone two stand side by side. */
const WIDE = { from: 560, node: 180, narrow: 148 } as const;

export interface Placed extends MapNode {
  /** The middle of the node. */
  x: number;
  y: number;
}
export interface Drawing {
  nodes: Placed[];
  width: number;
  height: number;
  /** The width of one node. */
  node: number;
}

/** Top to bottom. */
const ROWS: readonly (readonly NodeKind[])[] = [
  ["household"],
  ["entity"],
  ["person"],
  ["account"],
  ["outsider", "professional"],
];
const CHILD = /^Child/;

/** Places the graph in a width of so many pixels. */
export function layout(graph: Graph, width: number): Drawing {
  const node = width >= WIDE.from ? WIDE.node : WIDE.narrow;
  const columns = Math.max(2, Math.floor((width + NODE.gapX) / (node + NODE.gapX)));
  const rows = ROWS.flatMap((kinds) =>
    wrapped(splitByAge(graph.nodes.filter((n) => kinds.includes(n.kind))), columns),
  );
  const placed = new Map<string, Placed>();
  // Rows are ordered from the people outward, because everything hangs on them.
  const middle = rows.findIndex((row) => row.some((n) => n.kind === "person"));
  const order = rows.map((_, i) => i).sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
  for (const at of order) place(rows[at] ?? [], at, { width, node }, graph, placed);
  const height = rows.length * (NODE.height + NODE.gapY) - (rows.length > 0 ? NODE.gapY : 0);
  return { nodes: graph.nodes.flatMap((n) => placed.get(n.id) ?? []), width, height, node };
}

/** Children stand below the grown-ups. */
function splitByAge(nodes: MapNode[]): MapNode[][] {
  const child = (n: MapNode) => n.kind === "person" && CHILD.test(n.note);
  return [nodes.filter((n) => !child(n)), nodes.filter(child)].filter((row) => row.length > 0);
}

function wrapped(rows: MapNode[][], columns: number): MapNode[][] {
  return rows.flatMap((row) => {
    const parts = Math.ceil(row.length / columns);
    const size = Math.ceil(row.length / parts);
    return Array.from({ length: parts }, (_, i) => row.slice(i * size, (i + 1) * size));
  });
}

function place(
  row: MapNode[],
  at: number,
  size: { width: number; node: number },
  graph: Graph,
  placed: Map<string, Placed>,
) {
  const pull = new Map(row.map((node, i) => [node.id, pulled(node, graph, placed) ?? size.width / 2 + i]));
  const sorted = [...row].sort((a, b) => (pull.get(a.id) ?? 0) - (pull.get(b.id) ?? 0));
  const span = row.length * size.node + (row.length - 1) * NODE.gapX;
  const left = Math.max(0, (size.width - span) / 2);
  sorted.forEach((node, i) => {
    const x = left + i * (size.node + NODE.gapX) + size.node / 2;
    placed.set(node.id, { ...node, x, y: at * (NODE.height + NODE.gapY) + NODE.height / 2 });
  });
}

/** The middle of the neighbours that stand already. */
function pulled(node: MapNode, graph: Graph, placed: Map<string, Placed>): number | null {
  const xs = graph.links.flatMap((l) => {
    const other = l.from === node.id ? l.to : l.to === node.id ? l.from : null;
    const at = other ? placed.get(other) : undefined;
    return at ? [at.x] : [];
  });
  return xs.length > 0 ? xs.reduce((sum, x) => sum + x, 0) / xs.length : null;
}

type Direction = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight";
export const isDirection = (key: string): key is Direction => /^Arrow(Up|Down|Left|Right)$/.test(key);

/** The nearest node in that direction, or none. */
export function nearest(nodes: readonly Placed[], from: Placed, direction: Direction): Placed | undefined {
  const across = direction === "ArrowLeft" || direction === "ArrowRight";
  const sign = direction === "ArrowRight" || direction === "ArrowDown" ? 1 : -1;
  let best: Placed | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const node of nodes) {
    const ahead = sign * (across ? node.x - from.x : node.y - from.y);
    const aside = Math.abs(across ? node.y - from.y : node.x - from.x);
    if (ahead <= 0 || (across && aside > NODE.height)) continue;
    const cost = ahead + aside * 0.5;
    if (cost < bestCost) [best, bestCost] = [node, cost];
  }
  return best;
}
