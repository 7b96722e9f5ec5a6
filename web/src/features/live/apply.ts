/**
 * Which answers on screen a change makes old, and when they are asked for again. Fields being edited are safe: an editor keeps the
 * version it began with.
 */
import type { Query, QueryClient, QueryKey } from "@tanstack/react-query";
import { isChanging, isOwn } from "@/api/own";
import { asProblem } from "@/api/problem";
import type { Change } from "@/api/types";

const PEOPLE = new Set(["people", "contact_points", "memberships"]);
const ON_TODAY = new Set(["households", "tasks", "open_loops"]);
/** Answers that name their household, or are found by its name. */
const NAMED = ["tasks", "open-loops", "notes", "search"];
/** Whatever the stream tells of. */
const TOLD = new Set<unknown>(
  "households household today tasks open-loops notes edits totals why notifications search".split(" "),
);

/** The keys of the queries that hold what changed. */
export function staleKeys(changes: readonly Change[]): QueryKey[] {
  const keys = new Map<string, QueryKey>();
  const add = (...key: unknown[]) => keys.set(JSON.stringify(key), key);
  for (const change of changes) {
    add("households");
    if (ON_TODAY.has(change.entity)) add("today");
    if (change.entity === "households") for (const kind of NAMED) add(kind);
    if (change.entity === "tasks") add("tasks");
    if (change.entity === "open_loops") add("open-loops");
    // A person is shown in every household they belong to, and the change names one.
    if (PEOPLE.has(change.entity)) add("household");
    if (change.household_id)
      for (const kind of ["household", "edits", "totals"]) add(kind, change.household_id);
    if (change.entity === "notes" && change.household_id) {
      add("notes", change.household_id);
      // One that became private is told as well, and its words stand there too.
      add("notifications");
      add("search");
    }
  }
  if (changes.length > 0) add("why");
  return [...keys.values()];
}

/** The first is asked for at once; while more keeps coming, less and less often, so that it never comes to the rate limit. */
const FIRST_PAUSE_MS = 600;
const LONGEST_PAUSE_MS = 4_000;

/** What could not be had stays as it is said: asked again at every change, it would come and go under its reader. */
const isAnswered = ({ state }: Query) => state.status !== "error" || state.data !== undefined;

/** Gathers what changes and renews what is on screen, while somebody sees it. */
export class Renewal {
  private readonly keys = new Map<string, QueryKey>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pause = FIRST_PAUSE_MS;

  constructor(private readonly client: QueryClient) {}

  readonly changed = (changes: readonly Change[]) => {
    // What this page did itself it has asked for itself; another page that is opened later asks then.
    const own = changes.filter((change) => isOwn(change.request_id));
    for (const queryKey of staleKeys(own))
      void this.client.invalidateQueries({ queryKey, refetchType: "none" });
    const others = changes.filter((change) => !own.includes(change));
    for (const key of staleKeys(others)) this.keys.set(JSON.stringify(key), key);
    this.look();
  };

  /** Also when the page is seen again. */
  readonly look = () => {
    if (this.timer || this.keys.size === 0 || document.visibilityState === "hidden") return;
    // What is asked for now may be answered as it was before this page's own change, which is on screen already.
    if (isChanging()) return this.later(FIRST_PAUSE_MS);
    const keys = [...this.keys.values()];
    this.keys.clear();
    for (const queryKey of keys) void this.client.invalidateQueries({ queryKey, predicate: isAnswered });
    this.later(this.pause, () => {
      this.pause = this.keys.size > 0 ? Math.min(this.pause * 2, LONGEST_PAUSE_MS) : FIRST_PAUSE_MS;
    });
  };

  private later(ms: number, first?: () => void) {
    this.timer = setTimeout(() => {
      this.timer = undefined;
      first?.();
      this.look();
    }, ms);
  }

  readonly stop = () => clearTimeout(this.timer);
}

/**
 * The stream tells what comes after its beginning: what was asked before it, is asked again, once it is answered. So is what could not
 * be had while there was no server; what its reader may not see is not.
 */
export function applyBeginning(client: QueryClient) {
  for (const { queryKey, state } of client.getQueryCache().getAll()) {
    const hidden = state.status === "error" && [403, 404].includes(asProblem(state.error).status);
    if (TOLD.has(queryKey[0]) && !hidden) void client.invalidateQueries({ queryKey, exact: true });
  }
}

/** Everything: what the user may see can have changed, and with it their teams and role. */
export function applyReset(client: QueryClient) {
  void client.invalidateQueries();
}
