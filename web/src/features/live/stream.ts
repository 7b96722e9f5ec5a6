/**
 * The stream of live updates: opened, read, and opened again from where it broke off. Knows nothing of screens; keeps the
 * cursor in memory alone.
 */
import { beginning, type Frame, frameReader } from "./frames";

/** Where the stream stands: `live`, or `down` since that moment. */
export type Status = { live: true } | { live: false; since: number };

export interface StreamEvents {
  frame: (frame: Frame) => void;
  status: (status: Status) => void;
  /** The session is over: there is nothing to come back to. */
  signedOut: () => void;
}
/** Opens the stream after a cursor: the text as it arrives, or the status with which it was refused. */
export type Open = (cursor: string, signal: AbortSignal) => Promise<AsyncIterable<string> | number>;

export interface Clock {
  now: () => number;
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** 0 to 1, to keep a thousand browsers from coming back in the same moment. */
  chance: () => number;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** Keeps a stream open until `signal` is aborted. Answers when it was, or when the session is over. */
export async function keepOpen(
  open: Open,
  on: StreamEvents,
  signal: AbortSignal,
  clock: Clock,
  cursor = "",
): Promise<void> {
  let last = cursor;
  let wait = FIRST_WAIT_MS;
  let down: number | null = null;
  // What is said after the first frame of a stream that goes on from nothing: not before it, so that nothing falls in between.
  let opening: "begin" | "reset" = "begin";
  while (!signal.aborted) {
    const answer = await open(last, signal).catch(() => 0);
    if (answer === 401) return on.signedOut();
    // A cursor that the server does not take is no use: begin anew, and load everything again.
    if (answer === 422) {
      last = "";
      opening = "reset";
    } else if (typeof answer !== "number") {
      const read = frameReader();
      let opens = last === "";
      try {
        for await (const text of answer)
          for (const frame of read(text)) {
            if (frame.id) last = frame.id;
            wait = FIRST_WAIT_MS;
            if (down !== null || frame.event === "hello") on.status({ live: true });
            down = null;
            on.frame(frame);
            if (!opens) continue;
            opens = false;
            on.frame(beginning(opening));
            opening = "begin";
          }
      } catch {
        // Broken off: the same as an end.
      }
    }
    if (signal.aborted) return;
    down ??= clock.now();
    on.status({ live: false, since: down });
    await clock.wait(wait * (0.5 + clock.chance() / 2), signal);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }
}

/** The real stream. Nothing is heard for this long only when the line is dead: the server says something every 15 s. */
const SILENCE_MS = 40_000;

export const openHttp: Open = async (cursor, signal) => {
  const query = cursor ? `?cursor=${encodeURIComponent(cursor)}` : "";
  const response = await fetch(`/api/live${query}`, {
    headers: { accept: "text/event-stream" },
    credentials: "same-origin",
    cache: "no-store",
    signal,
  });
  if (!response.ok || !response.body) return response.status;
  return textOf(response.body);
};

async function* textOf(body: ReadableStream<Uint8Array>) {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
  try {
    for (;;) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const silence = new Promise<never>((_, refuse) => {
        timer = setTimeout(() => refuse(new Error("silence")), SILENCE_MS);
      });
      const { done, value } = await Promise.race([reader.read(), silence]).finally(() => clearTimeout(timer));
      if (done) return;
      yield value;
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

export const systemClock: Clock = {
  now: () => Date.now(),
  chance: () => Math.random(),
  wait: (ms, signal) =>
    new Promise((done) => {
      const timer = setTimeout(finish, ms);
      function finish() {
        clearTimeout(timer);
        signal.removeEventListener("abort", finish);
        done();
      }
      signal.addEventListener("abort", finish);
    }),
};
