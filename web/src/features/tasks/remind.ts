import type { Task } from "@/api/types";
import { momentOf } from "@/lib/dates";

const HOUR_MS = 3_600_000;

/**
 * Moments at which to be reminded, each once and none that has passed: near ones by the reader's own clock, and that of the task's own
 * day, which is the firm's.
 */
export function reminderChoices(
  task: Pick<Task, "due_on" | "due_time">,
  now: Date,
): [name: string, at: Date][] {
  const on = (days: number, hour: number) =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);
  const minute = new Date(now);
  minute.setSeconds(0, 0);
  const choices: [string, Date][] = [
    ["In an hour", new Date(minute.getTime() + HOUR_MS)],
    ["Today at 4 pm", on(0, 16)],
    ["Tomorrow at 9 am", on(1, 9)],
    ["Monday at 9 am", on((8 - now.getDay()) % 7 || 7, 9)],
  ];
  if (task.due_on)
    choices.push([
      task.due_time ? "When it is due" : "On its day at 9 am",
      momentOf(task.due_on, task.due_time ?? "09:00"),
    ]);
  const taken = new Set<number>();
  return choices.filter(([, at]) => {
    const fresh = at > now && !taken.has(at.getTime());
    taken.add(at.getTime());
    return fresh;
  });
}
