import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { serverNow } from "@/api/clock";
import { changeFact, createFact, type Fields, removeFact, restoreFact, undoRequest } from "@/api/facts";
import { whenAnswered } from "@/api/own";
import { asProblem, Problem } from "@/api/problem";
import type { Noun } from "@/api/types";
import { pageUser } from "@/api/user";
import { dropRow } from "@/lib/cache";
import { today } from "@/lib/dates";
import { keepUnanswered, type NewThing, unanswered } from "./later";
import { HOLDERS, patchEverywhere, refresh } from "./screen";
import { offerUndo } from "./undo";
import { pendingChanges } from "./waiting-list";

interface Target {
  id: string;
  version: number;
}
/** What became of a change: the server has it, had it so already, or it is kept on this page until the server answers. */
type Changed = "saved" | "unchanged" | "waiting";

/** The small things that are written down wherever somebody is. */
const JOTTED: ReadonlySet<Noun> = new Set(["tasks", "open-loops", "notes"]);

/** When it was written, which is not when it arrives if it has to wait. Said from the first attempt: a key names one body. */
function written(noun: Noun): Fields {
  if (noun === "notes") return { occurred_at: serverNow().toISOString() };
  return noun === "open-loops" ? { opened_on: today(serverNow()) } : {};
}

/**
 * Create, change and remove with the screen ahead of the server: a change shows at once, is put back if it is refused, and
 * can be undone for ten seconds. A refusal is thrown for the caller to show; a change that finds no server is kept, and so is a
 * new task, loop or note.
 */
export function useFacts(householdId: string | null) {
  const client = useQueryClient();
  return useMemo(() => makeFacts(client, householdId), [client, householdId]);
}

function makeFacts(client: QueryClient, householdId: string | null) {
  const renew = () => refresh(client, householdId);
  /** After the other changes too: an answer of before them would put their old values back on screen. */
  const renewLater = () => void whenAnswered().then(renew);
  const owner = pageUser();
  /** A page that is no longer its user's sends nothing for them. */
  const mustBeMine = () => {
    if (pageUser() !== owner) throw new Problem(401);
  };

  /** `beside` goes with the change and is no field of the row: a reason, a draft. */
  async function change(
    noun: Noun,
    row: Target,
    fields: Fields,
    text: string,
    shown: Fields = fields,
    beside: Fields = {},
  ): Promise<Changed> {
    mustBeMine();
    for (const holder of HOLDERS) await client.cancelQueries({ queryKey: [holder] });
    const before = HOLDERS.flatMap((holder) => client.getQueriesData({ queryKey: [holder] }));
    patchEverywhere(client, row.id, shown);
    const made = { key: crypto.randomUUID(), noun, id: row.id, version: row.version, fields };
    const keep = async (): Promise<Changed> => {
      // It came with the shell: without a connection nothing more can be loaded.
      const kept = await import("./waiting");
      const answers = before.map(([, answer]) => answer);
      kept.keep({ ...made, shown, client, householdId, owner }, text, answers);
      return "waiting";
    };
    // After a change that waits, whatever is made of the same row comes after it.
    if (pendingChanges(row.id).length > 0) return keep();
    let moved = false;
    try {
      const saved = await changeFact(noun, row.id, row.version, { ...fields, ...beside }, made.key);
      patchEverywhere(client, row.id, saved.row);
      moved = saved.moved;
    } catch (error) {
      // Notes have a keeper of their own, who keeps every word from the first.
      if (unanswered(error) && noun !== "notes") return keep();
      for (const [key, data] of before) client.setQueryData(key, data);
      renewLater();
      throw error;
    }
    // By its own request: the newest change of the field may be somebody else's by then.
    if (moved) offerUndo(text, () => undoRequest(made.key).finally(renew));
    renewLater();
    return moved ? "saved" : "unchanged";
  }

  /** A change was refused after its screen had gone. `typed` is the field and what was typed into it. */
  async function objected(
    noun: Noun,
    row: Target,
    fields: Fields,
    shown: Fields,
    typed: string,
    error: unknown,
  ) {
    const kept = await import("./waiting");
    const change = { key: crypto.randomUUID(), noun, ...row, fields, shown, client, householdId, owner };
    kept.objected(change, typed, asProblem(error));
  }

  /** `more` is for where it has to wait: what it is called then, and who is told of it. */
  async function create(
    noun: Exclude<Noun, "households">,
    fields: Fields,
    text: string,
    key: string,
    more: Partial<NewThing> = {},
  ): Promise<Changed> {
    if (!householdId) throw new Error("A fact is created inside a household.");
    mustBeMine();
    const body = { ...written(noun), ...fields };
    try {
      const made = await createFact(noun, householdId, body, key);
      const madeNoun: Noun = noun === "people" ? "memberships" : noun;
      const madeId = "membership" in made ? made.membership.id : made.id;
      offerUndo(text, () => removeFact(madeNoun, madeId).finally(renew));
    } catch (error) {
      if (!JOTTED.has(noun)) throw error;
      const address = `/api/households/${householdId}/${noun}`;
      const words = String(fields.title ?? fields.text);
      const kept = { key, noun, address, body, words, client, householdId, owner, ...more };
      await keepUnanswered(error, kept);
      return "waiting";
    }
    await renew();
    return "saved";
  }

  async function remove(noun: Noun, id: string, text: string) {
    await removeFact(noun, id);
    for (const holder of HOLDERS)
      client.setQueriesData({ queryKey: [holder] }, (cached: unknown) => dropRow(cached, id));
    offerUndo(text, () => restoreFact(noun, id).finally(renew));
    void renew();
  }

  return { change, objected, create, remove, renew };
}
export type Facts = ReturnType<typeof makeFacts>;
