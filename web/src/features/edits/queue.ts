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
  isCreation,
  isKept,
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
  /** Takes back what the server may have made, although its answer was lost and its maker dropped it. */
  retract: (one: T) => Promise<unknown>;
  /** The end of a round in which these were saved. */
  done: (all: T[]) => void;
}

const FIRST_MS = 2_000;
const LONGEST_MS = 60_000;

export class SendQueue<T extends Sendable> {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pause = FIRST_MS;
  private running = false;
  private saved: T[] = [];

  constructor(
    private readonly list: WaitingList<T>,
    private readonly effects: Effects<T>,
  ) {}

  add(one: T) {
    this.set([...this.list.all(), { ...one, state: "waiting" }]);
    this.schedule();
  }

  /** Takes up what the server has refused already, for its maker to decide. */
  hold(one: T, problem: Problem) {
    this.set([...this.list.all(), { ...one, state: "conflict", problem }]);
  }

  /** Forgets a thing; answers whether it was still to be forgotten. */
  drop(key: string) {
    const one = this.list.all().find((e) => e.key === key);
    if (!one || one.state === "sending" || !isKept(one)) return false;
    // What was refused was not made; what is new and waits may have been.
    if (one.state === "waiting" && isCreation(one)) this.update(key, { state: "dropped" });
    else this.remove(key);
    if (isPending(one)) this.effects.withdrawn(one);
    void this.flush();
    return true;
  }

  /** What would go with the page; null when nothing would. */
  lost() {
    const { length } = this.list.all().filter(isKept);
    return length > 0 ? `${plural(length, "change")} ${length === 1 ? "is" : "are"}` : null;
  }

  /** Forgets everything, also what is on its way: whatever comes of that, nobody here is told. */
  clear() {
    this.saved = [];
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
    for (let one = this.next(); one; one = this.next()) {
      const fate = await (isKept(one) ? this.send(one) : this.retract(one));
      if (fate === "waiting") break;
      this.pause = FIRST_MS;
    }
    this.running = false;
    const saved = this.saved;
    this.saved = [];
    if (saved.length > 0) this.effects.done(saved);
    this.schedule();
  }

  private async send(one: Waiting<T>): Promise<"saved" | Fate["state"]> {
    this.update(one.key, { state: "sending" });
    try {
      const row = await this.effects.send(one);
      if (!this.has(one.key)) return "waiting";
      this.saved.push(one);
      this.set(
        this.list
          .all()
          .filter((e) => e.key !== one.key)
          .map((e) => following(e, one, row.version)),
      );
      this.effects.saved(one, row);
      return "saved";
    } catch (error) {
      if (!this.has(one.key)) return "waiting";
      const problem = asProblem(error);
      const state = problem.isUnanswered ? "waiting" : problem.isConflict ? "conflict" : "refused";
      const kept = state === "waiting" ? undefined : problem;
      this.update(one.key, { state, problem: kept });
      if (kept) this.effects.withdrawn(one);
      return state;
    }
  }

  /** Any answer ends it: there was nothing to take back, it is taken back, or somebody has gone on with it. */
  private async retract(one: Waiting<T>): Promise<"saved" | "waiting"> {
    const problem = await this.effects.retract(one).then(() => null, asProblem);
    if (problem?.isUnanswered) return "waiting";
    this.remove(one.key);
    return "saved";
  }

  private next() {
    const held = new Set<string>();
    for (const one of this.list.all()) {
      if (!isKept(one)) return one;
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

  private has(key: string) {
    return this.list.all().some((e) => e.key === key);
  }
  private remove(key: string) {
    this.set(this.list.all().filter((e) => e.key !== key));
  }
  private update(key: string, fate: Fate) {
    this.set(this.list.all().map((e) => (e.key === key ? { ...e, ...fate } : e)));
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
    window.addEventListener("beforeunload", this.ask);
  }
  private release() {
    clearTimeout(this.timer);
    this.pause = FIRST_MS;
    window.removeEventListener("online", this.online);
    window.removeEventListener("beforeunload", this.ask);
  }
  private readonly ask = (event: Event) => {
    if (this.lost()) event.preventDefault();
  };
}

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
