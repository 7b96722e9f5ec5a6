import { useQuery } from "@tanstack/react-query";
import { recentQuery } from "@/api/queries/notifications";
import { Button } from "@/ui/button";
import { Failure, Loading, Skeleton } from "@/ui/states";
import { NotificationLine, useMarkRead } from "./NotificationLine";

/** The newest notifications, read or not. */
export default function Recent({ unread, onOpen }: { unread: number; onOpen: () => void }) {
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
