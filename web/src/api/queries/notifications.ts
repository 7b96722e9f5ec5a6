import { queryOptions } from "@tanstack/react-query";
import { momentOf } from "@/lib/dates";
import { client, take } from "../client";
import type { components } from "../schema";
import type { Sent, Task } from "../types";

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

/**
 * The moment in which a task is reminded of: as planned or as that was put off, and not before nine in the morning of the day until
 * which the task itself is.
 */
export function remindedAt(task: Pick<Task, "remind_at" | "remind_again_at" | "snoozed_until">) {
  const at = task.remind_at && (task.remind_again_at ?? task.remind_at);
  if (!at || !task.snoozed_until) return at;
  const back = momentOf(task.snoozed_until, "09:00");
  return back > new Date(at) ? back.toISOString() : at;
}

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
