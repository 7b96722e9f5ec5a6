/** What waits for the server, as the screens read it; the queue that sends it is loaded apart. In memory alone. */
import type { QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import type { Fields } from "@/api/facts";
import type { Problem } from "@/api/problem";
import type { Noun } from "@/api/types";

/** A change of a row, as it was made on screen. */
export interface Change {
  /** Names the request, however often it is sent. */
  key: string;
  noun: Noun;
  id: string;
  /** The version of the row that was on screen. */
  version: number;
  fields: Fields;
}
/** A change with what the screen knows of it. */
export interface KeptChange extends Change {
  /** What the screen shows of it: a sealed value is not shown. */
  shown: Fields;
  /** What the screen showed before. */
  was: Fields;
  /** What the row and its household are called. */
  names: string[];
  client: QueryClient;
  householdId: string | null;
}
/** How it went so far: kept for later, on its way, or for its maker to decide. */
export interface Fate {
  state: "waiting" | "sending" | "conflict" | "refused";
  problem?: Problem;
}
export type Waiting<C extends Change> = C & Fate;

/** Whether the screen shows a change as if it were saved. */
export const isPending = ({ state }: Fate) => state === "waiting" || state === "sending";

export class WaitingList<C extends Change> {
  private edits: readonly Waiting<C>[] = [];
  private readonly listeners = new Set<() => void>();

  readonly all = () => this.edits;
  readonly pending = () => this.edits.filter(isPending);
  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };
  set(next: readonly Waiting<C>[]) {
    this.edits = next;
    for (const listener of this.listeners) listener();
  }
}

export const waitingList = new WaitingList<KeptChange>();

/** Whether a change of this row, or of this field of it, waits. */
export const useWaiting = (id: string, field?: string) =>
  useSyncExternalStore(waitingList.subscribe, () =>
    waitingList.pending().some((e) => e.id === id && (field === undefined || field in e.fields)),
  );
