import type { Task, TaskCounts } from "@/api/types";
import { TASK_STATUSES } from "@/lib/words";
import { inDueOrder, isSnoozed } from "./due-groups";

/** A column: how far an open task has come, or that it is done. */
export type Column = Task["status"] | "done";
export const COLUMNS = [...TASK_STATUSES, ["done", "Done"]] as const satisfies (readonly [Column, string])[];
/** How many done tasks the board shows; the view of done ones has them all. */
export const LATELY = 10;

export const columnOf = (task: Task): Column => (task.done_at ? "done" : task.status);

/**
 * The tasks of each column: open ones by when they are due, without those put off; then what was done lately, the newest first.
 * A task that was ticked a moment ago may stand in both lists.
 */
export function columnsOf<T extends Task>(open: readonly T[], done: readonly T[]): Record<Column, T[]> {
  const columns: Record<Column, T[]> = { todo: [], doing: [], waiting: [], done: [] };
  for (const task of inDueOrder(open)) if (!isSnoozed(task)) columns[columnOf(task)].push(task);
  const ticked = new Set(columns.done.map((t) => t.id));
  const reopened = new Set(open.filter((t) => !t.done_at).map((t) => t.id));
  columns.done = [...columns.done, ...done.filter((t) => !ticked.has(t.id) && !reopened.has(t.id))]
    .sort((a, b) => (b.done_at ?? "").localeCompare(a.done_at ?? ""))
    .slice(0, LATELY);
  return columns;
}

/** What changes of a task that goes into another column. Out of the last one it is open again. */
export const fieldsOf = (task: Task, to: Column, now: string) => {
  if (to === "done") return { done_at: now };
  return task.done_at ? { status: to, done_at: null } : { status: to };
};

/** The column beside that of a task; the same one at either end. */
export function beside(task: Task, step: 1 | -1): Column {
  const at = COLUMNS.findIndex(([id]) => id === columnOf(task));
  return COLUMNS[Math.max(0, Math.min(COLUMNS.length - 1, at + step))]?.[0] ?? columnOf(task);
}

/** How many open tasks a column holds, where the server has counted them. */
export function countOf(column: Column, counts: TaskCounts | undefined) {
  if (!counts || column === "done") return undefined;
  if (column === "todo") return counts.open - counts.snoozed - counts.doing - counts.waiting;
  return counts[column];
}
