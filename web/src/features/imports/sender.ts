/**
 * Sends a chosen folder or archive part by part, and goes on where it stopped. Lives beside the pages: somebody may look at
 * other screens meanwhile. Nothing is kept in the browser's storage.
 */
import { asProblem, type Problem } from "@/api/problem";
import { putPart, readUpload, startReading } from "@/api/queries/uploads";

/** Times that a part is tried before somebody is asked. */
const TRIES = 5;
const PAUSE_MS = 1_000;

export interface Sending {
  sent: number;
  total: number;
  /** `failed` waits for somebody to try again. */
  status: "sending" | "failed" | "sent";
  problem: Problem | null;
}

const wait = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("called off", "AbortError"));
    });
  });

export class Sender {
  private state: Sending;
  private readonly listeners = new Set<() => void>();
  private readonly stop = new AbortController();

  constructor(
    readonly id: string,
    private readonly blob: Blob,
    private readonly partSize: number,
    private readonly pause = PAUSE_MS,
  ) {
    this.state = { sent: 0, total: blob.size, status: "sending", problem: null };
  }

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly snapshot = () => this.state;

  private set(change: Partial<Sending>) {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }

  /** Sends what is missing, then asks for the dry run. */
  async run() {
    const { signal } = this.stop;
    this.set({ status: "sending", problem: null });
    try {
      const { parts, state } = await readUpload(this.id, signal);
      if (state === "receiving") {
        const there = new Set(parts);
        const count = Math.ceil(this.blob.size / this.partSize);
        for (let number = 0; number < count; number += 1) {
          const end = Math.min((number + 1) * this.partSize, this.blob.size);
          if (!there.has(number))
            await this.part(number, this.blob.slice(number * this.partSize, end), signal);
          this.set({ sent: end });
        }
        await startReading(this.id);
      }
      this.set({ status: "sent", sent: this.blob.size });
    } catch (error) {
      if (signal.aborted) return;
      this.set({ status: "failed", problem: asProblem(error) });
    }
  }

  private async part(number: number, part: Blob, signal: AbortSignal) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await putPart(this.id, number, part, signal);
      } catch (error) {
        const { status } = asProblem(error);
        const passes = status === 0 || status === 429 || status >= 500;
        if (signal.aborted || !passes || attempt >= TRIES) throw error;
        await wait(this.pause * 2 ** (attempt - 1), signal);
      }
    }
  }

  cancel() {
    this.stop.abort();
  }
}

const senders = new Map<string, Sender>();
export const senderOf = (id: string) => senders.get(id);

/** Begins to send; the one that sends the same upload already goes on. */
export function send(id: string, blob: Blob, partSize: number) {
  const known = senders.get(id);
  if (known) {
    if (known.snapshot().status === "failed") void known.run();
    return;
  }
  const sender = new Sender(id, blob, partSize);
  senders.set(id, sender);
  void sender.run();
}

export function callOff(id: string) {
  senders.get(id)?.cancel();
  senders.delete(id);
}
