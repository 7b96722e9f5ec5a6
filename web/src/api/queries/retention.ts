import { queryOptions } from "@tanstack/react-query";
import { client, take } from "../client";
import type { components } from "../schema";
import type { Sent } from "../types";

export type RetentionClass = Sent<components["schemas"]["RetentionClass"]>;
export type LegalHold = Sent<components["schemas"]["LegalHold"]>;
export type Erasure = Sent<components["schemas"]["Erasure"]>;
export type Certificate = Sent<components["schemas"]["Certificate"]>;
type Proposal = components["schemas"]["RetentionProposal"];

export const RETENTION_KEY = ["retention"];

export const classesQuery = queryOptions({
  queryKey: [...RETENTION_KEY, "classes"],
  queryFn: ({ signal }) => take(client.GET("/api/retention-classes", { signal })),
});
export const holdsQuery = queryOptions({
  queryKey: [...RETENTION_KEY, "holds"],
  queryFn: ({ signal }) => take(client.GET("/api/legal-holds", { signal })),
});
export const erasuresQuery = queryOptions({
  queryKey: [...RETENTION_KEY, "erasures"],
  queryFn: ({ signal }) => take(client.GET("/api/erasures", { signal })),
});
/** The certificate of an erasure that is done. */
export const certificateQuery = (id: string) =>
  queryOptions({
    queryKey: [...RETENTION_KEY, "certificate", id],
    queryFn: ({ signal }) =>
      take(client.GET("/api/erasures/{id}/certificate", { params: { path: { id } }, signal })),
  });

const once = (key: string) => ({ header: { "Idempotency-Key": key } });
const row = (id: string) => ({ path: { id } });

export const proposeClass = (body: Proposal, key: string) =>
  take(client.POST("/api/retention-classes", { body, params: once(key) }));
export const approveClass = (id: string) =>
  take(client.POST("/api/retention-classes/{id}/approve", { params: row(id) }));
export const placeHold = (household_id: string, reason: string, key: string) =>
  take(client.POST("/api/legal-holds", { body: { household_id, reason }, params: once(key) }));
export const releaseHold = (id: string, reason: string) =>
  take(client.POST("/api/legal-holds/{id}/release", { body: { reason }, params: row(id) }));
export const requestErasure = (household_id: string, reason: string, key: string) =>
  take(client.POST("/api/erasures", { body: { household_id, reason }, params: once(key) }));
export const approveErasure = (id: string) =>
  take(client.POST("/api/erasures/{id}/approve", { params: row(id) }));
export const declineErasure = (id: string, reason: string) =>
  take(client.POST("/api/erasures/{id}/decline", { body: { reason }, params: row(id) }));
