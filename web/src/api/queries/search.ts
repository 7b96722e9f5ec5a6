import { queryOptions } from "@tanstack/react-query";
import { client, take } from "../client";
import type { components } from "../schema";
import type { Sent } from "../types";

export type SearchHit = Sent<components["schemas"]["SearchHit"]>;
export type SearchKind = components["schemas"]["SearchKind"];
export type SearchAnswer = Sent<components["schemas"]["SearchResult"]>;
const HITS_A_KIND = 6;
export const LONGEST_SEARCH = 200;

/** Everything that matches. The text goes in the body, never in an address, and a question that is overtaken is called off. */
export const searchQuery = (text: string) =>
  queryOptions({
    queryKey: ["search", text],
    queryFn: ({ signal }) => take(client.POST("/api/search", { body: { text, limit: HITS_A_KIND }, signal })),
    staleTime: 5_000,
    gcTime: 60_000,
  });
