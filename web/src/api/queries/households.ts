import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { client, take } from "../client";
import type { components } from "../schema";
import type { Edit, HouseholdType, Page } from "../types";

export type HouseholdSort = components["schemas"]["Sort"];
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
    queryFn: ({ pageParam, signal }) => {
      const body = { ...wire(filter), sort, limit: PAGE_ROWS, ...(pageParam ? { cursor: pageParam } : {}) };
      return take(client.POST("/api/households/search", { body, signal }));
    },
    getNextPageParam: (page) => page.next_cursor,
  });

const EXPORTED = [
  "name",
  "type",
  "tier",
  "stage",
  "tags",
  "team",
  "primary_name",
  "primary_phone",
  "city",
  "state",
  "aum_usd",
  "held_away_usd",
  "oldest_as_of",
  "next_review",
  "open_tasks",
  "open_loops",
] as const satisfies components["schemas"]["Column"][];

/** The list as a CSV file. */
export const exportHouseholds = (filter: HouseholdFilter, sort: HouseholdSort): Promise<Blob> => {
  const body = { search: { ...wire(filter), sort }, columns: [...EXPORTED] };
  return take(client.POST("/api/households/export", { body, parseAs: "blob" })) as Promise<Blob>;
};

export const householdCountQuery = (filter: HouseholdFilter) =>
  queryOptions({
    queryKey: ["households", "count", filter],
    queryFn: ({ signal }) => take(client.POST("/api/households/count", { body: wire(filter), signal })),
  });

/** As it is, or as it was known at a moment. */
export const householdQuery = (id: string, knownAt?: string) =>
  queryOptions({
    queryKey: knownAt ? ["household", id, knownAt] : ["household", id],
    queryFn: ({ signal }) => {
      const params = { path: { id }, query: { known_at: knownAt } };
      return take(client.GET("/api/households/{id}", { params, signal }));
    },
  });

export const totalsQuery = (id: string, knownAt?: string) =>
  queryOptions({
    queryKey: knownAt ? ["totals", id, knownAt] : ["totals", id],
    queryFn: ({ signal }) => {
      const params = { path: { id }, query: { known_at: knownAt } };
      return take(client.GET("/api/households/{id}/totals", { params, signal }));
    },
  });

export const editsQuery = (householdId: string) =>
  infiniteQueryOptions({
    queryKey: ["edits", householdId],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }): Promise<Page<Edit>> => {
      const params = { path: { id: householdId }, query: { limit: 100, cursor: pageParam ?? undefined } };
      return take(client.GET("/api/households/{id}/edits", { params, signal }));
    },
    getNextPageParam: (page) => page.next_cursor,
  });

type NewHousehold = components["schemas"]["HouseholdCreate"];

/** The form's fields are the server's: what it does not take, it refuses by name. */
export const createHousehold = (fields: Record<string, unknown>, idempotencyKey: string) =>
  take(
    client.POST("/api/households", {
      body: fields as NewHousehold,
      params: { header: { "Idempotency-Key": idempotencyKey } },
    }),
  );

/** A few households whose name is like what was typed. */
export const householdSuggestionsQuery = (q: string) =>
  queryOptions({
    queryKey: ["households", "suggestions", q],
    queryFn: ({ signal }) =>
      take(client.POST("/api/households/search", { body: { q, sort: "name", limit: 10 }, signal })),
  });
