import { useQueries, useQuery } from "@tanstack/react-query";
import { client, take } from "../client";
import { householdQuery } from "./households";

const PAGE_ROWS = 200;
/** Past one page of the book, names are read one by one, and no more of them than fit a screen or two. */
const MOST_SINGLE = 10;

/** What the households of these ids are called. Tasks carry the id alone. */
export function useHouseholdNames(ids: readonly string[]): (id: string) => string | undefined {
  const wanted = [...new Set(ids)];
  const page = useQuery({
    queryKey: ["households", "names"],
    enabled: wanted.length > 0,
    queryFn: ({ signal }) =>
      take(client.POST("/api/households/search", { body: { sort: "name", limit: PAGE_ROWS }, signal })),
  });
  const names = new Map(page.data?.items.map((h) => [h.id, h.name]));
  const missing = page.data ? wanted.filter((id) => !names.has(id)).slice(0, MOST_SINGLE) : [];
  const single = useQueries({
    queries: missing.map((id) => ({ ...householdQuery(id), staleTime: 300_000 })),
  });
  for (const { data } of single) if (data) names.set(data.household.id, data.household.name);
  return (id) => names.get(id);
}
