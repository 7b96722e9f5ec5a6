/** The stand-in's lists of work that span households. */
import type { HouseholdRecord, LoopLine, TaskLine } from "@/api/types";

type Records = Iterable<HouseholdRecord>;
const LAST_DAY = "9999-12-31";

/** Live households only: what a removed one holds is out of every list. */
const live = (records: Records) => [...records].filter((r) => !r.household.deleted_at);

/** The open tasks, by due day. */
export function taskLines(records: Records): TaskLine[] {
  return live(records)
    .flatMap((r) => r.tasks.map((t) => ({ ...t, household_name: r.household.name })))
    .filter((t) => !t.done_at && !t.deleted_at)
    .sort((a, b) => (a.due_on ?? LAST_DAY).localeCompare(b.due_on ?? LAST_DAY));
}

/** The open and waiting loops, the oldest first; a loop without a day of opening comes last. */
export function loopLines(records: Records): LoopLine[] {
  return live(records)
    .flatMap((r) => r.open_loops.map((l) => ({ ...l, household_name: r.household.name })))
    .filter((l) => (l.status === "open" || l.status === "waiting") && !l.deleted_at)
    .sort((a, b) => (a.opened_on ?? LAST_DAY).localeCompare(b.opened_on ?? LAST_DAY));
}

/** One page of a list: the cursor is the id of the last row of the page before. */
export function pageOf<T extends { id: string }>(rows: T[], query: string) {
  const asked = new URLSearchParams(query);
  const start = rows.findIndex((row) => row.id === asked.get("cursor")) + 1;
  const items = rows.slice(start, start + Number(asked.get("limit") ?? 50));
  const more = start + items.length < rows.length;
  return { items, next_cursor: more ? (items.at(-1)?.id ?? null) : null };
}
