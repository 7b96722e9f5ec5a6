import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { serverNow } from "@/api/clock";
import { remindedAt, remindersQuery } from "@/api/queries/notifications";
import { toast } from "@/ui/toast";

/** After so long the clock is read anew, whatever comes: a device may have slept. */
const LONGEST_MS = 3_600_000;

/** The open tasks whose moment to be reminded of has come, the first first. One that comes while the page is open is said once. */
export function useReminders(onShow: () => void) {
  const told = useQuery(remindersQuery).data?.items;
  const [now, setNow] = useState(() => serverNow().getTime());
  const at = (task: NonNullable<typeof told>[number]) => Date.parse(remindedAt(task) ?? "");
  const open = (told ?? []).filter((task) => !task.done_at && remindedAt(task));
  const due = open.filter((task) => at(task) <= now).sort((a, b) => at(a) - at(b));
  const next = Math.min(...open.map(at).filter((moment) => moment > now));
  // Drawn anew, the page counts anew: what is next may have moved, and the clock of a server is not that of a device.
  useEffect(() => {
    if (next === Number.POSITIVE_INFINITY) return;
    const wait = Math.max(0, Math.min(next - serverNow().getTime(), LONGEST_MS));
    const timer = setTimeout(() => setNow(serverNow().getTime()), wait);
    return () => clearTimeout(timer);
  });

  const said = useRef<Set<string> | null>(null);
  useEffect(() => {
    if (!told) return;
    const before = said.current;
    const fresh = due.filter((task) => !before?.has(`${task.id} ${at(task)}`));
    said.current = new Set([...(before ?? []), ...fresh.map((task) => `${task.id} ${at(task)}`)]);
    // What had come before the page was opened stands under the bell, and is no news.
    if (!before || fresh.length === 0) return;
    const [first] = fresh;
    const text = fresh.length > 1 ? `${fresh.length} reminders` : `Reminder: ${first?.title}`;
    toast(text, { action: { label: "Show", run: onShow } });
  });
  return due;
}
