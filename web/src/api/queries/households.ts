import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { client, take } from "../client";
import type { components } from "../schema";
import type { HouseholdType, Sent } from "../types";

export type HouseholdSort = components["schemas"]["Sort"];
export interface HouseholdFilter {
  q?: string;
  type?: HouseholdType;
  tier?: string;
  team_id?: string;
  /** A tree of conditions. */
  filter?: object;
}
export const PAGE_ROWS = 100;

/** The server takes several types and tiers; the screens choose one of each. */
const wire = ({ q, type, tier, team_id, filter }: HouseholdFilter) => ({
  ...(q ? { q } : {}),
  ...(type ? { type: [type] } : {}),
  ...(tier ? { tier: [tier] } : {}),
  ...(team_id ? { team_id } : {}),
  ...(filter ? { filter: filter as Record<string, never> } : {}),
});

/** One page of the list. Search text goes in the body, never in an address: addresses end up in logs and histories. */
export const readHouseholds = (
  filter: HouseholdFilter,
  sort: HouseholdSort,
  cursor: string | null,
  signal?: AbortSignal,
) => {
  const body = { ...wire(filter), sort, limit: PAGE_ROWS, ...(cursor ? { cursor } : {}) };
  return take(client.POST("/api/households/search", { body, signal }));
};

export const householdsQuery = (filter: HouseholdFilter, sort: HouseholdSort) =>
  infiniteQueryOptions({
    queryKey: ["households", "list", filter, sort],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => readHouseholds(filter, sort, pageParam, signal),
    getNextPageParam: (page) => page.next_cursor,
  });

export type ExportColumn = components["schemas"]["Column"];

/** The list, or these households of it, as a CSV file. */
export const exportHouseholds = (
  filter: HouseholdFilter,
  sort: HouseholdSort,
  columns: ExportColumn[],
  ids?: readonly string[],
): Promise<Blob> => {
  const body = { search: { ...wire(filter), sort }, columns, ...(ids ? { ids: [...ids] } : {}) };
  return take(client.POST("/api/households/export", { body, parseAs: "blob" })) as Promise<Blob>;
};

/** The ids of all that the filter leaves, at most 10,000. */
export const householdIds = async (filter: HouseholdFilter) =>
  (await take(client.POST("/api/households/ids", { body: wire(filter) }))).ids;

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

export type Family = components["schemas"]["FamilyCreate"];

/** The household, its people and how to reach them: all of it or nothing. */
export const createFamily = (family: Family, idempotencyKey: string) =>
  take(
    client.POST("/api/families", {
      body: family,
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

export type PossibleDuplicate = Sent<components["schemas"]["PossibleDuplicate"]>;
type DuplicateQuery = Required<components["schemas"]["DuplicateQuery"]>;

/** The households that a new one may already be. */
export const duplicatesQuery = (asked: DuplicateQuery) =>
  queryOptions({
    queryKey: ["possible-duplicates", asked],
    // What was typed about a family is not kept longer than it is looked at.
    gcTime: 0,
    queryFn: ({ signal }) =>
      take(client.POST("/api/households/possible-duplicates", { body: asked, signal })),
  });
