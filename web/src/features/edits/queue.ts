/**
 * What found no server: changes and things that are new, kept in memory in the order they were made, and sent when it answers
 * again. Nothing of them is written anywhere: they go with the page, which asks before it goes.
 */
import { asProblem, type Problem } from "@/api/problem";
import type { Resend } from "@/lib/conflict";
import { plural } from "@/lib/words";
import {
  type Change,
  type Fate,
  isChange,
  isPending,
  type Sendable,
  type Waiting,
  type WaitingList,
} from "./waiting-list";

interface Effects<T extends Sendable> {
  send: (one: T) => Promise<{ version: number }>;
  /** The server has it: this is the row now. */
  saved: (one: T, row: { version: number }) => void;
  /** The server will not have it as it is: the screen must not show it as if it had. */
  withdrawn: (one: T) => void;
  /** The end of a round in which these were saved. */
  done: (all: T[]) => void;
}

const FIRST_MS = 2_000;
const LONGEST_MS = 60_000;
/** No answer, an answer of somebody in between, or a server that has had enough: it may go better later. */
const later = ({ status }: Problem) => status === 0 || status === 401 || status === 429 || status >= 500;

export class SendQueue<T extends Sendable> {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pause = FIRST_MS;
  private running = false;

  constructor(
    private readonly list: WaitingList<T>,
    private readonly effects: Effects<T>,
  ) {}

  add(one: T) {
    this.set([...this.list.all(), { ...one, state: "waiting" }]);
    this.schedule();
  }

  /** Forgets a thing; answers whether it was still to be forgotten. */
  drop(key: string) {
    const one = this.list.all().find((e) => e.key === key);
    if (!one || one.state === "sending") return false;
    this.set(this.list.all().filter((e) => e !== one));
    if (isPending(one)) this.effects.withdrawn(one);
    void this.flush();
    return true;
  }

  /** What would go with the page; null when nothing would. */
  lost() {
    const { length } = this.list.all();
    return length > 0 ? `${plural(length, "change")} ${length === 1 ? "is" : "are"}` : null;
  }

  clear() {
    this.set([]);
  }

  /** What becomes of a conflict: sent again on top of the other's, or given up. */
  settle(key: string, next: Resend | null) {
    const edit = this.list.all().find((e) => e.key === key);
    if (!edit || !next) return void this.drop(key);
    const decided = { ...edit, ...next, state: "waiting" as const, problem: undefined };
    // What was made of the same fields after it, was made after what is kept now.
    const after = (e: Waiting<T>) => (isWithin(e, edit) ? atVersion(e, next.version) : e);
    this.set(this.list.all().map((e) => (e === edit ? decided : after(e))));
    void this.flush();
  }

  /** Sends what waits, one after another; a field whose earlier change needs a decision is left until it is made. */
  async flush() {
    if (this.running) return;
    this.running = true;
    clearTimeout(this.timer);
    const saved: T[] = [];
    for (let one = this.next(); one; one = this.next()) {
      const fate = await this.send(one);
      if (fate === "saved") saved.push(one);
      if (fate === "waiting") break;
      this.pause = FIRST_MS;
    }
    this.running = false;
    if (saved.length > 0) this.effects.done(saved);
    this.schedule();
  }

  private async send(one: Waiting<T>): Promise<"saved" | Fate["state"]> {
    this.update(one.key, { state: "sending" } as Partial<Waiting<T>>);
    try {
      const row = await this.effects.send(one);
      this.set(
        this.list
          .all()
          .filter((e) => e.key !== one.key)
          .map((e) => following(e, one, row.version)),
      );
      this.effects.saved(one, row);
      return "saved";
    } catch (error) {
      const problem = asProblem(error);
      const state = later(problem) ? "waiting" : problem.isConflict ? "conflict" : "refused";
      const kept = state === "waiting" ? undefined : problem;
      this.update(one.key, { state, problem: kept } as Partial<Waiting<T>>);
      if (kept) this.effects.withdrawn(one);
      return state;
    }
  }

  private next() {
    const held = new Set<string>();
    for (const one of this.list.all()) {
      const places = placesOf(one);
      if (one.state === "waiting" && !places.some((place) => held.has(place))) return one;
      for (const place of places) held.add(place);
    }
    return undefined;
  }

  private schedule() {
    clearTimeout(this.timer);
    if (!this.next()) return;
    this.timer = setTimeout(() => void this.flush(), this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_MS);
  }

  private update(key: string, part: Partial<Waiting<T>>) {
    this.set(this.list.all().map((e) => (e.key === key ? { ...e, ...part } : e)));
  }

  private set(next: readonly Waiting<T>[]) {
    const before = this.list.all().length;
    this.list.set(next);
    if (before === 0 && next.length > 0) this.guard();
    if (before > 0 && next.length === 0) this.release();
  }

  private readonly online = () => {
    this.pause = FIRST_MS;
    void this.flush();
  };
  // Only while something waits: a page that asks before it goes is not kept by the browser for going back.
  private guard() {
    window.addEventListener("online", this.online);
    window.addEventListener("beforeunload", ask);
  }
  private release() {
    clearTimeout(this.timer);
    this.pause = FIRST_MS;
    window.removeEventListener("online", this.online);
    window.removeEventListener("beforeunload", ask);
  }
}

const ask = (event: Event) => event.preventDefault();

/** The fields that a change sets. What is new is in nobody's way. */
const placesOf = (one: Sendable) =>
  isChange(one) ? Object.keys(one.fields).map((field) => `${one.id}/${field}`) : [];

/**
 * A later change was made on top of the one that has just been saved, which the server has found to contradict nobody. It
 * follows that one, so that nobody conflicts with themselves, where nobody else can have been in between: no other change came,
 * or the fields are the same.
 */
function following<T extends Sendable>(edit: Waiting<T>, saved: Sendable, version: number): Waiting<T> {
  const follows = isWithin(edit, saved) || (isOfSame(edit, saved) && version === saved.version + 1);
  return follows ? atVersion(edit, version) : edit;
}

const atVersion = <T extends Sendable>(edit: Waiting<T>, version: number): Waiting<T> =>
  Object.assign({}, edit, { version });

/** Whether a change was made before the same version of the same row. */
function isOfSame(edit: Sendable, other: Sendable): other is Change {
  return isChange(edit) && isChange(other) && edit.id === other.id && edit.version === other.version;
}

/** Whether it is of no other field besides. */
const isWithin = (edit: Sendable, other: Sendable) =>
  isOfSame(edit, other) && placesOf(edit).every((place) => placesOf(other).includes(place));
