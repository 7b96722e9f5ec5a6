/** Picks out of an import's report what a reader wants to know: how much came in, and what did not and why. */
import type { ImportRun } from "@/api/types";
import { moment } from "@/lib/dates";
import { sentence } from "@/lib/words";

export interface Refused {
  section: string;
  id: string;
  reason: string;
}
export interface Kept {
  entity: string;
  entity_id: string;
  field: string | null;
  user_name: string;
  at: string;
  /** Why it was kept, unless somebody changed it since. */
  reason?: string | null;
}
const isObject = (v: unknown): v is Record<string, unknown> =>
  typeof v === "object" && v !== null && !Array.isArray(v);

/** Rows that came in, by kind. */
export function counts(run: ImportRun): [section: string, imported: number][] {
  return Object.entries(run.report).flatMap(([section, v]) =>
    isObject(v) && typeof v.imported === "number" ? [[section, v.imported] as [string, number]] : [],
  );
}

/** Rows that did not, with the reason the import gave. */
export function refused(run: ImportRun): Refused[] {
  return Object.entries(run.report).flatMap(([section, v]) => {
    if (!isObject(v) || !Array.isArray(v.refused)) return [];
    return v.refused
      .filter(isObject)
      .map((r) => ({ section, id: String(r.id ?? ""), reason: String(r.reason ?? "not said") }));
  });
}

/** Later edits that a revert left in place, where the report of the run names them. */
export function kept(run: ImportRun): Kept[] {
  const reverted = run.report.reverted;
  return isObject(reverted) && Array.isArray(reverted.kept) ? (reverted.kept as Kept[]) : [];
}

/** What was kept, and why, in words. */
export function keptWords({ entity, field, user_name, at, reason }: Kept): { what: string; why: string } {
  const what = [sentence(entity), ...(field ? [sentence(field).toLowerCase()] : [])].join(", ");
  const who = [user_name, moment(at)].filter(Boolean).join(", ");
  if (reason === "held") return { what, why: `under a legal hold, ${who}` };
  if (reason === "private") return { what, why: "somebody has a private note in it" };
  if (reason === "named") return { what, why: `names what was imported, ${who}` };
  if (reason === "damaged") return { what, why: "what it was before cannot be read" };
  return { what, why: `changed since, ${who}` };
}

/** Whether a run can be taken back. That of a brain can half way too: what was written until then has its earlier versions. */
export const canTakeBack = (run: ImportRun) =>
  !run.reverted_at && (Boolean(run.finished_at) || run.kind === "brain");

/** What taking a run back does, in words. */
export const revertWords = (run: ImportRun) =>
  run.kind === "brain"
    ? "Files that began with this import are removed, the others have their earlier text again. Every version stays in their history. Files that somebody has changed since are kept as they are."
    : "What this import brought is hidden again. Records that somebody has changed since are kept, with what holds them.";

/** A revert that was asked for on this page. */
export interface Begun {
  at: number;
  /** What the report said of an earlier one. */
  before: string | undefined;
}
export const begun = (run: ImportRun, at: number): Begun => ({
  at,
  before: JSON.stringify(run.report.reverted),
});

/** A second revert may come to the same as the first: after this long it counts as done. */
const AGAIN_MS = 60_000;

/** Whether it still runs. Where a legal hold kept something the run is not reverted, but its report says how it went. */
export function isReverting(run: ImportRun, it: Begun | undefined, now: number) {
  if (!it || run.reverted_at || JSON.stringify(run.report.reverted) !== it.before) return false;
  return it.before === undefined || now - it.at < AGAIN_MS;
}
