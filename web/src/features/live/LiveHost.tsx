import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { meQuery } from "@/api/queries/session";
import type { Change, Present } from "@/api/types";
import { applyBeginning, applyReset, Renewal } from "./apply";
import type { Frame } from "./frames";
import { hear } from "./share";
import { liveStore } from "./store";
import { openHttp, type Status, systemClock } from "./stream";

/** Hears what others change for as long as somebody is signed in, and renews what is on screen. */
export function LiveHost({ userId }: { userId: string }) {
  const client = useQueryClient();
  useEffect(() => {
    const renewal = new Renewal(client);
    const frame = ({ event, data }: Frame) => {
      const body = JSON.parse(data || "{}") as { changes?: Change[]; present?: Present[] };
      if (event === "change" && body.changes) {
        renewal.changed(body.changes);
        liveStore.changed(body.changes, userId);
      } else if (event === "presence" && body.present) liveStore.present(body.present);
      else if (event === "unread") void client.invalidateQueries({ queryKey: ["notifications"] });
      else if (event === "reset") applyReset(client);
      else if (event === "begin") applyBeginning(client);
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
    document.addEventListener("visibilitychange", renewal.look);
    return () => {
      stop();
      renewal.stop();
      document.removeEventListener("visibilitychange", renewal.look);
      liveStore.clear();
    };
  }, [client, userId]);
  return null;
}
