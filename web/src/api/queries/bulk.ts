/** The same change to many households: what it would do, doing it in parts, and taking it back as one. */
import { client, take } from "../client";
import type { components } from "../schema";
import type { Sent } from "../types";

export type BulkChange = components["schemas"]["BulkChange"];
export type BulkResult = Sent<components["schemas"]["BulkResult"]>;
export type BulkLine = BulkResult["lines"][number];

/** Parts of one change bear the same request id, so that one undo finds all of them. */
export const changeMany = (ids: string[], change: BulkChange, dryRun: boolean, requestId: string) =>
  take(
    client.POST("/api/households/bulk", {
      body: { ids, change, dry_run: dryRun },
      headers: { "X-Request-Id": requestId },
    }),
  );

/** Takes back all that one request of one's own changed; what others changed since stays, and is listed. */
export const undoRequest = (requestId: string) =>
  take(client.POST("/api/edits/undo-request", { body: { request_id: requestId } }));
