import { useEffect, useState } from "react";
import type { Task } from "@/api/types";

/** A ticked task stays where it was, struck through, for so long. The server keeps it in its lists for the same time. */
const LINGERS_MS = 5 * 60_000;

const leaves = (task: Task) =>
  task.done_at ? Date.parse(task.done_at) + LINGERS_MS : Number.POSITIVE_INFINITY;

/** What is open, and what was ticked less than five minutes ago. */
export const stillShown = <T extends Task>(tasks: readonly T[], now: number) =>
  tasks.filter((task) => leaves(task) > now);

/** In how many milliseconds the next ticked task leaves; null when none is waiting to. */
export function nextToLeave(tasks: readonly Task[], now: number) {
  const next = Math.min(...tasks.map(leaves).filter((at) => at > now));
  return Number.isFinite(next) ? next - now : null;
}

/** The tasks that are still to be seen; renders again when the next one leaves. */
export function useLingering<T extends Task>(tasks: readonly T[]): T[] {
  const [, tick] = useState(0);
  const now = Date.now();
  const wait = nextToLeave(tasks, now);
  useEffect(() => {
    if (wait === null) return;
    const timer = setTimeout(() => tick((n) => n + 1), wait + 50);
    return () => clearTimeout(timer);
  });
  return stillShown(tasks, now);
}
