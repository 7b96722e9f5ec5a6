/** The queue of this page: how its changes reach the server, and how the screen keeps showing them until then. */
import type { QueryClient } from "@tanstack/react-query";
import { changeFact } from "@/api/facts";
import { householdQuery } from "@/api/queries/households";
import { patchRow, valuesIn } from "@/lib/cache";
import { plural } from "@/lib/words";
import { EditQueue } from "./queue";
import { HOLDERS, patchEverywhere, refresh, undoChange } from "./screen";
import { offerUndo } from "./undo";
import { type KeptChange, waitingList } from "./waiting-list";

export const waiting = new EditQueue<KeptChange>(waitingList, {
  send: ({ noun, id, version, fields, key }) => changeFact(noun, id, version, fields, key),
  saved: ({ client, id }, row) => {
    patchEverywhere(client, id, row);
    showAgain(client, id);
  },
  withdrawn: ({ client, id, was, householdId }) => {
    patchEverywhere(client, id, was);
    showAgain(client, id);
    void refresh(client, householdId);
  },
  done: (changes) => {
    const renew = () => Promise.all(changes.map((c) => refresh(c.client, c.householdId)));
    const undo = async () => {
      for (const change of changes.toReversed()) await undoChange(change);
    };
    offerUndo(`${plural(changes.length, "waiting change")} saved.`, () => undo().finally(renew));
    void renew();
  },
});

/** Keeps a change that found no server. `answers` are those on screen from before it was shown. */
export function keep(change: Omit<KeptChange, "was" | "names">, text: string, answers: readonly unknown[]) {
  const { client, id, householdId, shown } = change;
  const row = valuesIn(answers, id);
  const home = householdId && client.getQueryData(householdQuery(householdId).queryKey)?.household.name;
  const own = [row.title, row.text, row.name, row.kind].find((name) => typeof name === "string");
  const names = [own, home || row.household_name].filter((name) => typeof name === "string");
  // Where an earlier change of the row waits as well, what it stands before is what that one stood before.
  const earlier = waitingList.pending().flatMap((e) => (e.id === id ? [e.was] : []));
  const before = Object.assign({}, row, ...earlier.reverse());
  const was = Object.fromEntries(Object.keys(shown).flatMap((f) => (f in before ? [[f, before[f]]] : [])));
  waiting.add({ ...change, was, names: [...new Set(names)] });
  const undo = () => undoChange(change).finally(() => refresh(client, householdId));
  offerUndo(`${text} It waits for the server.`, async () => waiting.drop(change.key) || undo());
}

/** What waits stays on screen, on top of what has just come in. */
function showAgain(client: QueryClient, id: string) {
  for (const edit of waitingList.pending()) if (edit.id === id) patchEverywhere(client, id, edit.shown);
}

/** Keeps it so whenever the server answers with what it has; returns the way to stop. */
export function keepShown(client: QueryClient) {
  return client.getQueryCache().subscribe((event) => {
    if (event.type !== "updated" || event.action.type !== "success" || event.action.manual) return;
    const { queryKey } = event.query;
    if (!HOLDERS.some((holder) => holder === queryKey[0])) return;
    for (const { id, shown } of waitingList.pending())
      client.setQueryData(queryKey, (cached: unknown) => patchRow(cached, id, shown));
  });
}
