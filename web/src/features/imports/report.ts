/** Picks out of an import's report what a reader wants to know: how much came in, and what did not and why. */
import type { ImportRun } from "@/api/types";

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
