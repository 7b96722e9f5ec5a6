import { useEffect, useState } from "react";
import { moment } from "@/lib/dates";
import { useLiveStatus } from "./store";

/** How long the stream may be down before the screen says so. */
const STALE_MS = 10_000;

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
