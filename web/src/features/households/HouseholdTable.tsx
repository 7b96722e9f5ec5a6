/* biome-ignore-all lint/a11y/useSemanticElements: rows that come and go while scrolling cannot be a table element */
/* biome-ignore-all lint/a11y/useFocusableInteractive: the links inside the rows take the focus */
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import { memo, type RefObject, useEffect, useRef, useState } from "react";
import type { HouseholdSort } from "@/api/queries/households";
import type { HouseholdListItem } from "@/api/types";
import { useKey } from "@/app/keys";
import { cn } from "@/lib/cn";
import { HOUSEHOLD_TYPES, label } from "@/lib/words";
import { Skeleton } from "@/ui/states";
import { COLUMNS, type Column, GRID, HouseholdName, money } from "./columns";

const ROW_PX = 56;
/** The next page is asked for when this many rows are left below. */
const AHEAD = 30;

interface TableProps {
  rows: HouseholdListItem[];
  total: number | undefined;
  sort: HouseholdSort;
  onSort: (sort: HouseholdSort) => void;
  hasMore: boolean;
  onMore: () => void;
}

/** Rows are drawn only where they are seen, so ten thousand of them scroll like fifty. */
export const HouseholdTable = memo(function HouseholdTable(props: TableProps) {
  const { rows, total, hasMore, onMore } = props;
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
  useRowKeys(scroller, rows.length, (index) => virtual.scrollToIndex(index));
  return (
    <div
      ref={scroller}
      className="mt-4 min-h-0 flex-1 overflow-auto rounded-t-lg border border-b-0 border-line bg-surface shadow-1 focus-ring"
      role="region"
      aria-label="Households table, scrollable"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
    >
      <div
        role="table"
        aria-label="Households"
        aria-rowcount={(total ?? rows.length) + 1}
        className="min-w-fit"
      >
        <TableHead {...props} />
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            return (
              <div
                key={row?.id ?? "more"}
                role="row"
                aria-rowindex={item.index + 2}
                data-index={item.index}
                className="absolute inset-x-0 border-b border-line transition-colors hover:bg-sunken/60"
                style={{ height: ROW_PX, transform: `translateY(${item.start}px)` }}
              >
                {row ? <Row household={row} /> : <RowSkeleton />}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
});

function TableHead({ sort, onSort }: TableProps) {
  return (
    <div role="rowgroup" className="sticky top-0 z-10 hidden md:block">
      <div role="row" className="grid border-b border-line bg-sunken" style={{ gridTemplateColumns: GRID }}>
        {COLUMNS.map((column) => (
          <HeadCell key={column.id} column={column} active={column.sort === sort} onSort={onSort} />
        ))}
      </div>
    </div>
  );
}

function HeadCell({
  column,
  active,
  onSort,
}: {
  column: Column;
  active: boolean;
  onSort: (sort: HouseholdSort) => void;
}) {
  const { sort } = column;
  const Arrow = active ? (column.direction === "ascending" ? ArrowUp : ArrowDown) : ChevronsUpDown;
  return (
    <div
      role="columnheader"
      aria-sort={sort ? (active ? column.direction : "none") : undefined}
      className={cn(
        "px-2 text-xs font-medium whitespace-nowrap text-ink-2 first:pl-5 last:pr-5 last:pl-5",
        column.right && "text-right",
      )}
    >
      {sort ? (
        <button
          type="button"
          onClick={() => onSort(sort)}
          className={cn(
            "inline-flex h-10 items-center gap-1 hover:text-ink focus-ring [&_svg]:size-3",
            active && "text-ink",
          )}
        >
          {column.header}
          <Arrow aria-hidden className={active ? undefined : "opacity-40"} />
        </button>
      ) : (
        <span className="inline-flex h-10 items-center">{column.header}</span>
      )}
    </div>
  );
}

function Row({ household }: { household: HouseholdListItem }) {
  return (
    <>
      <div
        role="presentation"
        className="hidden h-full items-center md:grid"
        style={{ gridTemplateColumns: GRID }}
      >
        {COLUMNS.map((column) => (
          <div
            key={column.id}
            role="cell"
            className={cn("min-w-0 truncate px-2 first:pl-5 last:pr-5", column.right && "num text-right")}
          >
            {column.cell(household)}
          </div>
        ))}
      </div>
      <div role="cell" className="flex h-full items-center gap-3 px-4 md:hidden">
        <div className="min-w-0 flex-1">
          <HouseholdName household={household} />
        </div>
        <div className="text-right">
          <p className="num">{money(household)}</p>
          <p className="text-xs text-ink-3">{label(HOUSEHOLD_TYPES, household.type)}</p>
        </div>
      </div>
    </>
  );
}

const RowSkeleton = () => (
  <div role="cell" className="flex h-full items-center gap-3 px-5">
    <span className="sr-only">Loading more households</span>
    <Skeleton className="size-8 rounded-full" />
    <Skeleton className="h-4 w-60" />
  </div>
);

/** `j` and `k` move the focus from row to row; Enter then follows the row's own link. */
function useRowKeys(
  scroller: RefObject<HTMLDivElement | null>,
  count: number,
  scrollTo: (index: number) => void,
) {
  const [at, setAt] = useState(-1);
  const move = (step: 1 | -1) => {
    const focused = document.activeElement?.closest("[data-index]")?.getAttribute("data-index");
    const from = focused === null || focused === undefined ? at : Number(focused);
    const next = Math.max(0, Math.min(count - 1, from + step));
    setAt(next);
    scrollTo(next);
    requestAnimationFrame(() => {
      const links = scroller.current?.querySelectorAll<HTMLElement>(`[data-index="${next}"] [data-row-link]`);
      for (const link of links ?? []) if (link.offsetParent !== null) link.focus();
    });
  };
  useKey("list.next", () => move(1), count > 0);
  useKey("list.previous", () => move(-1), count > 0);
}
