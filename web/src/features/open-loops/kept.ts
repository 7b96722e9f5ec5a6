/** Loops that were closed here a moment ago: they stay where they were, to be undone or shown evidence for. */
import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { LoopLine, OpenLoop } from "@/api/types";

const LINGERS_MS = 5 * 60_000;
// Among the answers of the server, so that a change of a loop reaches its kept row as well.
const KEY = ["open-loops", "kept"];
interface Kept {
  loop: OpenLoop;
  at: number;
}

/** Keeps a loop that is being closed. */
export function keepLoop(client: QueryClient, loop: OpenLoop) {
  const others = (client.getQueryData<Kept[]>(KEY) ?? []).filter((k) => k.loop.id !== loop.id);
  client.setQueryData<Kept[]>(KEY, [...others, { loop, at: Date.now() }]);
}

/** The loops of a list with those that were closed less than five minutes ago and have left it. */
export function useKept(loops: LoopLine[]): LoopLine[] {
  const client = useQueryClient();
  const [, tick] = useState(0);
  const all = useQuery({
    queryKey: KEY,
    queryFn: () => client.getQueryData<Kept[]>(KEY) ?? [],
    initialData: () => client.getQueryData<Kept[]>(KEY) ?? [],
    staleTime: Number.POSITIVE_INFINITY,
  }).data;
  const now = Date.now();
  const fresh = all.filter((k) => k.at + LINGERS_MS > now);
  const wait = Math.min(...fresh.map((k) => k.at + LINGERS_MS - now));
  useEffect(() => {
    if (!Number.isFinite(wait)) return;
    const timer = setTimeout(() => tick((n) => n + 1), wait + 50);
    return () => clearTimeout(timer);
  });
  const listed = new Set(loops.map((l) => l.id));
  const gone = fresh.map((k) => k.loop as LoopLine).filter((l) => !listed.has(l.id));
  return gone.length > 0 ? [...loops, ...gone] : loops;
}
