import { expect, test } from "vitest";
import { makeEdit } from "@/test/seed";
import { groupBursts, kindOf } from "./bursts";

const at = (minute: number, second = 0) => new Date(Date.UTC(2026, 10, 21, 14, minute, second)).toISOString();

test("edits of one person within two minutes are one line", () => {
  const bursts = groupBursts([
    makeEdit({ at: at(31), field: "tier" }),
    makeEdit({ at: at(30), field: "stage" }),
    makeEdit({ at: at(29), field: "source" }),
  ]);
  expect(bursts.map((b) => b.edits.length)).toEqual([3]);
  expect(bursts[0]?.at).toBe(at(31));
});
test("the two minutes are counted from one edit to the next, and no further", () => {
  const edits = [makeEdit({ at: at(10) }), makeEdit({ at: at(8) }), makeEdit({ at: at(5, 59) })];
  expect(groupBursts(edits).map((b) => b.edits.length)).toEqual([2, 1]);
});
test("another person, or another way of editing, starts a new line", () => {
  const edits = [
    makeEdit({ at: at(3), user_id: "u-matt" }),
    makeEdit({ at: at(3) }),
    makeEdit({ at: at(3), source: "undo" }),
    makeEdit({ at: at(3), source: "import", import_id: "i1" }),
    makeEdit({ at: at(3), source: "import", import_id: "i2" }),
  ];
  expect(groupBursts(edits)).toHaveLength(5);
});
test("a note stands alone, unless an import brought it", () => {
  const note = (over = {}) =>
    makeEdit({ at: at(1), op: "create", entity: "notes", new: { body: "x" }, ...over });
  expect(groupBursts([makeEdit({ at: at(1) }), note(), makeEdit({ at: at(1) })])).toHaveLength(3);
  expect(groupBursts([note({ source: "import" }), note({ source: "import" })])).toHaveLength(1);
});
test("every edit keeps its place in the order", () => {
  const edits = [makeEdit({ at: at(9) }), makeEdit({ at: at(8) }), makeEdit({ at: at(1) })];
  expect(groupBursts(edits).flatMap((b) => b.edits)).toEqual(edits);
  expect(groupBursts([])).toEqual([]);
});
test("an edit is of the kind of its row", () => {
  expect(kindOf(makeEdit({ entity: "contact_points" }))).toBe("person");
  expect(kindOf(makeEdit({ entity: "households" }))).toBe("change");
});
