import { expect, test } from "vitest";
import { dropRow, patchRow, valuesIn } from "./cache";

const record = {
  household: { id: "h", tier: "A" },
  people: [{ membership: { id: "m" }, person: { id: "p", first_name: "Eleanor" } }],
  accounts: [{ id: "a", owners: [{ id: "o", share_pct: "50.00" }] }],
};

test("a row is found however deep it is, and the rest is not copied", () => {
  const next = patchRow(record, "o", { share_pct: "100.00" });
  expect(next.accounts[0]?.owners[0]?.share_pct).toBe("100.00");
  expect(next.people).toBe(record.people);
  expect(record.accounts[0]?.owners[0]?.share_pct).toBe("50.00");
});
test("an unknown id leaves the cache as it is", () => {
  expect(patchRow(record, "x", { tier: "B" })).toBe(record);
  expect(dropRow(record, "x")).toBe(record);
});
test("removing a membership takes the member out", () => {
  expect(dropRow(record, "m").people).toEqual([]);
});
test("removing a nested row leaves its parent", () => {
  expect(dropRow(record, "o").accounts[0]?.owners).toEqual([]);
});
test("nothing cached stays nothing", () => {
  expect(patchRow(undefined, "x", {})).toBeUndefined();
});

test("what the answers on screen say of a row is put together, the earlier one first", () => {
  const answers = [
    { household: { id: "h", name: "Hale", tier: "A" }, tasks: [{ id: "t", title: "Call" }] },
    { pages: [{ items: [{ id: "h", tier: "B", team_name: "Will" }] }] },
  ];
  expect(valuesIn(answers, "h")).toEqual({ id: "h", name: "Hale", tier: "A", team_name: "Will" });
  expect(valuesIn(answers, "t")).toEqual({ id: "t", title: "Call" });
  expect(valuesIn(answers, "x")).toEqual({});
});
