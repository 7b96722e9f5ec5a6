import { describe, expect, test } from "vitest";
import { type Frame, frameReader } from "./frames";
import { type Browser, hear } from "./share";
import { type Clock, keepOpen, type Open, type Status } from "./stream";

const frame = (event: string, id: string, data = "{}") => `event: ${event}\nid: ${id}\ndata: ${data}\n\n`;

test("ST-6 frames are read however the text is cut, and comments say nothing", () => {
  const text = `${frame("hello", "1:1:")}: beat\n\n${frame("change", "1:2:", '{"changes":[]}')}`;
  for (let size = 1; size < text.length; size += 1) {
    const read = frameReader();
    const seen: Frame[] = [];
    for (let at = 0; at < text.length; at += size) seen.push(...read(text.slice(at, at + size)));
    expect(seen.map((f) => [f.event, f.id])).toEqual([
      ["hello", "1:1:"],
      ["change", "1:2:"],
    ]);
  }
});

/** A clock that stands still and a server whose answers are listed; the stream is stopped when they are used up. */
async function run(answers: (number | string[] | Error)[], cursor = "") {
  const stop = new AbortController();
  const log = {
    asked: [] as string[],
    frames: [] as string[],
    status: [] as Status[],
    waits: [] as number[],
  };
  let signedOut = false;
  let at = 0;
  const open: Open = async (from) => {
    log.asked.push(from);
    const answer = answers[at++];
    if (at >= answers.length) stop.abort();
    if (answer instanceof Error) throw answer;
    if (typeof answer === "number") return answer;
    return (async function* () {
      yield* answer ?? [];
    })();
  };
  const clock: Clock = {
    now: () => 1000 + at,
    chance: () => 1,
    wait: async (ms) => {
      log.waits.push(ms);
    },
  };
  const on = {
    frame: (f: Frame) => log.frames.push(f.event),
    status: (s: Status) => log.status.push(s),
    signedOut: () => {
      signedOut = true;
    },
  };
  await keepOpen(open, on, stop.signal, clock, cursor);
  return { ...log, signedOut };
}

describe("ST-6 the stream", () => {
  test("comes back with the last id that it heard", async () => {
    const { asked } = await run([
      [frame("hello", "1:1:"), frame("change", "1:5:")],
      [frame("hello", "1:5:")],
      0,
    ]);
    expect(asked).toEqual(["", "1:5:", "1:5:"]);
  });

  test("waits longer after each failure, at most 30 s, and says since when it is down", async () => {
    const { waits, status } = await run([new Error("no line"), 503, 503, 503, 503, 503, 503, 503, 503]);
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16000, 30000, 30000]);
    expect(new Set(status.map((s) => (s.live ? "live" : s.since)))).toEqual(new Set([1001]));
  });

  test("is live again with the first frame, and short waits begin anew", async () => {
    const { status, waits } = await run([503, 503, [frame("hello", "1:1:")], 0]);
    expect(status.map((s) => s.live)).toEqual([false, false, true, false]);
    expect(waits).toEqual([500, 1000, 500]);
  });

  test("ends with the session", async () => {
    expect((await run([401, 200])).signedOut).toBe(true);
  });

  test("begins anew, and has everything loaded again, when its cursor is not taken", async () => {
    const { asked, frames } = await run([422, [frame("hello", "1:9:")], 0], "x");
    expect(asked).toEqual(["x", "", "1:9:"]);
    // Not before the new stream is there: what changes in between would be in neither.
    expect(frames).toEqual(["hello", "reset"]);
  });

  test("says once when it begins from nothing, and not when it goes on", async () => {
    const { frames } = await run([[frame("hello", "1:1:")], [frame("hello", "1:2:")], 0]);
    expect(frames).toEqual(["hello", "begin", "hello"]);
  });
});

/** A browser with several tabs: one lock, and a channel between them. Of an `unheard` tab nobody hears that it came. */
function tabs(open: Open, clock: Clock) {
  const queue: { signal: AbortSignal; work: () => Promise<void> }[] = [];
  let running = false;
  const next = () => {
    const first = queue.find((q) => !q.signal.aborted);
    if (running || !first) return;
    queue.splice(0, queue.indexOf(first) + 1);
    running = true;
    void first.work().finally(() => {
      running = false;
      next();
    });
  };
  const members = new Set<{ onmessage: ((e: MessageEvent) => void) | null }>();
  const browser = (unheard: boolean): Browser => ({
    channel: () => {
      const self = {
        onmessage: null as ((e: MessageEvent) => void) | null,
        postMessage: (data: { kind: string }) => {
          if (unheard && data.kind === "ask") return;
          for (const m of members) if (m !== self) m.onmessage?.({ data } as MessageEvent);
        },
        close: () => members.delete(self),
      };
      members.add(self);
      return self;
    },
    lock: async (_, signal, work) => {
      queue.push({ signal, work });
      next();
    },
  });
  return ({ unheard = false } = {}) => {
    const frames: string[] = [];
    const on = {
      frame: (f: Frame) => frames.push(f.id || f.event),
      status: () => undefined,
      signedOut: () => undefined,
    };
    return { frames, close: hear("u", on, open, clock, browser(unheard)) };
  };
}

const settle = () => new Promise<void>((done) => setTimeout(done));

/** A server that sends what the test feeds to each stream, and remembers after which cursor each was asked for. */
function server() {
  const asked: string[] = [];
  const feeds: ((text: string | null) => void)[] = [];
  const open: Open = async (cursor, signal) => {
    asked.push(cursor);
    const waiting: (string | null)[] = [];
    let wake = () => {};
    const feed = (text: string | null) => {
      waiting.push(text);
      wake();
    };
    feeds.push(feed);
    signal.addEventListener("abort", () => feed(null));
    return (async function* () {
      for (;;) {
        while (waiting.length > 0) {
          const text = waiting.shift();
          if (text === null || text === undefined) return;
          yield text;
        }
        await new Promise<void>((done) => {
          wake = done;
        });
      }
    })();
  };
  const clock: Clock = { now: () => 0, chance: () => 0, wait: settle };
  const send = async (stream: number, id: string) => {
    feeds[stream]?.(frame("change", id));
    await settle();
  };
  return { asked, send, tab: tabs(open, clock) };
}

/** The same with a tab that reads its stream, and has heard of the change `1:2:`. */
async function read() {
  const at = server();
  const one = at.tab();
  await settle();
  await at.send(0, "1:2:");
  return { ...at, one };
}

describe("ST-6 tabs share one stream", () => {
  test("and another tab goes on when the one that reads it is closed", async () => {
    const { asked, send, tab } = server();
    const [one, two] = [tab(), tab()];
    await settle();
    await send(0, "1:2:");
    expect([one.frames, two.frames]).toEqual([
      ["1:2:", "begin"],
      ["1:2:", "begin"],
    ]);
    expect(asked).toEqual([""]);
    one.close();
    await settle();
    expect(asked).toEqual(["", "1:2:"]);
    await send(1, "1:3:");
    expect(two.frames).toEqual(["1:2:", "begin", "1:3:"]);
    two.close();
  });

  test("and one that comes later asks again for what it loaded before it listened, once", async () => {
    const { asked, send, tab, one } = await read();
    const two = tab();
    expect(two.frames).toEqual(["begin"]);
    const three = tab();
    expect([one.frames, two.frames]).toEqual([["1:2:", "begin"], ["begin"]]);
    await send(0, "1:3:");
    expect(three.frames).toEqual(["begin", "1:3:"]);
    // It goes on from where the other was, without asking for everything again.
    one.close();
    await settle();
    expect(asked).toEqual(["", "1:3:"]);
    two.close();
    three.close();
  });

  test("and one that nobody answered begins anew when it reads it: what it heard says nothing of what came before", async () => {
    const { asked, send, tab, one } = await read();
    const two = tab({ unheard: true });
    await send(0, "1:3:");
    expect(two.frames).toEqual(["1:3:"]);
    one.close();
    await settle();
    expect(asked).toEqual(["", ""]);
    await send(1, "1:4:");
    expect(two.frames).toEqual(["1:3:", "1:4:", "begin"]);
    two.close();
  });
});
