import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { client, take } from "../client";
import type { components } from "../schema";
import type { Sent } from "../types";

export type AuditEntry = Sent<components["schemas"]["Entry"]>;
export type AuditCheckpoint = Sent<components["schemas"]["CheckpointView"]>;
export type Verification = Sent<components["schemas"]["Verification"]>;

export interface AuditFilter {
  user_id?: string;
  kinds?: string;
  household_id?: string;
  from?: string;
  to?: string;
}
const ENTRIES_A_PAGE = 200;

export const auditEntriesQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ["audit", "entries", filter],
    initialPageParam: null as number | null,
    queryFn: ({ pageParam, signal }) => {
      const query = { ...filter, limit: ENTRIES_A_PAGE, cursor: pageParam ?? undefined };
      return take(client.GET("/api/audit/entries", { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next_cursor,
  });

/** How many entries each day has, newest first. */
export const auditDaysQuery = (filter: AuditFilter) =>
  queryOptions({
    queryKey: ["audit", "days", filter],
    queryFn: ({ signal }) => take(client.GET("/api/audit/days", { params: { query: filter }, signal })),
  });

/** The last checkpoint. There is always one: a log begins with its first. */
export const lastCheckpointQuery = queryOptions({
  queryKey: ["audit", "checkpoints"],
  queryFn: ({ signal }) =>
    take(client.GET("/api/audit/checkpoints", { params: { query: { limit: 1 } }, signal })),
});

export const verifyAudit = () => take(client.POST("/api/audit/verify"));

/** A household's part of the log as a file, sealed for whoever holds the key. */
export const auditBundle = (household_id: string, recipient_key: string): Promise<Blob> =>
  take(
    client.POST("/api/audit/bundles", { body: { household_id, recipient_key }, parseAs: "blob" }),
  ) as Promise<unknown> as Promise<Blob>;
