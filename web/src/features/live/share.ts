/**
 * One stream for all tabs of a browser: the tab that holds the lock reads it and tells the others. When it goes, another
 * takes the lock and goes on from the last id that it heard. A tab that comes later asks again for what it loaded before it
 * listened, as the reader does at the beginning of the stream. The name of lock and channel holds the user's id, so that
 * nobody hears what was meant for somebody else who signed in after them. Nothing is stored.
 */
import { beginning, type Frame } from "./frames";
import { type Clock, keepOpen, type Open, type Status, type StreamEvents } from "./stream";

type Message =
  | { kind: "frame"; frame: Frame }
  | { kind: "status"; status: Status }
  | { kind: "signed-out" }
  | { kind: "ask" }
  | { kind: "state"; status: Status; cursor: string; presence: Frame | null };

/** What a browser offers for it; a stand-in in tests. */
export interface Browser {
  channel: (name: string) => Pick<BroadcastChannel, "postMessage" | "close"> & {
    onmessage: ((event: MessageEvent) => void) | null;
  };
  /** Runs `work` while this tab alone holds the lock of that name. */
  lock: (name: string, signal: AbortSignal, work: () => Promise<void>) => Promise<void>;
}

export const realBrowser: Browser = {
  channel: (name) => new BroadcastChannel(name),
  lock: async (name, signal, work) => {
    await navigator.locks.request(name, { signal }, work);
  },
};

/** Hears the stream, as its reader or through the tab that reads it, until the answer is called. */
export function hear(userId: string, on: StreamEvents, open: Open, clock: Clock, browser = realBrowser) {
  const stop = new AbortController();
  const name = `magfin-live-${userId}`;
  const channel = browser.channel(name);
  let cursor = "";
  let status: Status = { live: false, since: clock.now() };
  let presence: Frame | null = null;
  let leads = false;
  /** Nothing falls between what this tab had loaded and what it hears: it was told to ask again since it listens. */
  let joined = false;

  const heard: StreamEvents = {
    frame: (frame) => {
      if (frame.id) cursor = frame.id;
      if (frame.event === "presence") presence = frame;
      if (frame.event === "begin" || frame.event === "reset") joined = true;
      on.frame(frame);
    },
    status: (next) => {
      status = next;
      on.status(next);
    },
    signedOut: on.signedOut,
  };
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind === "ask") {
      if (leads) channel.postMessage({ kind: "state", status, cursor, presence } satisfies Message);
    } else if (data.kind === "state") {
      if (leads || joined) return;
      heard.status(data.status);
      // Without a cursor it has not begun: its beginning will be heard here as well.
      if (!data.cursor) return;
      cursor = data.cursor;
      if (data.presence) heard.frame(data.presence);
      heard.frame(beginning("begin"));
    } else if (data.kind === "frame") heard.frame(data.frame);
    else if (data.kind === "status") heard.status(data.status);
    else heard.signedOut();
  };
  channel.postMessage({ kind: "ask" } satisfies Message);

  const tell = (message: Message) => channel.postMessage(message);
  const reads: StreamEvents = {
    frame: (frame) => {
      tell({ kind: "frame", frame });
      heard.frame(frame);
    },
    status: (next) => {
      tell({ kind: "status", status: next });
      heard.status(next);
    },
    signedOut: () => {
      tell({ kind: "signed-out" });
      heard.signedOut();
    },
  };
  browser
    .lock(name, stop.signal, () => {
      leads = true;
      return keepOpen(open, reads, stop.signal, clock, joined ? cursor : "");
    })
    .catch(() => undefined);
  return () => {
    stop.abort();
    channel.close();
  };
}
