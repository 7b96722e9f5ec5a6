import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { type HouseholdFilter, householdCountQuery, householdsQuery } from "@/api/queries/households";
import { rememberList } from "./order";
import type { HouseholdsSearch } from "./search";

/** Between the letters of a fast typist, and with the answer still within 200 ms of the last one. */
const TYPING_MS = 80;

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
  const list = useInfiniteQuery({ ...householdsQuery(filter, sort), placeholderData: keepPreviousData });
  const count = useQuery({ ...householdCountQuery(filter), placeholderData: keepPreviousData });
  const rows = useMemo(() => list.data?.pages.flatMap((p) => p.items) ?? [], [list.data]);
  const order = useMemo(() => rows.map((h) => h.id), [rows]);
  useEffect(() => rememberList(householdsQuery(filter, sort)), [filter, sort]);
  const { fetchNextPage, isFetchingNextPage } = list;
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  return { filter, sort, list, rows, order, count: count.data, more };
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
