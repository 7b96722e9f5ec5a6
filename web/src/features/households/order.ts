/**
 * The list the user came from, so `[` and `]` walk it: its question, not its answer, so that the walk follows the filter,
 * the order and the pages of the list, and stays true when the list changes. In memory only: gone with the page.
 */
import { type InfiniteData, type QueryClient, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { householdsQuery } from "@/api/queries/households";
import type { HouseholdListItem, Page } from "@/api/types";

type List = ReturnType<typeof householdsQuery>;
type Rows = InfiniteData<Page<HouseholdListItem>, unknown>;

let list: List | null = null;
/** Where the household on screen stood in the list, should it leave it. */
let place = -1;

export function rememberList(next: List) {
  if (list && JSON.stringify(list.queryKey) === JSON.stringify(next.queryKey)) return;
  list = next;
  place = -1;
}

const rowsOf = (client: QueryClient) => (list ? client.getQueryData<Rows>(list.queryKey) : undefined);
const idsOf = (rows: Rows | undefined) => rows?.pages.flatMap((p) => p.items.map((h) => h.id)) ?? [];
const hasMore = (rows: Rows | undefined) => Boolean(rows?.pages.at(-1)?.next_cursor);

/** Where to go from `id`: an index of the list, which may lie on the page that is not loaded yet. */
export function target(ids: readonly string[], id: string, step: 1 | -1, was: number): number {
  const at = ids.indexOf(id);
  // Gone from the list: whoever stands in its place now is the next one.
  if (at < 0) return was < 0 ? -1 : step === 1 ? was : was - 1;
  return at + step;
}

interface Walk {
  /** `3 of 120`, while the household is in the list. */
  position: string | null;
  can: (step: 1 | -1) => boolean;
  /** The household `step` places away. */
  go: (step: 1 | -1) => Promise<string | undefined>;
}

/** The way to the households before and after `id` in the list the user came from. */
export function useWalk(id: string): Walk {
  const client = useQueryClient();
  // Asks nothing by itself: it keeps the list's answer in memory and hears when that changes.
  const kept = useInfiniteQuery({ ...(list ?? householdsQuery({}, "name")), enabled: false });
  const rows = list ? kept.data : undefined;
  const ids = idsOf(rows);
  const at = ids.indexOf(id);
  if (at >= 0) place = at;
  const can = (step: 1 | -1) => {
    const to = target(ids, id, step, place);
    return to >= 0 && (to < ids.length || (to === ids.length && hasMore(rows)));
  };
  const go = async (step: 1 | -1) => {
    const asked = list;
    if (!asked) return undefined;
    // What is known of the list may be old: then it is asked for again, as many pages as there were.
    if (client.getQueryState(asked.queryKey)?.isInvalidated) {
      const pages = rowsOf(client)?.pages.length ?? 1;
      await client.fetchInfiniteQuery({ ...asked, pages, staleTime: 0 }).catch(() => undefined);
    }
    const to = target(idsOf(rowsOf(client)), id, step, place);
    if (to >= idsOf(rowsOf(client)).length && hasMore(rowsOf(client))) {
      const pages = (rowsOf(client)?.pages.length ?? 0) + 1;
      await client.fetchInfiniteQuery({ ...asked, pages, staleTime: 0 }).catch(() => undefined);
    }
    return idsOf(rowsOf(client))[to];
  };
  const all = `${ids.length.toLocaleString("en-US")}${hasMore(rows) ? "+" : ""}`;
  return { position: at < 0 ? null : `${(at + 1).toLocaleString("en-US")} of ${all}`, can, go };
}
