import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call } from "../client";
import type { ImportRun, Note, Page, RevertResult, Task } from "../types";

/** The open tasks of every household the user may see. */
export const openTasksQuery = infiniteQueryOptions({
  queryKey: ["tasks", "open"],
  initialPageParam: null as string | null,
  queryFn: ({ pageParam, signal }) =>
    call<Page<Task>>("get", "/api/tasks", { query: { limit: 200, cursor: pageParam ?? undefined }, signal }),
  getNextPageParam: (page) => page.next_cursor,
});

export const notesQuery = (householdId: string) =>
  infiniteQueryOptions({
    queryKey: ["notes", householdId],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      call<Page<Note>>("get", "/api/households/{id}/notes", {
        path: { id: householdId },
        query: { cursor: pageParam ?? undefined },
        signal,
      }),
    getNextPageParam: (page) => page.next_cursor,
  });

export const importsQuery = queryOptions({
  queryKey: ["imports"],
  queryFn: ({ signal }) => call<Page<ImportRun>>("get", "/api/imports", { signal }),
});

export const revertImport = (id: string) =>
  call<RevertResult>("post", "/api/imports/{id}/revert", { path: { id } });

/** Opens one sealed value. The reason is kept in the audit log. */
export const reveal = (noun: "people" | "accounts" | "entities", id: string, field: string, reason: string) =>
  call<{ field: string; value: string | null }>("post", `/api/${noun}/{id}/reveal`, {
    path: { id },
    body: { field, reason },
  });
