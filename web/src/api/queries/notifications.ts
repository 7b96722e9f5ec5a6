import { queryOptions } from "@tanstack/react-query";
import { client, take } from "../client";
import type { components } from "../schema";
import type { Sent } from "../types";

export type Notification = Sent<components["schemas"]["Notification"]>;

/** What colleagues told the user and they have not read, the newest first. The stream of live updates makes it old. */
export const unreadQuery = queryOptions({
  queryKey: ["notifications", "unread"],
  staleTime: 60_000,
  queryFn: ({ signal }) =>
    take(client.GET("/api/notifications", { params: { query: { unread: true, limit: 100 } }, signal })),
});

/**
 * The tasks that the user is reminded of, or will be within a day, the latest first. Under the key of tasks, so that whatever changes one
 * makes it old; and asked for again in time for the next day.
 */
export const remindersQuery = queryOptions({
  queryKey: ["tasks", "reminders"],
  staleTime: 60_000,
  refetchInterval: 6 * 3_600_000,
  queryFn: ({ signal }) => take(client.GET("/api/tasks/reminders", { signal })),
});

/** The moment in which a task is reminded of: as planned, or as it was put off. */
export const remindedAt = (task: { remind_at: string | null; remind_again_at: string | null }) =>
  task.remind_again_at ?? task.remind_at;

/** The newest of all, read or not. */
export const recentQuery = queryOptions({
  queryKey: ["notifications", "recent"],
  staleTime: 0,
  queryFn: ({ signal }) =>
    take(client.GET("/api/notifications", { params: { query: { limit: 20 } }, signal })),
});

export const markRead = (id: string) =>
  take(client.POST("/api/notifications/{id}/read", { params: { path: { id } } }));

export const markAllRead = () => take(client.POST("/api/notifications/read"));
