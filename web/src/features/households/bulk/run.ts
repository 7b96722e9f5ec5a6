/** A change of many households, in parts that each answer soon. All parts bear one request id: one undo takes all back. */
import { type BulkChange, type BulkLine, changeMany, undoRequest } from "@/api/queries/bulk";

const PART = 500;
/** The most households of one change, so that its undo is one as well. */
export const MOST_HOUSEHOLDS = 5_000;
/** More than this is confirmed by the number. */
export const CONFIRM_ABOVE = 25;
const MOST_LINES = 200;

export interface Outcome {
  changed: number;
  unchanged: number;
  lines: BulkLine[];
  requestId: string;
}

/** Runs the parts one after the other; `onProgress` hears how many households are behind it. */
export async function runMany(
  ids: readonly string[],
  change: BulkChange,
  { dryRun, onProgress }: { dryRun: boolean; onProgress?: (done: number) => void },
): Promise<Outcome> {
  const outcome: Outcome = { changed: 0, unchanged: 0, lines: [], requestId: crypto.randomUUID() };
  for (let from = 0; from < ids.length; from += PART) {
    const part = ids.slice(from, from + PART);
    try {
      const done = await changeMany(part, change, dryRun, outcome.requestId);
      outcome.changed += done.changed;
      outcome.unchanged += done.unchanged;
      outcome.lines = [...outcome.lines, ...done.lines].slice(0, MOST_LINES);
    } catch (error) {
      if (!dryRun && outcome.changed > 0) throw new HalfDone(outcome, error);
      throw error;
    }
    onProgress?.(from + part.length);
  }
  return outcome;
}

/** A later part was refused: what the earlier ones changed stands, and can be taken back. */
export class HalfDone extends Error {
  constructor(
    readonly outcome: Outcome,
    readonly reason: unknown,
  ) {
    super("half done");
  }
}

/** Takes a change back and says how much of it; what others changed since stays. */
export async function undoMany(requestId: string): Promise<string> {
  const { undone, kept } = await undoRequest(requestId);
  const again = kept.length === 1 ? "1 value" : `${kept.length} values`;
  return kept.length === 0 ? "Undone." : `Undone ${undone}; ${again} changed since stay as they are.`;
}
