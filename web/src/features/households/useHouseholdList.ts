import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import {
  type HouseholdFilter,
  type HouseholdSort,
  householdCountQuery,
  householdsQuery,
  readHouseholds,
} from "@/api/queries/households";
import { rememberList } from "./order";
import type { HouseholdsSearch } from "./search";

/** Between the letters of a fast typist, and with the answer still within 200 ms of the last one. */
const TYPING_MS = 80;
/** A list of more pages than this is renewed where it is seen. */
const MOST_WHOLE = 3;

/** The rows that the address and what is typed ask for, page by page. */
export function useHouseholdList(search: HouseholdsSearch, text: string) {
  const q = useSettled(text.trim(), TYPING_MS);
  const { type, tier, team, filter: tree } = search;
  const sort = search.sort ?? "name";
  const filter = useMemo<HouseholdFilter>(
    () => ({
      ...(q ? { q } : {}),
      ...(type ? { type } : {}),
      ...(tier ? { tier } : {}),
      ...(team ? { team_id: team } : {}),
      ...(tree ? { filter: tree } : {}),
    }),
    [q, type, tier, team, tree],
  );
  const list = useInfiniteQuery({
    ...householdsQuery(filter, sort),
    placeholderData: keepPreviousData,
    enabled: ({ state }) => (state.data?.pages.length ?? 0) <= MOST_WHOLE,
  });
  const count = useQuery({ ...householdCountQuery(filter), placeholderData: keepPreviousData });
  const rows = useMemo(() => list.data?.pages.flatMap((p) => p.items) ?? [], [list.data]);
  const order = useMemo(() => rows.map((h) => h.id), [rows]);
  useEffect(() => rememberList(householdsQuery(filter, sort)), [filter, sort]);
  const { fetchNextPage, isFetchingNextPage } = list;
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  const onView = useLongList(
    filter,
    sort,
    !list.isPlaceholderData && (list.data?.pages.length ?? 0) > MOST_WHOLE,
  );
  // What stands above the rows is not told of those that are on their way.
  const told = useHeld(count.data, list.isPlaceholderData);
  return { filter, sort, list, rows, order, count: told, more, onView };
}

/** The value, or the one before it for as long as it is held back. */
function useHeld<T>(value: T, held: boolean): T {
  const [shown, setShown] = useState(value);
  if (held) return shown;
  if (shown !== value) setShown(value);
  return value;
}

/** Keeps a long list new where it is seen. Answers how to say which rows those are. */
function useLongList(filter: HouseholdFilter, sort: HouseholdSort, long: boolean) {
  const client = useQueryClient();
  const view = useRef<readonly [number, number]>([0, 0]);
  const look = useRef(() => {});
  useEffect(() => {
    if (!long) return;
    let stop = () => {};
    let over = false;
    void import("./long-list").then(({ LongList }) => {
      if (over) return;
      const { queryKey } = householdsQuery(filter, sort);
      const list = new LongList(
        client,
        queryKey,
        (at) => readHouseholds(filter, sort, at),
        () => view.current,
      );
      look.current = list.look;
      stop = list.start();
    });
    return () => {
      over = true;
      look.current = () => {};
      stop();
    };
  }, [client, filter, sort, long]);
  return useCallback((first: number, last: number) => {
    view.current = [first, last];
    look.current();
  }, []);
}

/** `value` once it has stopped changing for `ms`. */
export function useSettled(value: string, ms: number) {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), value ? ms : 0);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
