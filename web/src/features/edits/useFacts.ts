import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import {
  changeFact,
  createFact,
  entityOf,
  type Fields,
  readWhy,
  removeFact,
  restoreFact,
  undoEdit,
  undoRequest,
} from "@/api/facts";
import type { Noun } from "@/api/types";
import { dropRow, patchRow } from "@/lib/cache";
import { offerUndo } from "./undo";

interface Target {
  id: string;
  version: number;
}
const HOLDERS = ["household", "households", "tasks", "open-loops", "notes", "today"] as const;
/** A change of one of these may bring others with it, so it is undone as the request that it was. */
const WORK: ReadonlySet<Noun> = new Set(["tasks", "open-loops"]);

/** Everything on screen that a change of a fact may have moved. */
function refresh(client: QueryClient, householdId: string | null) {
  const keys: (string | null)[][] = [["households"], ["tasks"], ["open-loops"], ["today"], ["why"]];
  if (householdId) for (const k of ["household", "edits", "totals", "notes"]) keys.push([k, householdId]);
  return Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })));
}

function patchEverywhere(client: QueryClient, id: string, fields: object) {
  for (const holder of HOLDERS)
    client.setQueriesData({ queryKey: [holder] }, (cached: unknown) => patchRow(cached, id, fields));
}

/** Undoes a change field by field, newest edit of each; a field changed since by someone else is refused. */
async function undoChange(noun: Noun, id: string, fields: Fields) {
  for (const field of Object.keys(fields)) {
    const { edit } = await readWhy(entityOf(noun), id, field);
    if (edit) await undoEdit(edit.id);
  }
}

/**
 * Create, change and remove with the screen ahead of the server: a change shows at once, is put back if it is refused, and
 * can be undone for ten seconds. A refusal is thrown for the caller to show.
 */
export function useFacts(householdId: string | null) {
  const client = useQueryClient();
  return useMemo(() => makeFacts(client, householdId), [client, householdId]);
}

function makeFacts(client: QueryClient, householdId: string | null) {
  const renew = () => refresh(client, householdId);

  /** `beside` goes with the change and is no field of the row: a reason, a draft. */
  async function change(
    noun: Noun,
    row: Target,
    fields: Fields,
    text: string,
    shown: Fields = fields,
    beside: Fields = {},
  ) {
    for (const holder of HOLDERS) await client.cancelQueries({ queryKey: [holder] });
    const before = HOLDERS.flatMap((holder) => client.getQueriesData({ queryKey: [holder] }));
    patchEverywhere(client, row.id, shown);
    const request = crypto.randomUUID();
    try {
      const saved = await changeFact(noun, row.id, row.version, { ...fields, ...beside }, request);
      patchEverywhere(client, row.id, saved);
    } catch (error) {
      for (const [key, data] of before) client.setQueryData(key, data);
      void renew();
      throw error;
    }
    const undo = () => (WORK.has(noun) ? undoRequest(request) : undoChange(noun, row.id, fields));
    offerUndo(text, () => undo().finally(renew));
    void renew();
  }

  async function create(noun: Exclude<Noun, "households">, fields: Fields, text: string, key: string) {
    if (!householdId) throw new Error("A fact is created inside a household.");
    const made = await createFact(noun, householdId, fields, key);
    const madeNoun: Noun = noun === "people" ? "memberships" : noun;
    const madeId = "membership" in made ? made.membership.id : made.id;
    offerUndo(text, () => removeFact(madeNoun, madeId).finally(renew));
    await renew();
    return made;
  }

  async function remove(noun: Noun, id: string, text: string) {
    await removeFact(noun, id);
    for (const holder of HOLDERS)
      client.setQueriesData({ queryKey: [holder] }, (cached: unknown) => dropRow(cached, id));
    offerUndo(text, () => restoreFact(noun, id).finally(renew));
    void renew();
  }

  return { change, create, remove, renew };
}
export type Facts = ReturnType<typeof makeFacts>;
