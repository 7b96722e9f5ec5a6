import { expect, test } from "vitest";
import type { Task } from "@/api/types";
import { whitfield } from "@/test/seed-family";
import { groupByDue, groupByName, isSnoozed } from "./due-groups";
import { nextToLeave, stillShown } from "./linger";

const model = whitfield().tasks[0] as Task;
const task = (due_on: string | null, over: Partial<Task> = {}): Task => ({
  ...model,
  id: JSON.stringify([due_on, over]),
  done_at: null,
  due_on,
  ...over,
});
const NOW = "2026-11-22";

test("tasks fall into groups by due date, the timed and urgent first, empty groups left out", () => {
  const groups = groupByDue(
    [
      task(null),
      task("2026-12-20"),
      task("2026-11-22", { priority: 3 }),
      task("2026-11-22", { priority: 1 }),
      task("2026-11-22", { priority: 3, due_time: "09:00" }),
      task("2026-11-01"),
      task("2026-11-29"),
    ],
    NOW,
  );
  expect(groups.map(([name]) => name)).toEqual(["Overdue", "Today", "This week", "Later", "No date"]);
  expect(groups[1]?.[1].map((t) => t.priority)).toEqual([3, 1, 3]);
});

test("a snoozed task has its own group until its day, and comes back by itself", () => {
  const put = task("2026-11-01", { snoozed_until: "2026-11-23" });
  expect(groupByDue([put], NOW).map(([name]) => name)).toEqual(["Snoozed"]);
  expect(groupByDue([put], "2026-11-23").map(([name]) => name)).toEqual(["Overdue"]);
  expect(isSnoozed({ ...put, done_at: "2026-11-20T10:00:00Z" }, NOW)).toBe(false);
});

test("groups by name put the first one first", () => {
  const groups = groupByName(
    [task("2026-11-22"), task("2026-11-23", { title: "Zoe" }), task("2026-11-24", { title: "Anybody" })],
    (t) => t.title,
    "Anybody",
  );
  expect(groups.map(([name]) => name)[0]).toBe("Anybody");
});

test("a ticked task is shown for five minutes, and the clock says when the next one leaves", () => {
  const at = Date.parse("2026-11-22T10:00:00Z");
  const ticked = task("2026-11-22", { done_at: "2026-11-22T09:58:00Z" });
  expect(stillShown([ticked], at + 3 * 60_000 - 1)).toHaveLength(1);
  expect(stillShown([ticked], at + 3 * 60_000)).toHaveLength(0);
  expect(nextToLeave([ticked, task(null)], at)).toBe(3 * 60_000);
  expect(nextToLeave([task(null)], at)).toBe(null);
});
