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
