import { expect, test } from "vitest";
import type { ImportRun } from "@/api/types";
import { counts, kept, refused } from "./report";

const run = (report: Record<string, unknown>) => ({ report }) as ImportRun;

test("a report's sections become counts, its refusals a list", () => {
  const it = run({
    households: { imported: 60, rows: 60, refused: [] },
    accounts: { imported: 100, rows: 101, refused: [{ id: "ac_orphan1", reason: "household_unknown" }] },
    documents: { status: "not yet imported" },
    final_state: [{ household: "x" }],
  });
  expect(counts(it)).toEqual([
    ["households", 60],
    ["accounts", 100],
  ]);
  expect(refused(it)).toEqual([{ section: "accounts", id: "ac_orphan1", reason: "household_unknown" }]);
  expect(kept(it)).toEqual([]);
});
test("an empty or odd report shows nothing", () => {
  expect(counts(run({ households: null, people: 3, files: { imported: "many" } }))).toEqual([]);
  expect(refused(run({ accounts: { refused: "none" } }))).toEqual([]);
});
test("what a revert kept is named", () => {
  const edit = {
    entity: "households",
    entity_id: "h",
    field: "tier",
    user_name: "Matt Ferro",
    at: "2026-11-22T10:00:00Z",
  };
  expect(kept(run({ reverted: { hidden: {}, kept: [edit] } }))).toEqual([edit]);
});
