import { expect, test } from "vitest";
import type { Task } from "@/api/types";
import { whitfield } from "@/test/seed-family";
import { groupByDue } from "./due-groups";

const model = whitfield().tasks[0] as Task;
const task = (due_on: string | null, priority = 2): Task => ({
  ...model,
  id: `${due_on}${priority}`,
  due_on,
  priority,
});

test("tasks fall into groups by due date, the urgent first, empty groups left out", () => {
  const groups = groupByDue(
    [
      task(null),
      task("2026-12-20"),
      task("2026-11-22", 3),
      task("2026-11-22", 1),
      task("2026-11-01"),
      task("2026-11-29"),
    ],
    "2026-11-22",
  );
  expect(groups.map(([name]) => name)).toEqual(["Overdue", "Today", "This week", "Later", "No date"]);
  expect(groups[1]?.[1].map((t) => t.priority)).toEqual([1, 3]);
});
