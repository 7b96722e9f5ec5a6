import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call } from "../client";
import type {
  Edit,
  Household,
  HouseholdListItem,
  HouseholdRecord,
  HouseholdType,
  Page,
  Totals,
} from "../types";

export type HouseholdSort = "name" | "-aum" | "next_review";
export interface HouseholdFilter {
  q?: string;
  type?: HouseholdType;
  tier?: string;
  team_id?: string;
}
const PAGE_ROWS = 100;

/** The server takes several types and tiers; the screens choose one of each. */
const wire = ({ q, type, tier, team_id }: HouseholdFilter) => ({
  ...(q ? { q } : {}),
  ...(type ? { type: [type] } : {}),
  ...(tier ? { tier: [tier] } : {}),
  ...(team_id ? { team_id } : {}),
});

/** Search text goes in the body, never in an address: addresses end up in logs and histories. */
export const householdsQuery = (filter: HouseholdFilter, sort: HouseholdSort) =>
  infiniteQueryOptions({
    queryKey: ["households", "list", filter, sort],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      call<Page<HouseholdListItem>>("post", "/api/households/search", {
        body: { ...wire(filter), sort, limit: PAGE_ROWS, ...(pageParam ? { cursor: pageParam } : {}) },
        signal,
      }),
    getNextPageParam: (page) => page.next_cursor,
  });

export const householdCountQuery = (filter: HouseholdFilter) =>
  queryOptions({
    queryKey: ["households", "count", filter],
    queryFn: ({ signal }) =>
      call<{ households: number; aum_usd: string }>("post", "/api/households/count", {
        body: wire(filter),
        signal,
      }),
  });

export const householdQuery = (id: string) =>
  queryOptions({
    queryKey: ["household", id],
    queryFn: ({ signal }) => call<HouseholdRecord>("get", "/api/households/{id}", { path: { id }, signal }),
  });

export const totalsQuery = (id: string) =>
  queryOptions({
    queryKey: ["totals", id],
    queryFn: ({ signal }) => call<Totals>("get", "/api/households/{id}/totals", { path: { id }, signal }),
  });

export const editsQuery = (householdId: string) =>
  infiniteQueryOptions({
    queryKey: ["edits", householdId],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      call<Page<Edit>>("get", "/api/households/{id}/edits", {
        path: { id: householdId },
        query: { limit: 100, cursor: pageParam ?? undefined },
        signal,
      }),
    getNextPageParam: (page) => page.next_cursor,
  });

export const createHousehold = (fields: Record<string, unknown>, idempotencyKey: string) =>
  call<Household>("post", "/api/households", { body: fields, idempotencyKey });
