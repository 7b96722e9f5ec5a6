/**
 * Where the nodes of a graph stand: in rows by what they are, each near those it is linked to, and by which lanes links pass the rows
 * between. The same graph always stands the same.
 */
import type { Graph, MapNode, NodeKind } from "./graph";

export const NODE = { height: 48, gapX: 18, gapY: 58 } as const;
/** As wide as a name needs; on a phone two stand side by side. */
const WIDE = { from: 560, node: 180, most: 220, narrow: 148 } as const;
/** What a link takes where it passes between nodes. */
const LANE = 14;

type Point = [x: number, y: number];
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
  /** Where the link of two nodes goes, from middle to middle, through the middle of each row that it passes. */
  route: (from: string, to: string) => Point[];
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
/** How often the rows are put in order anew, by where their neighbours stand by then. */
const SWEEPS = 3;

/** Places the graph in a width of so many pixels. */
export function layout(graph: Graph, width: number): Drawing {
  const least = width >= WIDE.from ? WIDE.node : WIDE.narrow;
  const columns = Math.max(2, Math.floor((width + NODE.gapX) / (least + NODE.gapX)));
  const rows = ROWS.flatMap((kinds) =>
    wrapped(splitByAge(graph.nodes.filter((n) => kinds.includes(n.kind))), columns),
  ).map((row) => row.map((n) => n.id));
  const chains = lanes(graph, rows);
  const most = Math.max(1, ...rows.map((row) => row.length));
  const roomy = Math.floor(width / most) - NODE.gapX - 2 * LANE;
  const node = Math.max(least, Math.min(WIDE.most, roomy));
  const at = places(rows, chains, { width, node });
  const height = rows.length * (NODE.height + NODE.gapY) - (rows.length > 0 ? NODE.gapY : 0);
  const nodes = graph.nodes.flatMap((n) => {
    const place = at.get(n.id);
    return place ? [{ ...n, x: place[0], y: place[1] }] : [];
  });
  const route = (from: string, to: string) =>
    (chains.get(pair(from, to)) ?? [from, to]).flatMap((id) => {
      const place = at.get(id);
      return place ? [place] : [];
    });
  return { nodes, width, height, node, route };
}

const pair = (a: string, b: string) => (a < b ? `${a} ${b}` : `${b} ${a}`);
const isLane = (id: string) => id.includes("@");

/** What a link of two nodes goes through, top to bottom: the nodes, and a lane in each row between, which is put into the row. */
function lanes(graph: Graph, rows: string[][]) {
  const chains = new Map<string, string[]>();
  const rowOf = new Map(rows.flatMap((row, i) => row.map((id) => [id, i] as const)));
  for (const { from, to } of graph.links) {
    const [a, b] = [rowOf.get(from), rowOf.get(to)];
    const key = pair(from, to);
    if (a === undefined || b === undefined || chains.has(key)) continue;
    const [up, down] = a <= b ? [from, to] : [to, from];
    const between = rows.slice(Math.min(a, b) + 1, Math.max(a, b)).map((row, i) => {
      const lane = `${key}@${i}`;
      row.push(lane);
      return lane;
    });
    chains.set(key, [up, ...between, down]);
  }
  return chains;
}

/** The middle of everything. Where a row has no room for its lanes they have none, and their links go straight on. */
function places(
  rows: string[][],
  chains: Map<string, string[]>,
  size: { width: number; node: number },
): Map<string, Point> {
  const beside = new Map<string, string[]>();
  for (const chain of chains.values())
    chain.forEach((id, i) => {
      const next = [chain[i - 1], chain[i + 1]].filter((n) => n !== undefined);
      beside.set(id, [...(beside.get(id) ?? []), ...next]);
    });
  const at = new Map<string, Point>();
  const wide = (id: string) => (isLane(id) ? LANE : size.node) + NODE.gapX;
  const span = (row: string[]) => row.reduce((sum, id) => sum + wide(id), -NODE.gapX);
  // Rows are ordered from the fullest outward, because everything hangs on it.
  const middle = rows.reduce((best, row, i) => (row.length > (rows[best]?.length ?? 0) ? i : best), 0);
  const order = rows.map((_, i) => i).sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
  for (let sweep = 0; sweep < SWEEPS; sweep++)
    for (const i of order) {
      const all = rows[i] ?? [];
      const row = span(all) > size.width ? all.filter((id) => !isLane(id)) : all;
      const pull = (id: string) => {
        const xs = (beside.get(id) ?? []).flatMap((n) => at.get(n)?.[0] ?? []);
        return xs.length > 0 ? xs.reduce((sum, x) => sum + x, 0) / xs.length : size.width / 2;
      };
      let left = Math.max(0, (size.width - span(row)) / 2);
      for (const [id] of row.map((id) => [id, pull(id)] as const).sort((a, b) => a[1] - b[1])) {
        at.set(id, [left + (wide(id) - NODE.gapX) / 2, i * (NODE.height + NODE.gapY) + NODE.height / 2]);
        left += wide(id);
      }
    }
  return at;
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
