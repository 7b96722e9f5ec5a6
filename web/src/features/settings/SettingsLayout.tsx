import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import { useCan } from "@/features/auth";
import { Empty } from "@/ui/states";
import { GROUPS } from "./groups";

/** The groups beside the open page; on a phone the list of groups is a page of its own. */
export function SettingsLayout() {
  const admin = useCan("users.manage");
  const path = useRouterState({ select: (s) => s.location.pathname.replace(/\/$/, "") });
  const groups = GROUPS.filter((g) => admin || !g.admin);
  const open = GROUPS.find((g) => path.endsWith(g.to));
  return (
    <div className="mx-auto max-w-[72rem] px-4 pt-6 pb-12 md:px-8 md:pt-9">
      <h1 className={`display text-2xl md:text-3xl ${open ? "sr-only md:not-sr-only" : ""}`}>Settings</h1>
      {open && (
        <Link
          to="/settings"
          className="-ml-1 inline-flex h-9 items-center gap-1 rounded-md px-1 text-ink-2 focus-ring md:hidden"
        >
          <ChevronLeft aria-hidden className="size-4" />
          Settings
        </Link>
      )}
      <div className="mt-4 gap-10 md:mt-6 md:flex">
        <nav aria-label="Settings" className="hidden w-52 shrink-0 md:block">
          <ul className="flex flex-col gap-0.5">
            {groups.map((group) => (
              <li key={group.to}>
                <Link
                  to={group.to}
                  className="flex h-9 items-center gap-3 rounded-md px-3 text-ink-2 hover:bg-sunken hover:text-ink focus-ring data-[status=active]:bg-brand-soft data-[status=active]:font-medium data-[status=active]:text-brand-ink"
                >
                  <group.icon aria-hidden className="size-4" strokeWidth={1.75} />
                  {group.label}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <div className="@container min-w-0 flex-1">{open?.admin && !admin ? <NotThere /> : <Outlet />}</div>
      </div>
    </div>
  );
}

/** What is not for this role looks like what does not exist. */
function NotThere() {
  return (
    <Empty title="This page does not exist">The address may be mistyped, or the page may have moved.</Empty>
  );
}
