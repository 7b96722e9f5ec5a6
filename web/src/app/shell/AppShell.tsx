import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { Moon, Settings, Sun } from "lucide-react";
import { lazy, Suspense, useEffect, useRef } from "react";
import { useNames } from "@/api/queries/names";
import type { Me } from "@/api/types";
import { openFocused, undoLast } from "@/features/edits/shell";
import { FeedbackButton } from "@/features/feedback";
import { LiveHost, StaleMark } from "@/features/live";
import { SearchBox } from "@/features/search";
import { StepUpHost } from "@/features/step-up";
import { setTheme, useTheme } from "@/lib/theme";
import { ROLES } from "@/lib/words";
import { IconButton } from "@/ui/button";
import { Mark, Monogram } from "@/ui/monogram";
import { Spare } from "@/ui/Spare";
import { Loading, Skeleton } from "@/ui/states";
import { Toaster } from "@/ui/toast";
import { useKey, useKeyListener } from "../keys";
import { AccountMenu } from "./AccountMenu";
import { openActions } from "./actions";
import { CreateKey } from "./CreateKey";
import { KeySheet } from "./KeySheet";
import { type NavItem, navFor, SETTINGS } from "./nav";

const NotificationsBell = lazy(() =>
  import("@/features/notifications/shell").then((m) => ({ default: m.NotificationsBell })),
);
/** There before it is needed: without a connection nothing more can be loaded. */
const OfflineBanner = lazy(() =>
  import("@/features/edits/OfflineBanner").then((m) => ({ default: m.OfflineBanner })),
);
/** Nobody asks where a value came from before the page that shows it is there. */
const WhyHost = lazy(() => import("@/features/edits/WhyHost").then((m) => ({ default: m.WhyHost })));

export function AppShell({ me }: { me: Me }) {
  const nav = navFor(me);
  const nameOf = useNames();
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (s) => s.location.pathname });
  useKeyListener();
  useKey("undo", () => void undoLast());
  useKey("why", openFocused);
  useKey("actions", openActions);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page starts at its top
  useEffect(() => {
    // In braces: scrolling answers a promise in new browsers, and an effect may only return its clean-up.
    main.current?.scrollTo(0, 0);
  }, [path]);
  return (
    <div className="flex h-dvh overflow-hidden bg-paper text-ink">
      <button
        type="button"
        onClick={() => main.current?.focus()}
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-surface focus:px-3 focus:py-2"
      >
        Skip to content
      </button>
      <Rail me={me} nav={nav} />
      <div className="flex min-w-0 flex-1 flex-col">
        <TopBar me={me} />
        <Spare>
          <OfflineBanner nameOf={nameOf} />
        </Spare>
        <main
          id="main"
          ref={main}
          tabIndex={-1}
          className="@container min-h-0 flex-1 overflow-y-auto pb-18 outline-none md:pb-0"
        >
          <Suspense fallback={<PageSkeleton />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <BottomBar nav={nav} />
      {[...nav, SETTINGS].map((item) => (
        <GoKey key={item.to} item={item} />
      ))}
      <KeySheet />
      {me.permissions.includes("book.write") && <CreateKey />}
      <StepUpHost />
      <Spare>
        <WhyHost nameOf={nameOf} />
      </Spare>
      <Suspense>
        <LiveHost userId={me.user.id} />
      </Suspense>
      <Toaster />
    </div>
  );
}

function GoKey({ item }: { item: NavItem }) {
  const navigate = useNavigate();
  useKey(item.key, () => void navigate({ to: item.to }));
  return null;
}

function Rail({ me, nav }: { me: Me; nav: NavItem[] }) {
  return (
    <aside aria-label="Sidebar" className="hidden w-58 shrink-0 flex-col bg-rail text-rail-ink md:flex">
      <div className="flex h-16 items-center gap-3 px-5">
        <Mark className="size-7 text-brass" />
        <span className="display text-lg text-rail-ink">magfin</span>
      </div>
      <nav aria-label="Main" className="flex flex-1 flex-col gap-0.5 px-3 pt-2">
        {nav.map((item) => (
          <RailLink key={item.to} item={item} />
        ))}
        <div className="mt-auto pb-3">
          <RailLink item={SETTINGS} />
        </div>
      </nav>
      <div className="flex items-center gap-3 border-t border-rail-2 px-5 py-4">
        <span
          aria-hidden
          className="display flex size-8 shrink-0 items-center justify-center rounded-full bg-rail-2 text-sm"
        >
          {initials(me.user.name)}
        </span>
        <div className="min-w-0 flex-1">
          <p className="truncate text-sm font-medium">{me.user.name}</p>
          <p className="truncate text-xs text-rail-muted">{ROLES[me.role]}</p>
        </div>
        <AccountMenu
          me={me}
          side="top"
          trigger={
            <IconButton
              label="Account"
              className="-mr-1.5 text-rail-muted hover:bg-rail-2 hover:text-rail-ink data-[state=open]:text-rail-ink"
            >
              <Settings />
            </IconButton>
          }
        />
      </div>
    </aside>
  );
}

function RailLink({ item }: { item: NavItem }) {
  return (
    <Link
      to={item.to}
      activeOptions={{ exact: item.exact ?? false, includeSearch: false }}
      className="group relative flex h-9 items-center gap-3 rounded-md px-3 text-base text-rail-muted transition-colors hover:bg-rail-2 hover:text-rail-ink focus-ring data-[status=active]:bg-rail-2 data-[status=active]:font-medium data-[status=active]:text-rail-ink"
    >
      <span className="absolute inset-y-2 left-0 w-0.5 rounded-full bg-transparent group-data-[status=active]:bg-brass" />
      <item.icon aria-hidden className="size-4" strokeWidth={1.75} />
      {item.label}
    </Link>
  );
}

const initials = (name: string) =>
  name
    .split(/\s+/)
    .map((w) => w.charAt(0))
    .filter((_, i, all) => i === 0 || i === all.length - 1)
    .join("");

function TopBar({ me }: { me: Me }) {
  const dark = useTheme() === "dark";
  return (
    <header className="flex h-14 shrink-0 items-center gap-3 border-b border-line bg-paper px-4 md:h-16 md:px-8">
      <Mark className="size-6 shrink-0 text-brand-ink md:hidden" />
      <p className="mr-auto truncate text-ink-2 md:mr-0 md:ml-3">{me.firm_name}</p>
      <div className="shrink-0 md:order-first md:min-w-0 md:flex-1">
        <SearchBox />
      </div>
      <StaleMark />
      <FeedbackButton />
      <Spare fallback={<span className="size-9" />}>
        <NotificationsBell />
      </Spare>
      <IconButton
        label={dark ? "Use light theme" : "Use dark theme"}
        className="hidden size-9 md:inline-flex"
        onClick={() => setTheme(dark ? "light" : "dark")}
      >
        {dark ? <Sun /> : <Moon />}
      </IconButton>
      <div className="md:hidden">
        <AccountMenu
          me={me}
          side="bottom"
          trigger={
            <button type="button" aria-label="Account" className="rounded-full focus-ring">
              <Monogram name={me.user.name} />
            </button>
          }
        />
      </div>
    </header>
  );
}

function BottomBar({ nav }: { nav: NavItem[] }) {
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 flex border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {nav.map((item) => (
        <Link
          key={item.to}
          to={item.to}
          activeOptions={{ exact: item.exact ?? false, includeSearch: false }}
          className="flex flex-1 flex-col items-center gap-0.5 py-2 text-xs text-ink-2 focus-ring data-[status=active]:font-medium data-[status=active]:text-ink"
        >
          <item.icon aria-hidden className="size-5" strokeWidth={1.75} />
          {item.label}
        </Link>
      ))}
    </nav>
  );
}

function PageSkeleton() {
  return (
    <Loading>
      <div className="mx-auto max-w-[88rem] px-4 pt-6 md:px-8">
        <Skeleton className="h-9 w-64" />
        <Skeleton className="mt-6 h-40 w-full" />
      </div>
    </Loading>
  );
}
