import type { OpenLoop } from "@/api/types";
import { daysBetween, today } from "@/lib/dates";
import type { Tone } from "@/ui/card";

/** How long a loop has been open, in days. */
export const ageOf = (loop: OpenLoop, now = today()) =>
  loop.opened_on ? Math.max(0, daysBetween(loop.opened_on, now)) : 0;

/** Loops turn at 7, 14 and 30 days. */
export function ageTone(days: number): Tone {
  if (days >= 30) return "neg";
  if (days >= 14) return "warn";
  return days >= 7 ? "brass" : "neutral";
}

/** Open before waiting before closed; the oldest first. */
export function inAgeOrder<T extends OpenLoop>(loops: readonly T[]): T[] {
  const rank = { open: 0, waiting: 1, done: 2, dropped: 3 };
  return [...loops].sort(
    (a, b) => rank[a.status] - rank[b.status] || (a.opened_on ?? "").localeCompare(b.opened_on ?? ""),
  );
}
export const isClosed = (loop: OpenLoop) => loop.status === "done" || loop.status === "dropped";
