import { queryOptions } from "@tanstack/react-query";
import { client, take } from "../client";
import type { components } from "../schema";
import type { Sent } from "../types";

type Schemas = components["schemas"];
/** Provenance is read by hand: the server describes it as an object. */
interface Untyped {
  provenance: unknown;
}
export type BrainVersion = Omit<Sent<Schemas["BrainVersion"]>, keyof Untyped> & Untyped;
export type BrainFile = Omit<Sent<Schemas["BrainFile"]>, keyof Untyped> & Untyped;
export type BrainText = Omit<Sent<Schemas["BrainText"]>, keyof Untyped> & Untyped;
export type BrainProof = Sent<Schemas["BrainProof"]>;

/** The log takes up what was written within a minute; until then it is asked again after this. */
const WAITING_MS = 5_000;

/** The brain files of a household as they are now, by path. Asked for whenever the list opens: a colleague may have written. */
export const brainFilesQuery = (householdId: string) =>
  queryOptions({
    queryKey: ["brain", householdId],
    staleTime: 0,
    queryFn: ({ signal }): Promise<{ items: BrainFile[] }> => {
      const params = { path: { household_id: householdId } };
      return take(client.GET("/api/households/{household_id}/brain", { params, signal }));
    },
  });

/** The files of a household that were removed, by path; each can be brought back. */
export const removedBrainFilesQuery = (householdId: string) =>
  queryOptions({
    queryKey: [...brainFilesQuery(householdId).queryKey, "removed"],
    staleTime: 0,
    queryFn: ({ signal }): Promise<{ items: BrainFile[] }> => {
      const params = { path: { household_id: householdId }, query: { removed: true } };
      return take(client.GET("/api/households/{household_id}/brain", { params, signal }));
    },
  });

/** The text of one version, which never changes. */
export const brainTextQuery = (id: string, version: number) =>
  queryOptions({
    queryKey: ["brain-text", id, version],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }): Promise<BrainText> =>
      take(client.GET("/api/brain/{id}", { params: { path: { id }, query: { version } }, signal })),
  });

/** `current` is the version that the file has now, as far as is known: a later one makes the list old. */
export const brainVersionsQuery = (id: string, current: number) =>
  queryOptions({
    queryKey: ["brain-versions", id, current],
    queryFn: ({ signal }): Promise<{ items: BrainVersion[] }> =>
      take(client.GET("/api/brain/{id}/versions", { params: { path: { id } }, signal })),
  });

/** What can be said for a version now: never from memory, and again until the log holds it. */
export const brainProofQuery = (id: string, version: number) =>
  queryOptions<BrainProof>({
    queryKey: ["brain-proof", id, version],
    staleTime: 0,
    gcTime: 0,
    refetchInterval: ({ state: { data } }) =>
      data && !data.fault && data.checkpoint === null ? WAITING_MS : false,
    queryFn: ({ signal }): Promise<BrainProof> =>
      take(client.GET("/api/brain/{id}/proof", { params: { path: { id }, query: { version } }, signal })),
  });

export const writeBrainFile = (householdId: string, body: Schemas["BrainWrite"]): Promise<BrainFile> =>
  take(
    client.PUT("/api/households/{household_id}/brain", {
      params: { path: { household_id: householdId } },
      body,
    }),
  );

export const restoreBrainVersion = (id: string, body: Schemas["BrainRestore"]): Promise<BrainFile> =>
  take(client.POST("/api/brain/{id}/restore", { params: { path: { id } }, body }));

export const removeBrainFile = (id: string, body: Schemas["BrainRemove"]): Promise<BrainFile> =>
  take(client.POST("/api/brain/{id}/remove", { params: { path: { id } }, body }));
