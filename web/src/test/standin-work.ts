/** The stand-in's lists of work that span households. */
import type { HouseholdRecord, LoopLine, TaskCounts, TaskLine, Today } from "@/api/types";
import { daysBetween, today } from "@/lib/dates";

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

/** How many open tasks there are, by when they are due. */
export function taskCounts(tasks: TaskLine[]): TaskCounts {
  const within = (low: number, high: number) =>
    tasks.filter((t) => {
      const days = t.due_on === null ? Number.NaN : daysBetween(today(), t.due_on);
      return days >= low && days <= high;
    }).length;
  const never = Number.POSITIVE_INFINITY;
  return {
    my_day: within(-never, 0),
    open: tasks.length,
    overdue: within(-never, -1),
    today: within(0, 0),
    tomorrow: within(1, 1),
    week: within(2, 7),
    later: within(8, never),
    undated: tasks.filter((t) => t.due_on === null).length,
    snoozed: 0,
    doing: 0,
    waiting: 0,
    unassigned: tasks.filter((t) => t.assignee_id === null).length,
  };
}

const SHOWN = 8;
const SLIPPING_DAYS = 14;

/** What Today is answered with. */
export function todayOf(records: Records): Today {
  const all = live(records);
  const [tasks, loops, now] = [taskLines(all), loopLines(all), today()];
  const old = loops.filter((l) => l.opened_on !== null && daysBetween(l.opened_on, now) >= SLIPPING_DAYS);
  const reviews = all
    .flatMap(({ household: h }) =>
      h.next_review === null
        ? []
        : [{ household_id: h.id, household_name: h.name, next_review: h.next_review }],
    )
    .sort((a, b) => a.next_review.localeCompare(b.next_review));
  const late = reviews.filter((r) => r.next_review < now);
  const ahead = reviews.filter(
    (r) => r.next_review >= now && daysBetween(now, r.next_review) <= SLIPPING_DAYS,
  );
  return {
    today: now,
    tasks: taskCounts(tasks),
    due_today: tasks.filter((t) => t.due_on === now).slice(0, SHOWN),
    overdue: tasks.filter((t) => t.due_on !== null && t.due_on < now).slice(0, SHOWN),
    loops: old.slice(0, SHOWN),
    loops_count: old.length,
    reviews_late: late.slice(0, SHOWN),
    reviews_late_count: late.length,
    reviews_ahead: ahead.slice(0, SHOWN),
    reviews_ahead_count: ahead.length,
    has_households: all.length > 0,
  };
}

/** Quick add of the stand-in understands one phrase. */
export function quickAdded(body: Record<string, unknown>) {
  const text = String(body.text);
  const understood = {
    title: text.replace(/ tomorrow| @\w+/g, ""),
    due_on: text.includes("tomorrow") ? "2026-11-23" : null,
    due_time: null,
    priority: null,
    repeats: null,
    assignee: null,
    household: null,
    doubts: text.includes("@sam")
      ? [{ from: "@sam", message: "@sam may mean Sam A, Sam B: write more of the name", blocks: true }]
      : [],
  };
  return { understood, task: null };
}

/** One page of a list: the cursor is the id of the last row of the page before. */
export function pageOf<T extends { id: string }>(rows: T[], query: string) {
  const asked = new URLSearchParams(query);
  const start = rows.findIndex((row) => row.id === asked.get("cursor")) + 1;
  const items = rows.slice(start, start + Number(asked.get("limit") ?? 50));
  const more = start + items.length < rows.length;
  return { items, next_cursor: more ? (items.at(-1)?.id ?? null) : null };
}
