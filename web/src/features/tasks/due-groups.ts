import type { Task } from "@/api/types";
import { daysBetween, today } from "@/lib/dates";

const GROUPS = ["Overdue", "Today", "Tomorrow", "This week", "Later", "No date", "Snoozed"] as const;
export type DueGroup = (typeof GROUPS)[number];

/** Out of sight until a day that has not come. */
export const isSnoozed = (task: Task, now = today()) =>
  task.snoozed_until !== null && task.snoozed_until > now && task.done_at === null;

/** By day, then by time of day (no time comes last), then by urgency. */
export function inDueOrder<T extends Task>(tasks: readonly T[]): T[] {
  const key = (t: Task) => `${t.due_on ?? "9999-12-31"} ${t.due_time ?? "99"} ${t.priority}`;
  return [...tasks].sort((a, b) => key(a).localeCompare(key(b)));
}

/** Tasks by when they are due, in that order; empty groups are left out. A week is the next seven days. */
export function groupByDue<T extends Task>(tasks: readonly T[], now = today()): [DueGroup, T[]][] {
  const groups = new Map<DueGroup, T[]>(GROUPS.map((g) => [g, []]));
  for (const task of inDueOrder(tasks)) groups.get(groupOf(task, now))?.push(task);
  return [...groups].filter(([, list]) => list.length > 0);
}

function groupOf(task: Task, now: string): DueGroup {
  if (isSnoozed(task, now)) return "Snoozed";
  if (!task.due_on) return "No date";
  const days = daysBetween(now, task.due_on);
  if (days < 0) return "Overdue";
  if (days === 0) return "Today";
  if (days === 1) return "Tomorrow";
  return days <= 7 ? "This week" : "Later";
}

/** Groups by a name of the caller's; `first` is the name that comes before the others. */
export function groupByName<T extends Task>(
  tasks: readonly T[],
  nameOf: (task: T) => string,
  first: string,
): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const task of inDueOrder(tasks)) {
    const name = nameOf(task);
    groups.set(name, [...(groups.get(name) ?? []), task]);
  }
  const rank = (name: string) => (name === first ? 0 : 1);
  return [...groups].sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b));
}
