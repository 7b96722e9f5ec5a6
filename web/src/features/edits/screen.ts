/** What a change of a fact moves on screen, and the way back. */
import type { QueryClient } from "@tanstack/react-query";
import { entityOf, readWhy, undoEdit, undoRequest } from "@/api/facts";
import type { Noun } from "@/api/types";
import { patchRow } from "@/lib/cache";
import type { Change, Creation } from "./waiting-list";

/** The answers that hold rows. */
export const HOLDERS = ["household", "households", "tasks", "open-loops", "notes", "today"] as const;
/** A change of one of these may bring others with it, so it is undone as the request that it was. */
const WORK: ReadonlySet<Noun> = new Set(["tasks", "open-loops"]);

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

/**
 * Takes back what was sent: a creation as the request that it was, a change field by field, the newest edit of each. A field
 * changed since by someone else is refused.
 */
export async function undoSent(one: Creation | Omit<Change, "version">) {
  if ("address" in one || WORK.has(one.noun)) return undoRequest(one.key);
  for (const field of Object.keys(one.fields)) {
    const { edit } = await readWhy(entityOf(one.noun), one.id, field);
    if (edit) await undoEdit(edit.id);
  }
}
