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
/** Something new that somebody wrote down. Until it is sent it has no id, and nothing contradicts it. */
export interface Creation {
  key: string;
  noun: Noun;
  /** Where it is sent, and what. */
  address: string;
  body: Fields;
}
export type Sendable = Change | Creation;

interface Kept {
  /** Whose it is: sent for them alone, and dropped as soon as somebody else is signed in. */
  owner: string | null;
  /** What the row and its household are called. */
  names: string[];
  client: QueryClient;
  householdId: string | null;
}
/** A change with what the screen knows of it. */
export interface KeptChange extends Change, Kept {
  /** What the screen shows of it: a sealed value is not shown. */
  shown: Fields;
  /** What the screen showed before. */
  was: Fields;
}
/** A creation with what the screen knows of it. */
export interface KeptCreation extends Creation, Kept {
  /** What was written, as its writer knows it. */
  words: string;
  /** Told when the server has it. */
  onSaved?: () => void;
  /** Takes the words back to where they were written, when it is given up. */
  takeBack?: () => void;
}
export type KeptThing = KeptChange | KeptCreation;

/**
 * How it went so far: kept for later, on its way, or for its maker to decide. What was dropped may have reached the server although
 * its answer did not: it stays, out of sight, until the server has been asked to take it back.
 */
export interface Fate {
  state: "waiting" | "sending" | "conflict" | "refused" | "dropped";
  problem?: Problem;
}
export type Waiting<T extends Sendable> = T & Fate;

export const isCreation = <T extends Sendable>(one: T): one is Extract<T, Creation> => "address" in one;
export const isChange = <T extends Sendable>(one: T): one is Extract<T, Change> => "fields" in one;

/** Whether the screen shows a thing as if it were saved. */
export const isPending = ({ state }: Fate) => state === "waiting" || state === "sending";

/** Whether its maker still counts on it. */
export const isKept = ({ state }: Fate) => state !== "dropped";

export class WaitingList<T extends Sendable> {
  private things: readonly Waiting<T>[] = [];
  private readonly listeners = new Set<() => void>();

  readonly all = () => this.things;
  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };
  set(next: readonly Waiting<T>[]) {
    this.things = next;
    for (const listener of this.listeners) listener();
  }
}

export const waitingList = new WaitingList<KeptThing>();

/** The changes that the screen shows as if they were saved; with `id` those of one row. */
export const pendingChanges = (id?: string) =>
  waitingList
    .all()
    .filter(isPending)
    .filter((one) => isChange(one))
    .filter((one) => id === undefined || one.id === id);

/** Whether a change of this row, or of this field of it, waits. */
export const useWaiting = (id: string, field?: string) =>
  useSyncExternalStore(waitingList.subscribe, () =>
    pendingChanges(id).some((change) => field === undefined || field in change.fields),
  );

/** What was written down of a kind, for a household or for any, and has not reached the server yet. */
export const useComing = (noun: Noun, householdId?: string) =>
  useSyncExternalStore(waitingList.subscribe, waitingList.all)
    .filter(isPending)
    .filter((one) => isCreation(one))
    .filter((one) => one.noun === noun && (householdId === undefined || one.householdId === householdId));
