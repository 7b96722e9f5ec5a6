/** The queue of this page: how what waits reaches the server, and how the screen keeps showing it until then. */
import type { QueryClient } from "@tanstack/react-query";
import { call } from "@/api/client";
import { changeFact, entityOf, named, undoRequest } from "@/api/facts";
import { asProblem, Problem } from "@/api/problem";
import { householdQuery } from "@/api/queries/households";
import { askMe, meQuery } from "@/api/queries/session";
import { onAnotherUser, pageUser } from "@/api/user";
import { patchRow, valuesIn } from "@/lib/cache";
import { plural } from "@/lib/words";
import { toast } from "@/ui/toast";
import { entityLabel } from "./format";
import type { NewThing } from "./later";
import { SendQueue } from "./queue";
import { HOLDERS, patchEverywhere, refresh } from "./screen";
import { offerUndo } from "./undo";
import {
  type Creation,
  isCreation,
  type KeptChange,
  type KeptThing,
  pendingChanges,
  waitingList,
} from "./waiting-list";

export const waiting = new SendQueue<KeptThing>(waitingList, {
  send: async (one) => {
    await askWhose(one);
    if (isCreation(one)) return create(one);
    return (await changeFact(one.noun, one.id, one.version, one.fields, one.key)).row;
  },
  saved: (one, row) => {
    if (isCreation(one)) return one.onSaved?.();
    patchEverywhere(one.client, one.id, row);
    showAgain(one.client, one.id);
  },
  withdrawn: (one) => {
    if (isCreation(one)) return;
    patchEverywhere(one.client, one.id, one.was);
    showAgain(one.client, one.id);
    void refresh(one.client, one.householdId);
  },
  done: (all) => {
    const renew = () => Promise.all(all.map((one) => refresh(one.client, one.householdId)));
    offerUndo(`${plural(all.length, "waiting change")} saved.`, () => undoAll(all).finally(renew));
    void renew();
  },
  retract: async (one) => {
    await askWhose(one);
    await undoRequest(one.key);
    await refresh(one.client, one.householdId);
  },
});

// Whatever waits is of the user before.
onAnotherUser(() => waiting.clear());

/**
 * The cookie may be another user's by now, from another tab: right before each sending the server is asked whose it is. Where it is
 * somebody else's, the answer itself has emptied the queue.
 */
async function askWhose({ client, owner }: KeptThing) {
  const me = await askMe();
  client.setQueryData(meQuery.queryKey, me);
  if (me?.user.id !== owner) throw new Problem(401);
}

/** Takes back the newest first. What cannot be is said in the end, and keeps nothing else from being taken back. */
async function undoAll(all: KeptThing[]) {
  const failures: unknown[] = [];
  for (const one of all.toReversed()) await undoRequest(one.key).catch((error) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

const post = (address: string, body: object, key: string, request?: string) =>
  call<{ version: number }>("post", address, { body, headers: named(key, request) });

/** Sends a creation. The draft of a note may be gone by now: the note is what counts. */
async function create({ address, body, key }: Creation) {
  try {
    return await post(address, body, key);
  } catch (error) {
    if (!asProblem(error).fieldErrors.draft_id) throw error;
    const { draft_id: _gone, ...rest } = body;
    // Another body is another request, and has a key of its own.
    return post(address, rest, `${key}.2`, key);
  }
}

/** Keeps a change that found no server. `answers` are those on screen from before it was shown. */
export function keep(change: Omit<KeptChange, "was" | "names">, text: string, answers: readonly unknown[]) {
  const { client, id, householdId, shown } = change;
  if (change.owner !== pageUser()) return;
  const row = valuesIn(answers, id);
  // Where an earlier change of the row waits as well, what it stands before is what that one stood before.
  const earlier = pendingChanges(id).map((e) => e.was);
  const before = Object.assign({}, row, ...earlier.reverse());
  const was = Object.fromEntries(Object.keys(shown).flatMap((f) => (f in before ? [[f, before[f]]] : [])));
  waiting.add({ ...change, was, names: namesOf(change, row) });
  const undo = () => undoRequest(change.key).finally(() => refresh(client, householdId));
  offerUndo(`${text} It waits for the server.`, async () => waiting.drop(change.key) || undo());
}

/**
 * What the server objects to after the field is off the screen: a conflict is kept for its maker to decide, anything else is told with
 * what was typed.
 */
export function objected(change: Omit<KeptChange, "was" | "names">, typed: string, problem: Problem) {
  if (change.owner !== pageUser()) return;
  if (problem.isConflict) {
    const answers = HOLDERS.flatMap((holder) => change.client.getQueriesData({ queryKey: [holder] }));
    return waiting.hold(
      { ...change, was: {}, names: namesOf(change, valuesIn(answers, change.id)) },
      problem,
    );
  }
  const [reason = problem.message] = Object.values(problem.fieldErrors);
  toast(`${typed} was not saved: ${reason}`, { tone: "error" });
}

/** What a row and its household are called. */
function namesOf({ client, householdId }: Omit<KeptChange, "was" | "names">, row: Record<string, unknown>) {
  const home = nameOfHousehold(client, householdId) || row.household_name;
  const own = [row.title, row.text, row.name, row.kind].find((name) => typeof name === "string");
  return [...new Set([own, home].filter((name) => typeof name === "string"))];
}

/** Keeps what somebody wrote down and no server took. */
export function keepNew(one: NewThing) {
  const { client, householdId } = one;
  if (one.owner !== pageUser()) return;
  const home = nameOfHousehold(client, householdId);
  waiting.add({ names: home ? [home] : [], ...one });
  const undo = () => undoRequest(one.key).finally(() => refresh(client, householdId));
  const what = entityLabel(entityOf(one.noun)).toLowerCase();
  offerUndo(`The ${what} waits for the server.`, async () => giveUp(one) || undo());
}

/** Forgets a thing; words that can be gone on with are put back where they were written. */
export function giveUp({ key, takeBack }: { key: string; takeBack?: () => void }) {
  const dropped = waiting.drop(key);
  if (dropped) takeBack?.();
  return dropped;
}

const nameOfHousehold = (client: QueryClient, id: string | null) =>
  id && client.getQueryData(householdQuery(id).queryKey)?.household.name;

/** What waits stays on screen, on top of what has just come in. */
function showAgain(client: QueryClient, id: string) {
  for (const { shown } of pendingChanges(id)) patchEverywhere(client, id, shown);
}

/** Keeps it so whenever the server answers with what it has; returns the way to stop. */
export function keepShown(client: QueryClient) {
  return client.getQueryCache().subscribe((event) => {
    if (event.type !== "updated" || event.action.type !== "success" || event.action.manual) return;
    const { queryKey } = event.query;
    if (!HOLDERS.some((holder) => holder === queryKey[0])) return;
    for (const { id, shown } of pendingChanges())
      client.setQueryData(queryKey, (cached: unknown) => patchRow(cached, id, shown));
  });
}
