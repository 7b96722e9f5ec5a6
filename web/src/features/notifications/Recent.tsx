import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { recentQuery } from "@/api/queries/notifications";
import type { TaskLine } from "@/api/types";
import { Button } from "@/ui/button";
import { Failure, Loading, Skeleton } from "@/ui/states";
import { NotificationLine, useMarkRead } from "./NotificationLine";
import { ReminderLine } from "./ReminderLine";

/** What the user is reminded of until it is done, and the newest notifications, read or not. */
export default function Recent({
  unread,
  reminders,
  onOpen,
}: {
  unread: number;
  reminders: readonly TaskLine[];
  onOpen: () => void;
}) {
  const recent = useQuery(recentQuery);
  const head = useRef<HTMLDivElement>(null);
  // A line that goes takes the focus with it: the next one gets it, and after the last the list.
  useEffect(() => {
    if (document.activeElement !== document.body) return;
    const list = head.current?.closest<HTMLElement>("[role=dialog]");
    (list?.querySelector<HTMLElement>("[data-testid=reminder] input") ?? list)?.focus();
  });
  const readAll = useMarkRead();
  return (
    <>
      <div ref={head} className="flex min-h-12 items-center justify-between gap-3 border-b border-line px-4">
        <h2 className="display text-lg">Notifications</h2>
        {unread > 0 && (
          <Button size="sm" variant="ghost" onClick={() => void readAll()}>
            Mark all as read
          </Button>
        )}
      </div>
      {reminders.length > 0 && <Reminders tasks={reminders} onOpen={onOpen} />}
      {recent.isPending && (
        <Loading>
          <Skeleton className="m-4 h-4 w-2/3" />
        </Loading>
      )}
      <Failure of={recent} />
      {recent.data && recent.data.items.length === 0 && (
        <p className="px-4 py-6 text-ink-2">
          Nobody has mentioned you yet. A colleague does it with @ in a note.
        </p>
      )}
      <ul className="px-4">
        {recent.data?.items.map((item) => (
          <NotificationLine key={item.id} item={item} onOpen={onOpen} />
        ))}
      </ul>
    </>
  );
}

function Reminders({ tasks, onOpen }: { tasks: readonly TaskLine[]; onOpen: () => void }) {
  return (
    <section aria-label="Reminders" className="border-b border-line bg-brass-soft px-4">
      <p className="eyebrow pt-3">Reminders</p>
      <ul>
        {tasks.map((task) => (
          <ReminderLine key={task.id} task={task} onOpen={onOpen} />
        ))}
      </ul>
    </section>
  );
}
