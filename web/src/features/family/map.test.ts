import { expect, test } from "vitest";
import { whitfield } from "@/test/seed-family";
import { graphOf } from "./graph";
import { layout, NODE, nearest } from "./layout";
import { extent, livesOf } from "./spans";

const record = whitfield();
const TODAY = "2026-11-20";

test("HH-4 the map holds everybody once, and every link joins two of them", () => {
  const { nodes, links } = graphOf(record, TODAY, true);
  const ids = new Set(nodes.map((n) => n.id));
  expect(ids.size).toBe(nodes.length);
  for (const link of links) expect([ids.has(link.from), ids.has(link.to)]).toEqual([true, true]);
  expect(nodes.filter((n) => n.kind === "person")).toHaveLength(record.people.length);
  expect(nodes.filter((n) => n.kind === "account")).toHaveLength(record.accounts.length);
  expect(graphOf(record, TODAY, false).nodes.some((n) => n.kind === "account")).toBe(false);
  expect(links.find((l) => l.label === "Spouse")).toBeDefined();
});

test.each([318, 640, 1200])("HH-4 at %i pixels no two nodes overlap and none stands outside", (width) => {
  const { nodes, node } = layout(graphOf(record, TODAY, true), width);
  for (const a of nodes) {
    expect(a.x - node / 2).toBeGreaterThanOrEqual(0);
    expect(a.x + node / 2).toBeLessThanOrEqual(width);
    for (const b of nodes)
      if (a !== b) expect(Math.abs(a.x - b.x) >= node || Math.abs(a.y - b.y) >= NODE.height).toBe(true);
  }
});

test.each([640, 1200])("HH-4 at %i pixels a link passes no node that it does not belong to", (width) => {
  const graph = graphOf(record, TODAY, true);
  const { nodes, node, route } = layout(graph, width);
  const passed = graph.links.flatMap((link) => route(link.from, link.to).slice(1, -1));
  expect(passed.length).toBeGreaterThan(3);
  for (const [x, y] of passed)
    for (const n of nodes) if (n.y === y) expect(Math.abs(n.x - x)).toBeGreaterThan(node / 2);
});

test("FE-5 arrow keys reach every node from the first", () => {
  const { nodes } = layout(graphOf(record, TODAY, true), 640);
  const reached = new Set([nodes[0]]);
  for (const node of reached)
    for (const key of ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"] as const) {
      const next = node && nearest(nodes, node, key);
      if (next) reached.add(next);
    }
  expect(reached.size).toBe(nodes.length);
});

test("HH-3 who came back stands on one line with both stays, in the order of time", () => {
  const [first] = record.people;
  if (!first) throw new Error("the family is empty");
  const stay = (id: string, joined_on: string | null, left_on: string | null) => ({
    ...first,
    membership: { ...first.membership, id, joined_on, left_on },
  });
  const lives = livesOf([stay("b", "2026-01-01", null), stay("a", "2010-02-29", "2020-01-01")]);
  expect(lives.map((l) => l.spans.map((s) => s.id))).toEqual([["a", "b"]]);
  expect(extent(lives, null, TODAY)).toEqual(["2009-02-28", TODAY]);
});
