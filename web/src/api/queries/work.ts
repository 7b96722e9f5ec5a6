import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call, client, take } from "../client";
import type { ImportRun } from "../types";

const TASKS_A_PAGE = 200;
const LOOPS_A_PAGE = 200;

/** The open tasks of every household the user may see, by due day. */
export const openTasksQuery = infiniteQueryOptions({
  queryKey: ["tasks", "open"],
  initialPageParam: null as string | null,
  queryFn: ({ pageParam, signal }) => {
    const query = { limit: TASKS_A_PAGE, cursor: pageParam ?? undefined };
    return take(client.GET("/api/tasks", { params: { query }, signal }));
  },
  getNextPageParam: (page) => page.next_cursor,
});

/** The open and waiting loops of every household the user may see, the oldest first. */
export const openLoopsQuery = infiniteQueryOptions({
  queryKey: ["open-loops"],
  initialPageParam: null as string | null,
  queryFn: ({ pageParam, signal }) => {
    const query = { limit: LOOPS_A_PAGE, cursor: pageParam ?? undefined };
    return take(client.GET("/api/open-loops", { params: { query }, signal }));
  },
  getNextPageParam: (page) => page.next_cursor,
});

export const notesQuery = (householdId: string) =>
  infiniteQueryOptions({
    queryKey: ["notes", householdId],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const params = { path: { household_id: householdId }, query: { cursor: pageParam ?? undefined } };
      return take(client.GET("/api/households/{household_id}/notes", { params, signal }));
    },
    getNextPageParam: (page) => page.next_cursor,
  });

export const importsQuery = queryOptions({
  queryKey: ["imports"],
  queryFn: ({ signal }): Promise<{ items: ImportRun[] }> => take(client.GET("/api/imports", { signal })),
});

/** Begins the work; the run itself says when it is done. */
export const revertImport = (id: string) =>
  take(client.POST("/api/imports/{id}/revert", { params: { path: { id } } }));

type SealedNoun = "people" | "accounts" | "entities";

/** Opens one sealed value. The reason is kept in the audit log. */
export const reveal = (noun: SealedNoun, id: string, field: string, reason: string) =>
  call<{ field: string; value: string | null }>("post", `/api/${noun}/{id}/reveal`, {
    path: { id },
    body: { field, reason },
  });
