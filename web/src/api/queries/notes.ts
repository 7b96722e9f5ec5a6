import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { client, take } from "../client";
import type { components } from "../schema";
import type { Sent } from "../types";

type Schemas = components["schemas"];
export type Draft = Sent<Schemas["Draft"]>;
export type DraftWrite = Schemas["DraftWrite"];
export type Privacy = Schemas["Privacy"];
export type NoteTemplate = Sent<Schemas["NoteTemplate"]>;
export interface NoteFilter {
  q?: string;
  author_id?: string;
}

/** Notes of a household: pinned ones first, then the newest. Search text goes in the body, never in an address. */
export const notesQuery = (householdId: string, filter: NoteFilter = {}) =>
  infiniteQueryOptions({
    queryKey: ["notes", householdId, filter],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const params = { path: { household_id: householdId } };
      const body = { ...filter, ...(pageParam ? { cursor: pageParam } : {}) };
      return take(client.POST("/api/households/{household_id}/notes/search", { params, body, signal }));
    },
    getNextPageParam: (page) => page.next_cursor,
  });

/** One's own unsaved notes here. Asked for whenever a writer opens: another machine may have gone on. */
export const draftsQuery = (householdId: string) =>
  queryOptions({
    queryKey: ["drafts", householdId],
    staleTime: 0,
    queryFn: ({ signal }) => {
      const params = { path: { household_id: householdId } };
      return take(client.GET("/api/households/{household_id}/drafts", { params, signal }));
    },
  });

/** `keepalive` lets the request outlive the page; browsers allow that for small ones only. */
export const writeDraft = (householdId: string, body: DraftWrite, keepalive: boolean): Promise<Draft> =>
  take(
    client.PUT("/api/households/{household_id}/drafts", {
      params: { path: { household_id: householdId } },
      body,
      keepalive,
    }),
  );

export const readDrafts = (householdId: string) =>
  take(
    client.GET("/api/households/{household_id}/drafts", { params: { path: { household_id: householdId } } }),
  );

export const removeDraft = (id: string) =>
  take(client.DELETE("/api/drafts/{id}", { params: { path: { id } } }));

/** Who may see the household, and so can be mentioned in its notes. */
export const colleaguesQuery = (householdId: string) =>
  queryOptions({
    queryKey: ["colleagues", householdId],
    staleTime: 5 * 60_000,
    queryFn: ({ signal }) => {
      const params = { path: { household_id: householdId } };
      return take(client.GET("/api/households/{household_id}/colleagues", { params, signal }));
    },
  });

export const templatesQuery = queryOptions({
  queryKey: ["note-templates"],
  staleTime: 5 * 60_000,
  queryFn: ({ signal }) => take(client.GET("/api/note-templates", { signal })),
});

export const createTemplate = (body: Schemas["NoteTemplateCreate"], key: string) =>
  take(client.POST("/api/note-templates", { body, params: { header: { "Idempotency-Key": key } } }));

export const changeTemplate = (id: string, body: Schemas["NoteTemplateChange"]) =>
  take(client.PATCH("/api/note-templates/{id}", { params: { path: { id } }, body }));

export const removeTemplate = (id: string) =>
  take(client.DELETE("/api/note-templates/{id}", { params: { path: { id } } }));
