/**
 * The operations every client fact shares: create, change, remove, restore, and undo of a single edit.
 * Nothing here knows about screens or caches.
 */
import { call, client, take } from "./client";
import { onItsWay, rememberOwn } from "./own";
import { Problem } from "./problem";
import type { Edit, FactRows, Member, Noun, Why } from "./types";

export type Fields = Record<string, unknown>;
/** A key makes a creation once, and names its request from the first attempt, so that all it did can be undone as one. */
export const named = (key: string, request = key) => ({ "Idempotency-Key": key, "X-Request-Id": request });

type Created<N extends Noun> = N extends "people" ? Member : FactRows[N];

/** The table name the edit stream uses for a noun: `open-loops` is stored as `open_loops`. */
export const entityOf = (noun: Noun) => noun.replaceAll("-", "_");

/** A repeated call with the same `key` answers with the first result instead of acting twice. It names the request as well. */
export function createFact<N extends Exclude<Noun, "households">>(
  noun: N,
  householdId: string,
  fields: Fields,
  key: string,
) {
  rememberOwn(key);
  return call<Created<N>>("post", `/api/households/{household_id}/${noun}`, {
    path: { household_id: householdId },
    body: fields,
    headers: named(key),
  });
}

/** The version that nobody but ourselves has brought a row to since the one that was on screen; null when others had a hand in it. */
const ownChanges = new Map<string, { seen: number; reached: Promise<number | null> }>();

/**
 * Changes only `fields`; `version` is the one the user was looking at. Throws a conflict when a field moved since. A second
 * change before the screen has heard of the first follows it: nobody conflicts with themselves. `moved` says whether the row is
 * another one now: what was stored already is no change, and there is nothing of it to undo.
 */
export function changeFact<N extends Noun>(
  noun: N,
  id: string,
  version: number,
  fields: Fields,
  /** Names the request, so that all it did can be undone as one. */
  requestId: string = crypto.randomUUID(),
) {
  rememberOwn(requestId);
  const before = ownChanges.get(id);
  const change = async () => {
    const from = (before?.seen === version ? await before.reached : null) ?? version;
    const body = { version: from, ...fields };
    const headers = { "X-Request-Id": requestId };
    return {
      from,
      row: await call<FactRows[N]>("patch", `/api/${noun}/{id}`, { path: { id }, body, headers }),
    };
  };
  const done = onItsWay(change());
  const reached = done.then(
    ({ from, row }) => (row.version === from + 1 ? row.version : null),
    () => null,
  );
  ownChanges.set(id, { seen: version, reached });
  return done.then(({ from, row }) => ({ row, moved: row.version !== from }));
}

export function removeFact(noun: Noun, id: string) {
  return call<void>("delete", `/api/${noun}/{id}`, { path: { id } });
}

export function restoreFact<N extends Noun>(noun: N, id: string) {
  return call<FactRows[N]>("post", `/api/${noun}/{id}/restore`, { path: { id } });
}

export function undoEdit(editId: string): Promise<Edit> {
  return take(client.POST("/api/edits/{id}/undo", { params: { path: { id: editId } } }));
}

/** Takes back everything that one of the user's own requests did. Throws where something of it stays, with the reason. */
export async function undoRequest(requestId: string) {
  const done = await take(client.POST("/api/edits/undo-request", { body: { request_id: requestId } }));
  const [kept] = done.kept;
  if (!kept) return;
  const rest = done.undone > 0 ? ". The rest was taken back." : "";
  throw new Problem(409, { detail: kept.reason + rest });
}

/** Where a value came from; with `knownAt`, the value of that moment. */
export function readWhy(
  entity: string,
  id: string,
  field: string,
  { knownAt, signal }: { knownAt?: string; signal?: AbortSignal } = {},
): Promise<Why> {
  const params = { path: { entity, entity_id: id, field }, query: { known_at: knownAt } };
  return take(client.GET("/api/why/{entity}/{entity_id}/{field}", { params, signal }));
}
