import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { serverNow } from "@/api/clock";
import { remindersQuery } from "@/api/queries/notifications";
import { toast } from "@/ui/toast";

/** A timer of a browser counts to 2^31 ms; what comes later is asked for again by then. */
const LONGEST_MS = 3_600_000;

/** The open tasks whose moment to be reminded of has come. One that comes while the page is open is said as well. */
export function useReminders() {
  const told = useQuery(remindersQuery).data?.items;
  const [now, setNow] = useState(() => serverNow().getTime());
  const open = (told ?? []).filter((task) => !task.done_at && task.remind_at);
  const at = (task: (typeof open)[number]) => Date.parse(task.remind_at ?? "");
  const due = open.filter((task) => at(task) <= now);
  const next = Math.min(...open.map(at).filter((moment) => moment > now));
  // Drawn anew, the page counts anew: what is next may have moved, and the clock of a server is not that of a device.
  useEffect(() => {
    if (next === Number.POSITIVE_INFINITY) return;
    const wait = Math.max(0, Math.min(next - serverNow().getTime(), LONGEST_MS));
    const timer = setTimeout(() => setNow(serverNow().getTime()), wait);
    return () => clearTimeout(timer);
  });

  const known = useRef<Set<string> | null>(null);
  useEffect(() => {
    if (!told) return;
    const before = known.current;
    known.current = new Set(due.map((task) => task.id + task.remind_at));
    for (const task of due)
      if (before && !before.has(task.id + task.remind_at)) toast(`Reminder: ${task.title}`);
  });
  return due;
}
