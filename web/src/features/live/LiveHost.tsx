import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { meQuery } from "@/api/queries/session";
import type { Change, Present } from "@/api/types";
import { moment } from "@/lib/dates";
import { applyChanges, applyReset } from "./apply";
import type { Frame } from "./frames";
import { hear } from "./share";
import { liveStore, useLiveStatus } from "./store";
import { openHttp, type Status, systemClock } from "./stream";

/** How long the stream may be down before the screen says so. */
const STALE_MS = 10_000;

/** Hears what others change for as long as somebody is signed in, and renews what is on screen. */
export function LiveHost({ userId }: { userId: string }) {
  const client = useQueryClient();
  useEffect(() => {
    const frame = ({ event, data }: Frame) => {
      const body = JSON.parse(data || "{}") as { changes?: Change[]; present?: Present[] };
      if (event === "change" && body.changes) {
        applyChanges(client, body.changes);
        liveStore.changed(body.changes, userId);
      } else if (event === "presence" && body.present) liveStore.present(body.present);
      else if (event === "unread") void client.invalidateQueries({ queryKey: ["notifications"] });
      else if (event === "reset") applyReset(client);
    };
    // The next answer to "who is signed in" is the sign-in page, or another user's.
    const askAgain = () => void client.invalidateQueries({ queryKey: meQuery.queryKey });
    let broken = false;
    const status = (now: Status) => {
      if (now.live && broken) askAgain();
      broken = !now.live;
      liveStore.status(now);
    };
    const stop = hear(userId, { frame, status, signedOut: askAgain }, openHttp, systemClock);
    return () => {
      stop();
      liveStore.clear();
    };
  }, [client, userId]);
  return null;
}

/** Says that the screen may be old, once the stream has been down for a while. */
export function StaleMark() {
  const status = useLiveStatus();
  const since = status.live ? null : status.since;
  const [stale, setStale] = useState(false);
  useEffect(() => {
    setStale(false);
    if (since === null) return;
    const timer = setTimeout(() => setStale(true), Math.max(0, since + STALE_MS - Date.now()));
    return () => clearTimeout(timer);
  }, [since]);
  return (
    <p aria-live="polite" className="min-w-0 shrink-0" data-testid="stale-mark">
      {stale && since !== null && (
        <span className="flex items-center gap-2 rounded-md bg-warn-soft px-2.5 py-1 text-xs text-warn">
          <span aria-hidden className="size-1.5 rounded-full bg-current" />
          <span>
            Not live<span className="hidden sm:inline">: as of {moment(new Date(since).toISOString())}</span>
          </span>
        </span>
      )}
    </p>
  );
}
