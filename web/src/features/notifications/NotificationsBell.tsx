import { useQuery } from "@tanstack/react-query";
import { Bell } from "lucide-react";
import { Popover } from "radix-ui";
import { lazy, Suspense, useState } from "react";
import { unreadQuery } from "@/api/queries/notifications";
import { useKey } from "@/app/keys";
import { plural } from "@/lib/words";
import { IconButton } from "@/ui/button";
import { Loading, Skeleton } from "@/ui/states";
import { useReminders } from "./useReminders";

const Recent = lazy(() => import("./Recent"));

/** What colleagues told the user and what the user wants to be reminded of, with the count of what is unread and what has come. */
export function NotificationsBell() {
  const [open, setOpen] = useState(false);
  const unread = useQuery(unreadQuery).data?.items.length ?? 0;
  const reminders = useReminders(() => setOpen(true));
  const count = unread + reminders.length;
  const parts = [
    unread > 0 && `${unread} unread`,
    reminders.length > 0 && plural(reminders.length, "reminder"),
  ];
  useKey("notifications", () => setOpen(true));
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <IconButton
          label={["Notifications", ...parts.filter(Boolean)].join(", ")}
          className="relative size-9"
        >
          <Bell />
          {count > 0 && (
            <span
              aria-hidden
              data-testid="unread"
              className="absolute top-0.5 right-0.5 flex h-4 min-w-4 items-center justify-center rounded-full bg-brand px-1 text-[10px] leading-none font-medium text-on-brand"
            >
              {count > 99 ? "99+" : count}
            </span>
          )}
        </IconButton>
      </Popover.Trigger>
      <p role="status" className="sr-only">
        {unread > 0 && plural(unread, "unread notification")}
      </p>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          collisionPadding={12}
          aria-label="Notifications"
          className="z-40 max-h-[70dvh] w-96 max-w-[calc(100vw-24px)] overflow-y-auto rounded-lg border border-line bg-raised shadow-2 animate-[mf-in_.14s_ease-out] focus:outline-none"
        >
          <Suspense
            fallback={
              <Loading>
                <Skeleton className="m-4 h-4 w-2/3" />
              </Loading>
            }
          >
            <Recent unread={unread} reminders={reminders} onOpen={() => setOpen(false)} />
          </Suspense>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
