/** What a change of a fact moves on screen. */
import type { QueryClient } from "@tanstack/react-query";
import { patchRow } from "@/lib/cache";

/** The answers that hold rows. */
export const HOLDERS = ["household", "households", "tasks", "open-loops", "notes", "today"] as const;

/** Everything on screen that a change of a fact may have moved. */
export function refresh(client: QueryClient, householdId: string | null) {
  const keys: (string | null)[][] = [["households"], ["tasks"], ["open-loops"], ["today"], ["why"]];
  if (householdId) for (const k of ["household", "edits", "totals", "notes"]) keys.push([k, householdId]);
  return Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })));
}

export function patchEverywhere(client: QueryClient, id: string, fields: object) {
  for (const holder of HOLDERS)
    client.setQueriesData({ queryKey: [holder] }, (cached: unknown) => patchRow(cached, id, fields));
}
