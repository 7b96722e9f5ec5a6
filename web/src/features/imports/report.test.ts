import { expect, test } from "vitest";
import type { ImportRun } from "@/api/types";
import {
  begun,
  canTakeBack,
  counts,
  isReverting,
  type Kept,
  kept,
  keptWords,
  refused,
  revertWords,
} from "./report";

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

test.each([
  [undefined, /^changed since, Matt Ferro, 22 Nov 2026/],
  [null, /^changed since, Matt Ferro, 22 Nov 2026/],
  ["held", /^under a legal hold, Matt Ferro, 22 Nov 2026/],
  ["named", /^names what was imported, Matt Ferro, 22 Nov 2026/],
  ["damaged", /^what it was before cannot be read$/],
])("BR-8 what was kept for the reason %s says why", (reason, why) => {
  const row: Kept = {
    entity: "brain_files",
    entity_id: "f",
    field: "text",
    user_name: "Matt Ferro",
    at: "2026-11-22T10:00:00Z",
  };
  expect(keptWords({ ...row, ...(reason === undefined ? {} : { reason }) })).toEqual({
    what: "Brain files, text",
    why: expect.stringMatching(why),
  });
  expect(keptWords({ ...row, field: null }).what).toBe("Brain files");
});

test("BR-8 the import of a brain is taken back half way too, and says what becomes of its files", () => {
  const it = (kind: string, finished: boolean, reverted = false) =>
    ({
      kind,
      finished_at: finished ? "2026-11-22T10:00:00Z" : null,
      reverted_at: reverted ? "2026-11-22T11:00:00Z" : null,
    }) as ImportRun;
  expect([it("brain", false), it("brain", true), it("legacy", true)].map(canTakeBack)).toEqual([
    true,
    true,
    true,
  ]);
  expect([it("legacy", false), it("brain", true, true)].map(canTakeBack)).toEqual([false, false]);
  expect(revertWords(it("brain", true))).toMatch(/earlier text again/);
  expect(revertWords(it("legacy", true))).toMatch(/hidden again/);
});

test("BR-8 a revert that a legal hold kept from ending is over when the report tells of it", () => {
  const first = run({});
  const once = run({ reverted: { hidden: {}, kept: ["one"] } });
  expect(isReverting(first, undefined, 0)).toBe(false);
  expect(isReverting(first, begun(first, 0), 600_000)).toBe(true);
  expect(isReverting(once, begun(first, 0), 1_000)).toBe(false);
  // Asked for again, it may come to the same.
  expect([59_000, 61_000].map((now) => isReverting(once, begun(once, 0), now))).toEqual([true, false]);
});
