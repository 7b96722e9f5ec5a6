/** What to send after a 409. Pure, so the rules can be tested without a screen. */
import type { FieldConflict } from "@/api/types";

type Fields = Record<string, unknown>;
export interface Resend {
  version: number;
  fields: Fields;
}
interface Conflicted {
  conflicts: FieldConflict[];
  currentVersion: number | undefined;
}

/** Mine wins: the same fields again, on top of what the other person saved. */
export function keepMine(fields: Fields, problem: Conflicted): Resend | null {
  if (problem.currentVersion === undefined) return null;
  return { version: problem.currentVersion, fields };
}

/** Theirs wins: only my other fields are sent; null where none are left, so nothing is sent at all. */
export function takeTheirs(fields: Fields, problem: Conflicted): Resend | null {
  if (problem.currentVersion === undefined) return null;
  const theirs = new Set(problem.conflicts.map((c) => c.field));
  const mine = Object.fromEntries(Object.entries(fields).filter(([name]) => !theirs.has(name)));
  return Object.keys(mine).length > 0 ? { version: problem.currentVersion, fields: mine } : null;
}
