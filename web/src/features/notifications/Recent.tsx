import { useQuery } from "@tanstack/react-query";
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
  const readAll = useMarkRead();
  return (
    <>
      <div className="flex min-h-12 items-center justify-between gap-3 border-b border-line px-4">
        <h2 className="display text-lg">Notifications</h2>
        {unread > 0 && (
          <Button size="sm" variant="ghost" onClick={() => void readAll()}>
            Mark all as read
          </Button>
        )}
      </div>
      {reminders.length > 0 && (
        <section aria-label="Reminders" className="border-b border-line bg-brass-soft px-4">
          <ul>
            {reminders.map((task) => (
              <ReminderLine key={task.id} task={task} onOpen={onOpen} />
            ))}
          </ul>
        </section>
      )}
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
