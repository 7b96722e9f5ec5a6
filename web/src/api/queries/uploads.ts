import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { client, take } from "../client";
import type { Upload, UploadFate, UploadLine } from "../types";

const LINES_A_PAGE = 50;
/** While the server works on an upload it is asked this often. */
const WATCH_MS = 700;

const at = (id: string) => ({ params: { path: { id } } });

export const uploadsQuery = queryOptions({
  queryKey: ["uploads"],
  queryFn: ({ signal }) => take(client.GET("/api/uploads", { signal })) as Promise<{ items: Upload[] }>,
});

export const readUpload = (id: string, signal?: AbortSignal) =>
  take(client.GET("/api/uploads/{id}", { ...at(id), signal })) as Promise<Upload>;

export const uploadQuery = (id: string) =>
  queryOptions({
    queryKey: ["uploads", id],
    queryFn: ({ signal }) => readUpload(id, signal),
    refetchInterval: (query) =>
      ["receiving", "reading", "committing"].includes(query.state.data?.state ?? "") ? WATCH_MS : false,
  });

interface LineFilter {
  fate: UploadFate;
  /** Changes with every dry run, so that lines of an earlier one are not shown. */
  version: string;
}
export const uploadLinesQuery = (id: string, { fate, version }: LineFilter) =>
  infiniteQueryOptions({
    queryKey: ["uploads", id, "lines", fate, version],
    initialPageParam: null as number | null,
    queryFn: ({ pageParam, signal }) => {
      const query = { fate, limit: LINES_A_PAGE, cursor: pageParam ?? undefined };
      return take(
        client.GET("/api/uploads/{id}/rows", { params: { path: { id }, query }, signal }),
      ) as Promise<{ items: UploadLine[]; next_cursor: number | null }>;
    },
    getNextPageParam: (page) => page.next_cursor,
  });

export interface NewUpload {
  kind: "folder" | "archive";
  label: string;
  size: number;
  part_size: number;
  fingerprint: string;
}
export const createUpload = (body: NewUpload) =>
  take(client.POST("/api/uploads", { body })) as Promise<Upload>;

export const putPart = (id: string, number: number, part: Blob, signal: AbortSignal) =>
  take(
    client.PUT("/api/uploads/{id}/parts/{number}", {
      params: { path: { id, number } },
      // The bytes go as they are; the description calls them a list of numbers.
      body: part as never,
      bodySerializer: (body: unknown) => body as BodyInit,
      headers: { "Content-Type": "application/octet-stream" },
      signal,
    }),
  );

export const startReading = (id: string) =>
  take(client.POST("/api/uploads/{id}/read", at(id))) as Promise<Upload>;
export const commitUpload = (id: string) =>
  take(client.POST("/api/uploads/{id}/commit", at(id))) as Promise<Upload>;
export const removeUpload = (id: string) => take(client.DELETE("/api/uploads/{id}", at(id)));

export interface RowDecision {
  place: string;
  leave_out?: boolean;
  values?: { path: string; value: string }[];
}
export const decideRow = (id: string, body: RowDecision) =>
  take(client.PUT("/api/uploads/{id}/fixes", { ...at(id), body })) as Promise<Upload>;

export interface AdvisorDecision {
  word: string;
  user_id?: string;
  team_id?: string;
}
export const decideAdvisor = (id: string, body: AdvisorDecision) =>
  take(client.PUT("/api/uploads/{id}/advisors", { ...at(id), body })) as Promise<Upload>;

/** The households that an import made. */
export const importedHouseholdsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["imports", id, "households"],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const params = { path: { id }, query: { limit: 100, cursor: pageParam ?? undefined } };
      return take(client.GET("/api/imports/{id}/households", { params, signal }));
    },
    getNextPageParam: (page) => page.next_cursor,
  });
