import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call, client, take } from "../client";
import { serverNow } from "../clock";
import { named } from "../facts";
import type { ImportRun } from "../types";

const A_PAGE = 200;

export interface TaskFilter {
  view: "open" | "my_day" | "done";
  assignee_id?: string;
  unassigned?: boolean;
}

/** Tasks of every household the user may see: open ones by due day, done ones newest first. */
export const tasksQuery = (filter: TaskFilter) =>
  infiniteQueryOptions({
    queryKey: ["tasks", "list", filter],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const query = { ...filter, limit: A_PAGE, cursor: pageParam ?? undefined };
      return take(client.GET("/api/tasks", { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next_cursor,
  });

export const taskCountsQuery = queryOptions({
  queryKey: ["tasks", "counts"],
  queryFn: ({ signal }) => take(client.GET("/api/tasks/counts", { signal })),
});

export const todayQuery = queryOptions({
  queryKey: ["today"],
  queryFn: ({ signal }) => take(client.GET("/api/today", { signal })),
});

export const QUICK_ADD = "/api/tasks/quick-add";

/** Says what a line was understood to say; what was typed goes in a body and never into an address. */
export const previewQuickAdd = (text: string, household_id?: string, signal?: AbortSignal) =>
  take(client.POST(QUICK_ADD, { body: { text, household_id, preview: true }, signal }));

/** What is sent of a line that is to be a task, however often: its days are read from the moment in which it was written. */
export const quickLine = (text: string, household_id?: string) => ({
  text,
  household_id,
  written_at: serverNow().toISOString(),
  preview: false,
});

/** Makes the task of a line. The same `key` makes it once. */
export const quickAdd = (line: ReturnType<typeof quickLine>, key: string) =>
  take(client.POST(QUICK_ADD, { body: line, headers: named(key) }));

export interface LoopFilter {
  closed?: boolean;
  owner_id?: string;
  household_id?: string;
}

/** Loops of every household the user may see: open and waiting ones the oldest first, or closed ones the newest first. */
export const loopsQuery = (filter: LoopFilter) =>
  infiniteQueryOptions({
    queryKey: ["open-loops", "list", filter],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const query = { ...filter, limit: A_PAGE, cursor: pageParam ?? undefined };
      return take(client.GET("/api/open-loops", { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next_cursor,
  });

/** What may show that a loop is closed, the likeliest first. */
export const evidenceQuery = (id: string) =>
  queryOptions({
    queryKey: ["open-loops", "evidence", id],
    queryFn: ({ signal }) =>
      take(client.GET("/api/open-loops/{id}/evidence", { params: { path: { id } }, signal })),
  });

/** What may show that a task is done: what speaks of it first, then the newest of the rest. */
export const taskEvidenceQuery = (id: string) =>
  queryOptions({
    queryKey: ["tasks", "evidence", id],
    queryFn: ({ signal }) =>
      take(client.GET("/api/tasks/{id}/evidence", { params: { path: { id } }, signal })),
  });

/** Both name their request, so that all it did can be undone as one. */
export const mergeLoop = (id: string, into_id: string, request: string) =>
  call<unknown>("post", "/api/open-loops/{id}/merge", {
    path: { id },
    body: { into_id },
    headers: { "X-Request-Id": request },
  });
export const loopToTask = (id: string, request: string) =>
  call<unknown>("post", "/api/open-loops/{id}/task", {
    path: { id },
    body: {},
    headers: named(request),
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
