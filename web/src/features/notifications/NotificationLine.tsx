import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Check } from "lucide-react";
import { asProblem } from "@/api/problem";
import { markAllRead, markRead, type Notification } from "@/api/queries/notifications";
import { ago, moment } from "@/lib/dates";
import { plainText } from "@/lib/markdown";
import { IconButton } from "@/ui/button";
import { toast } from "@/ui/toast";

/** Marks one as read, or all of them, and renews what is on screen. */
export function useMarkRead() {
  const client = useQueryClient();
  return (id?: string) =>
    (id ? markRead(id) : markAllRead())
      .catch((error) => toast(asProblem(error).message, { tone: "error" }))
      .finally(() => client.invalidateQueries({ queryKey: ["notifications"] }));
}

/** Who mentioned the reader, where, and how the note begins. Opening it is reading it. */
export function NotificationLine({ item, onOpen }: { item: Notification; onOpen?: () => void }) {
  const read = useMarkRead();
  const unread = item.read_at === null;
  return (
    <li
      data-testid="notification"
      className="flex items-start gap-2 border-t border-line py-3 first:border-0"
    >
      <span
        aria-hidden
        className={unread ? "mt-2 size-1.5 shrink-0 rounded-full bg-brass" : "mt-2 size-1.5 shrink-0"}
      />
      <div className="min-w-0 flex-1">
        <Link
          to="/households/$id"
          params={{ id: item.household_id }}
          search={{ tab: "notes" }}
          hash={`note-${item.entity_id}`}
          onClick={() => {
            if (unread) void read(item.id);
            onOpen?.();
          }}
          className="block rounded-sm focus-ring hover:text-brand-ink"
        >
          <span className="font-medium">{item.from_name}</span> mentioned you:{" "}
          <span className="font-medium">{item.household_name}</span>
        </Link>
        <p className="mt-0.5 line-clamp-2 text-sm break-words text-ink-2">{plainText(item.excerpt)}</p>
        <time dateTime={item.at} title={moment(item.at)} className="text-xs text-ink-3">
          {ago(item.at)}
        </time>
      </div>
      {unread && (
        <IconButton label="Mark as read" onClick={() => void read(item.id)}>
          <Check />
        </IconButton>
      )}
    </li>
  );
}
