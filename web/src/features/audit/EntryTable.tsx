/* biome-ignore-all lint/a11y/useSemanticElements: rows that come and go while scrolling cannot be a table element */
/* biome-ignore-all lint/a11y/useFocusableInteractive: the links inside the rows take the focus */
import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import type { AuditEntry } from "@/api/queries/audit";
import { moment } from "@/lib/dates";
import { Skeleton } from "@/ui/states";
import { how, says } from "./words";

const ROW_PX = 56;
/** The next page is asked for when this many rows are left below. */
const AHEAD = 40;
const GRID = "minmax(10rem,0.8fr) minmax(9rem,0.8fr) minmax(16rem,2fr) minmax(10rem,1fr) 6rem";

interface Props {
  rows: AuditEntry[];
  hasMore: boolean;
  onMore: () => void;
}

/** Rows are drawn only where they are seen: a log has millions. */
export function EntryTable({ rows, hasMore, onMore }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length + (hasMore ? 1 : 0),
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 10,
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastShown >= rows.length - AHEAD) onMore();
  }, [hasMore, lastShown, rows.length, onMore]);
  return (
    <div
      ref={scroller}
      className="h-[34rem] max-h-[75dvh] overflow-auto rounded-lg border border-line bg-surface shadow-1 focus-ring"
      role="region"
      aria-label="Entries, scrollable"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
    >
      <div
        role="table"
        aria-label="Entries"
        aria-rowcount={hasMore ? -1 : rows.length + 1}
        className="min-w-fit"
      >
        <div role="rowgroup" className="sticky top-0 z-10 hidden md:block">
          <div
            role="row"
            className="grid border-b border-line bg-sunken"
            style={{ gridTemplateColumns: GRID }}
          >
            {["When", "Who", "What", "Household", "Entry"].map((name) => (
              <div
                key={name}
                role="columnheader"
                className="px-2 py-3 text-xs font-medium text-ink-2 first:pl-5 last:pr-5 last:text-right"
              >
                {name}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            return (
              <div
                key={row?.index ?? "more"}
                role="row"
                aria-rowindex={item.index + 2}
                data-testid={row ? "entry" : undefined}
                className="absolute inset-x-0 border-b border-line"
                style={{ height: ROW_PX, transform: `translateY(${item.start}px)` }}
              >
                {row ? <Row entry={row} /> : <RowSkeleton />}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Row({ entry }: { entry: AuditEntry }) {
  return (
    <>
      <div
        role="presentation"
        className="hidden h-full items-center md:grid [&>div]:min-w-0 [&>div]:truncate [&>div]:px-2"
        style={{ gridTemplateColumns: GRID }}
      >
        <div role="cell" className="pl-5! text-ink-2">
          <time dateTime={entry.at}>{moment(entry.at)}</time>
        </div>
        <div role="cell">{entry.user_name ?? <span className="text-ink-3">The product</span>}</div>
        <div role="cell" title={entry.reason ?? undefined}>
          {says(entry)}
          <Note entry={entry} />
        </div>
        <div role="cell">
          <HouseholdLink entry={entry} />
        </div>
        <div role="cell" className="num pr-5! text-right text-ink-3">
          {entry.index.toLocaleString("en-US")}
        </div>
      </div>
      <div role="cell" className="flex h-full flex-col justify-center px-4 md:hidden">
        <p className="truncate">{says(entry)}</p>
        <p className="flex gap-2 text-xs text-ink-3">
          <span className="truncate">{entry.user_name ?? "The product"}</span>
          <time dateTime={entry.at} className="shrink-0">
            {moment(entry.at)}
          </time>
          <span className="truncate">
            <HouseholdLink entry={entry} />
          </span>
        </p>
      </div>
    </>
  );
}

function Note({ entry }: { entry: AuditEntry }) {
  const text = [how(entry), entry.reason].filter(Boolean).join(": ");
  return text ? <span className="text-ink-3"> {text}</span> : null;
}

function HouseholdLink({ entry }: { entry: AuditEntry }) {
  if (!entry.household_id) return null;
  return (
    <Link
      to="/households/$id"
      params={{ id: entry.household_id }}
      className="rounded-sm text-brand-ink hover:underline focus-ring"
    >
      {entry.household_name ?? "A household"}
    </Link>
  );
}

const RowSkeleton = () => (
  <div role="cell" className="flex h-full items-center gap-3 px-5">
    <span className="sr-only">Loading more entries</span>
    <Skeleton className="h-4 w-80" />
  </div>
);
