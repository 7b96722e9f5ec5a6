import type { Task } from "@/api/types";
import { daysBetween, today } from "@/lib/dates";

const GROUPS = ["Overdue", "Today", "Tomorrow", "This week", "Later", "No date"] as const;

/** Tasks by when they are due, in that order; empty groups are left out. A week is the next seven days. */
export function groupByDue<T extends Task>(tasks: readonly T[], now = today()): [string, T[]][] {
  const groups = new Map<string, T[]>(GROUPS.map((g) => [g, []]));
  const inOrder = [...tasks].sort(
    (a, b) => (a.due_on ?? "9999").localeCompare(b.due_on ?? "9999") || a.priority - b.priority,
  );
  for (const task of inOrder) groups.get(groupOf(task, now))?.push(task);
  return [...groups].filter(([, list]) => list.length > 0);
}

function groupOf(task: Task, now: string): (typeof GROUPS)[number] {
  if (!task.due_on) return "No date";
  const days = daysBetween(now, task.due_on);
  if (days < 0) return "Overdue";
  if (days === 0) return "Today";
  if (days === 1) return "Tomorrow";
  return days <= 7 ? "This week" : "Later";
}
