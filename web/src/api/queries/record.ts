/** What the page of one household asks beside the record itself. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { client, take } from "../client";
import type { components, operations } from "../schema";
import type { Edit, Note, Page, Sent } from "../types";

type Schemas = components["schemas"];
export type Hint = Sent<Schemas["Hint"]>;
export type HintKind = Schemas["HintKind"];
export type Access = Sent<Schemas["Access"]>;
export type FamilyEvent = Schemas["FamilyEvent"];
export type FamilyEventKind = Schemas["FamilyEventKind"];
export type FamilyEventDone = Sent<Schemas["FamilyEventDone"]>;

/** Which part of the history: what is left out does not restrict. */
export type EditsFilter = Omit<
  NonNullable<operations["household_edits"]["parameters"]["query"]>,
  "limit" | "cursor"
>;

const EDITS_A_PAGE = 100;

export const editsQuery = (householdId: string, filter: EditsFilter = {}) =>
  infiniteQueryOptions({
    queryKey: ["edits", householdId, filter],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }): Promise<Page<Edit>> => {
      const query = { ...filter, limit: EDITS_A_PAGE, cursor: pageParam ?? undefined };
      return take(
        client.GET("/api/households/{id}/edits", { params: { path: { id: householdId }, query }, signal }),
      );
    },
    getNextPageParam: (page) => page.next_cursor,
  });

/** Notes as they were known at a moment. */
export const notesKnownAtQuery = (householdId: string, knownAt: string) =>
  infiniteQueryOptions({
    queryKey: ["notes", householdId, knownAt],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }): Promise<Page<Note>> => {
      const query = { known_at: knownAt, cursor: pageParam ?? undefined };
      const params = { path: { household_id: householdId }, query };
      return take(client.GET("/api/households/{household_id}/notes", { params, signal }));
    },
    getNextPageParam: (page) => page.next_cursor,
  });

export const accessQuery = (householdId: string) =>
  queryOptions({
    queryKey: ["access", householdId],
    queryFn: ({ signal }) =>
      take(client.GET("/api/households/{id}/access", { params: { path: { id: householdId } }, signal })),
  });

/** Records something that happened in a family. The answer names the request that undoes it as a whole. */
export const recordFamilyEvent = (householdId: string, body: FamilyEvent, idempotencyKey: string) =>
  take(
    client.POST("/api/households/{id}/family-events", {
      params: { path: { id: householdId }, header: { "Idempotency-Key": idempotencyKey } },
      body,
    }),
  );
