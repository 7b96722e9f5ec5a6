/**
 * Keeps what somebody writes on the server while they write it. Lives outside of the screen, so that a tab of the page that
 * is left and come back to still holds the text; nothing is kept in the browser's storage. Knows no component.
 */
import { asProblem, type Problem } from "@/api/problem";
import type { Draft, DraftWrite, Privacy } from "@/api/queries/notes";

export interface Content {
  body: string;
  privacy: Privacy;
}
export type DraftStatus =
  | { kind: "none" }
  | { kind: "saving" }
  | { kind: "saved"; at: string }
  /** Not on the server yet; it will be tried again by itself. */
  | { kind: "waiting" }
  /** The server refused it; only a change of the text can help. */
  | { kind: "refused"; problem: Problem }
  /** Another window of the same user wrote since. */
  | { kind: "contested"; theirs: Draft };

export interface DraftState extends Content {
  status: DraftStatus;
  /** The draft of an earlier visit that this text began with, until it is saved or thrown away. */
  restored: Draft | null;
  /** The version of the note that the writing began with. */
  base: number | null;
}
export interface DraftServer {
  write: (draft: DraftWrite, keepalive: boolean) => Promise<Draft>;
  /** The draft of this place as the server has it. */
  read: () => Promise<Draft | undefined>;
  remove: (id: string) => Promise<unknown>;
  /** Asks whose page this is; the keeper is stopped before the answer when it is not its writer's any more. */
  check: () => Promise<unknown>;
}

const PAUSE_MS = 700;
/** However fast somebody types, this much at most can be lost. */
const LONGEST_MS = 3_000;
const FIRST_RETRY_MS = 2_000;
const LAST_RETRY_MS = 30_000;
/** One for the page: writers of the same page are not each other's rivals. */
const WINDOW = crypto.randomUUID();
let turns = 0;

export class DraftKeeper {
  private state: DraftState;
  private readonly listeners = new Set<() => void>();
  private seen: number | null = null;
  private id: string | null = null;
  /** Raised by every change of the text. */
  private edition = 0;
  private kept = 0;
  private since = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private retry = FIRST_RETRY_MS;
  private running: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly server: DraftServer,
    private readonly noteId: string | null,
    private readonly start: Content & { base: number | null },
  ) {
    this.state = { ...start, status: { kind: "none" }, restored: null };
  }

  readonly get = () => this.state;
  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  /** Whether there is something that a closed page would lose. */
  get unsaved() {
    return this.kept < this.edition;
  }
  /** Whether the writing differs from what it began with. */
  get touched() {
    return this.state.body !== this.start.body || this.state.privacy !== this.start.privacy;
  }

  change(content: Partial<Content>) {
    this.edition += 1;
    this.set(content);
    if (this.state.status.kind === "contested") return;
    this.since ||= Date.now();
    const left = this.since + LONGEST_MS - Date.now();
    this.later(Math.max(0, Math.min(PAUSE_MS, left)));
  }

  /** Takes up the draft of an earlier visit, unless something has been written here already. */
  adopt(draft: Draft) {
    if (this.edition > 0 || this.id !== null) return;
    this.take(draft);
    if (!draft.body.trim() || draft.body === this.start.body) return;
    this.set({ body: draft.body, privacy: draft.privacy, restored: draft, base: draft.base_version });
    this.set({ status: { kind: "saved", at: draft.updated_at } });
  }

  /** Sends what is not on the server yet. `leaving`: the page is about to go away, so nothing can wait its turn. */
  flush(leaving = false): Promise<void> {
    clearTimeout(this.timer);
    const held = this.stopped || this.state.status.kind === "contested";
    if (!this.unsaved || held) return this.running ?? Promise.resolve();
    // While there was no answer, another may have signed in; a page that goes away cannot ask, and has said so to its writer.
    if (leaving && this.failing) return this.running ?? Promise.resolve();
    const before = this.running ?? Promise.resolve();
    const now = leaving
      ? Promise.all([before, this.send(true)]).then(() => undefined)
      : before.then(() => (this.unsaved ? this.send(false) : undefined));
    const mine = now.finally(() => {
      if (this.running === mine) this.running = null;
    });
    this.running = mine;
    return mine;
  }

  /**
   * What the server knows the draft by, once it has all of it and nothing is on its way any more: the note is about to be
   * saved, and a page that goes away meanwhile must have nothing to send that would bring the draft back after the note.
   */
  async settle(): Promise<string | null> {
    await this.flush();
    clearTimeout(this.timer);
    return this.id;
  }

  /** The text is the one that the writer had on screen, whatever another window wrote. */
  keepMine() {
    const { status } = this.state;
    if (status.kind !== "contested") return;
    this.take(status.theirs);
    this.set({ status: { kind: "saving" } });
    void this.flush();
  }

  takeTheirs() {
    const { status } = this.state;
    if (status.kind !== "contested") return;
    const { theirs } = status;
    this.take(theirs);
    this.kept = this.edition;
    this.set({ body: theirs.body, privacy: theirs.privacy, base: theirs.base_version ?? this.state.base });
    this.set({ status: { kind: "saved", at: theirs.updated_at }, restored: null });
  }

  /** The writing is over: it became a note, or nothing. */
  clear(start: Content & { base: number | null } = this.start) {
    clearTimeout(this.timer);
    this.id = null;
    this.seen = null;
    this.kept = this.edition;
    this.since = 0;
    this.set({ ...start, status: { kind: "none" }, restored: null });
  }

  /** The writer is gone: nothing of this is sent any more. */
  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Throws the draft away, here and on the server. */
  async discard() {
    clearTimeout(this.timer);
    await this.running;
    const { id } = this;
    this.clear();
    // Gone already, by another window: that is what was wanted.
    if (id)
      await this.server.remove(id).catch((error) => asProblem(error).status === 404 || Promise.reject(error));
  }

  /**
   * The draft with this id became a note. What has been written since is none any more and begins one of its own, on top of the
   * version that the note has now.
   */
  gone(id: string | null, base = this.state.base) {
    this.set({ base });
    if (id === null || this.id !== id) return;
    this.id = null;
    this.seen = null;
    if (this.state.body.trim()) this.change({});
  }

  private take(draft: Draft) {
    // Answers may overtake each other.
    this.seen = this.id === draft.id ? Math.max(this.seen ?? 0, draft.version) : draft.version;
    this.id = draft.id;
  }

  private get failing() {
    return this.retry > FIRST_RETRY_MS;
  }

  private set(next: Partial<DraftState>) {
    this.state = { ...this.state, ...next };
    for (const listener of this.listeners) listener();
  }

  private later(ms: number) {
    clearTimeout(this.timer);
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.flush(), ms);
  }

  private async send(leaving: boolean) {
    const { body, privacy, base } = this.state;
    const edition = this.edition;
    turns += 1;
    const write = {
      body,
      privacy,
      note_id: this.noteId,
      base_version: base,
      seen: this.seen,
      written_in: WINDOW,
      turn: turns,
    };
    this.set({ status: { kind: "saving" } });
    try {
      if (this.failing) await this.server.check();
      if (this.stopped) return;
      const draft = await this.server.write(write, leaving);
      this.take(draft);
      this.kept = Math.max(this.kept, edition);
      this.since = 0;
      this.retry = FIRST_RETRY_MS;
      this.set({ status: this.unsaved ? { kind: "saving" } : { kind: "saved", at: draft.updated_at } });
      if (this.unsaved) this.later(PAUSE_MS);
    } catch (error) {
      await this.failed(asProblem(error));
    }
  }

  private async failed(problem: Problem) {
    if (problem.status === 409) {
      const theirs = await this.server.read().catch(() => undefined);
      if (theirs) {
        this.set({ status: { kind: "contested", theirs } });
        return;
      }
      this.seen = null;
    }
    const refused = [400, 401, 403, 404, 413, 422].includes(problem.status);
    this.set({ status: refused ? { kind: "refused", problem } : { kind: "waiting" } });
    if (refused) return;
    this.later(this.retry);
    this.retry = Math.min(this.retry * 2, LAST_RETRY_MS);
  }
}
