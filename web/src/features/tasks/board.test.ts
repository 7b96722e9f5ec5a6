import { expect, test } from "vitest";
import type { Task, TaskCounts } from "@/api/types";
import { whitfield } from "@/test/seed-family";
import { beside, columnsOf, countOf, fieldsOf, LATELY } from "./board";

const model = whitfield().tasks[0] as Task;
const task = (title: string, over: Partial<Task> = {}): Task => ({
  ...model,
  id: title,
  title,
  status: "todo",
  done_at: null,
  snoozed_until: null,
  due_on: null,
  ...over,
});
const NOW = "2026-11-22T10:00:00Z";

test("ST-1 a card stands in the column of its status by when it is due, and in the last one once it is done", () => {
  const ticked = task("ticked", { status: "doing", done_at: "2026-11-22T09:59:00Z" });
  const open = [
    task("late", { status: "waiting", due_on: "2026-11-30" }),
    task("soon", { status: "waiting", due_on: "2026-11-23" }),
    task("asleep", { snoozed_until: "9999-01-01" }),
    task("reopened"),
    ticked,
  ];
  const done = [
    ticked,
    task("before", { done_at: "2026-11-20T09:00:00Z" }),
    task("reopened", { done_at: NOW }),
  ];
  const columns = columnsOf(open, done);
  const titles = Object.entries(columns).map(([column, tasks]) => [column, tasks.map((t) => t.title)]);
  expect(Object.fromEntries(titles)).toEqual({
    todo: ["reopened"],
    doing: [],
    waiting: ["soon", "late"],
    done: ["ticked", "before"],
  });
  const many = Array.from({ length: 30 }, (_, n) => task(String(n), { done_at: NOW }));
  expect(columnsOf([], many).done).toHaveLength(LATELY);
});

test("ST-1 a card that is moved changes its status, out of the last column also that it is done", () => {
  const done = task("a", { status: "waiting", done_at: NOW });
  expect(fieldsOf(task("a"), "doing", NOW)).toEqual({ status: "doing" });
  expect(fieldsOf(task("a"), "done", NOW)).toEqual({ done_at: NOW });
  expect(fieldsOf(done, "todo", NOW)).toEqual({ status: "todo", done_at: null });
  expect([beside(done, 1), beside(done, -1), beside(task("a"), -1)]).toEqual(["done", "waiting", "todo"]);
});

test("a column is counted by the server, without what is put off", () => {
  const counts = { open: 20, snoozed: 3, doing: 4, waiting: 5 } as TaskCounts;
  expect(["todo", "doing", "waiting", "done"].map((c) => countOf(c as "todo", counts))).toEqual([
    8,
    4,
    5,
    undefined,
  ]);
  expect(countOf("todo", undefined)).toBeUndefined();
});
