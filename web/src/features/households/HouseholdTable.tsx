/* biome-ignore-all lint/a11y/useSemanticElements: rows that come and go while scrolling cannot be a table element */
/* biome-ignore-all lint/a11y/useFocusableInteractive: the links inside the rows take the focus */
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import { type MouseEvent, memo, useEffect, useMemo, useRef, useState } from "react";
import { type HouseholdSort, PAGE_ROWS } from "@/api/queries/households";
import type { HouseholdListItem } from "@/api/types";
import { cn } from "@/lib/cn";
import { useNarrow } from "@/lib/narrow";
import { Checkbox } from "@/ui/form";
import { useCellSave } from "./CellEditor";
import type { ColumnId } from "./column-ids";
import { type Column, columnsOf, type EditableField, gridOf } from "./columns";
import { HouseholdRow, RowSkeleton } from "./HouseholdRow";
import type { Selection } from "./selection";
import { useRowKeys } from "./useRowKeys";

const ROW_PX = 56;
const CARD_PX = 92;
/** The head of the columns, which stays in view above the rows. */
const HEAD_PX = 40;

interface TableProps {
  rows: HouseholdListItem[];
  total: number | undefined;
  columns: readonly ColumnId[];
  sort: HouseholdSort;
  onSort: (sort: HouseholdSort) => void;
  hasMore: boolean;
  onMore: () => void;
  /** Told which rows are in view. */
  onView: (first: number, last: number) => void;
  selection: Selection;
  teams: readonly { id: string; name: string }[];
  /** The firm's tiers in their order, for the keys 1 to 4. */
  tiers: readonly string[];
  /** The same, and whatever else the list has shown, to choose from. */
  tierChoices: readonly string[];
  canWrite: boolean;
  /** Sets a tier for all that is selected. */
  onTier: (tier: string) => void;
  /** The household whose panel stands over the list. */
  openId?: string;
  onOpen: (id: string) => void;
  /** Goes to the page of a household. */
  onFull: (id: string) => void;
}
export interface Editing {
  id: string;
  field: EditableField;
}

/** Rows are drawn only where they are seen, so ten thousand of them scroll like fifty. */
export const HouseholdTable = memo(function HouseholdTable(props: TableProps) {
  const { rows, total, hasMore, onMore, onView, selection, teams, canWrite, openId } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const narrow = useNarrow();
  const columns = useMemo(() => columnsOf(props.columns), [props.columns]);
  const grid = useMemo(() => gridOf(columns), [columns]);
  const virtual = useVirtualizer({
    count: rows.length + (hasMore ? 1 : 0),
    getScrollElement: () => scroller.current,
    estimateSize: () => (narrow ? CARD_PX : ROW_PX),
    scrollPaddingEnd: narrow ? 0 : HEAD_PX,
    overscan: 8,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another height of rows, other places
  useEffect(() => virtual.measure(), [narrow]);
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    // A page ahead, so that who jumps to the end finds rows there.
    if (hasMore && lastShown >= rows.length - PAGE_ROWS) onMore();
  }, [hasMore, lastShown, rows.length, onMore]);
  const firstShown = items[0]?.index ?? 0;
  useEffect(() => onView(firstShown, lastShown), [onView, firstShown, lastShown]);
  const openAt = openId ? rows.findIndex((h) => h.id === openId) : -1;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another open household, another row to be in view
  useEffect(() => {
    if (openAt >= 0) virtual.scrollToIndex(openAt);
  }, [openAt]);
  const [editing, setEditing] = useState<Editing | null>(null);
  const cell = useCellSave(teams);
  const editable = useMemo(() => columns.flatMap((c) => (c.edits ? [c.edits] : [])), [columns]);
  const focusRow = useRowKeys({
    ...props,
    scroller,
    scrollTo: (index) => virtual.scrollToIndex(index),
    onEdit: (household) => {
      const [field] = editable;
      if (field && !narrow) setEditing({ id: household.id, field });
    },
    onSet: (household, fields) => void cell.save(household, fields),
  });
  const leave = (household: HouseholdListItem, field: EditableField, step: 1 | -1 | 0) => {
    const next = step === 0 ? undefined : editable[editable.indexOf(field) + step];
    setEditing(next ? { id: household.id, field: next } : null);
    if (!next) focusRow(rows.indexOf(household));
  };
  // A name is a link to the page of its household, and stays one to whoever asks for another tab or has no room for a panel.
  const openPanel = (event: MouseEvent) => {
    const id = (event.target as Element).closest("[data-row-link]")?.getAttribute("data-row-link");
    if (!id || narrow || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    props.onOpen(id);
  };
  return (
    <div
      ref={scroller}
      onClickCapture={openPanel}
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
        <TableHead {...props} shown={columns} grid={grid} />
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            const selected = row !== undefined && selection.ids.has(row.id);
            return (
              <div
                key={row?.id ?? "more"}
                role="row"
                aria-rowindex={item.index + 2}
                aria-selected={selected || undefined}
                aria-current={item.index === openAt || undefined}
                data-index={item.index}
                className={cn(
                  "absolute inset-x-0 border-b border-line aria-[current]:bg-brass-soft",
                  selected ? "bg-brand-soft/50" : "hover:bg-sunken/60",
                )}
                style={{ height: item.size, transform: `translateY(${item.start}px)` }}
              >
                {row ? (
                  <HouseholdRow
                    household={row}
                    columns={columns}
                    grid={grid}
                    narrow={narrow}
                    selected={selected}
                    onToggle={selection.toggle}
                    canWrite={canWrite}
                    editing={editing?.id === row.id ? editing.field : null}
                    ticked={cell.ticked?.startsWith(row.id) ? cell.ticked : null}
                    teams={teams}
                    tierChoices={props.tierChoices}
                    onEdit={setEditing}
                    onSave={cell.save}
                    onLeave={leave}
                  />
                ) : (
                  <RowSkeleton />
                )}
              </div>
            );
          })}
        </div>
      </div>
      {cell.conflict}
    </div>
  );
});

function TableHead({
  sort,
  onSort,
  selection,
  shown,
  grid,
}: TableProps & { shown: readonly Column[]; grid: string }) {
  const some = selection.ids.size > 0;
  return (
    <div role="rowgroup" className="sticky top-0 z-20 hidden md:block">
      <div role="row" className="grid border-b border-line bg-sunken" style={{ gridTemplateColumns: grid }}>
        <div role="columnheader" className="flex items-center pl-4">
          <Checkbox
            aria-label={some ? "Select nothing" : "Select all that the filter leaves"}
            checked={selection.all && some}
            ref={(box) => {
              if (box) box.indeterminate = some && !selection.all;
            }}
            onChange={() => (some ? selection.clear() : void selection.selectAll())}
          />
        </div>
        {shown.map((column) => (
          <HeadCell key={column.id} column={column} sort={sort} onSort={onSort} />
        ))}
      </div>
    </div>
  );
}

function HeadCell({
  column,
  sort,
  onSort,
}: {
  column: Column;
  sort: HouseholdSort;
  onSort: (sort: HouseholdSort) => void;
}) {
  const { sorts } = column;
  const at = sorts?.indexOf(sort) ?? -1;
  const down = sort.startsWith("-");
  const Arrow = at < 0 ? ChevronsUpDown : down ? ArrowDown : ArrowUp;
  // The first way, then the other way round where there is one.
  const next = sorts && ((at === 0 ? sorts[1] : undefined) ?? sorts[0]);
  return (
    <div
      role="columnheader"
      aria-sort={sorts ? (at < 0 ? "none" : down ? "descending" : "ascending") : undefined}
      title={column.title}
      className={cn(
        "px-2 text-xs font-medium whitespace-nowrap text-ink-2 last:pr-5",
        column.right && "text-right",
      )}
    >
      {next ? (
        <button
          type="button"
          onClick={() => onSort(next)}
          className={cn(
            "inline-flex h-10 items-center gap-1 hover:text-ink focus-ring [&_svg]:size-3",
            at >= 0 && "text-ink",
          )}
        >
          {column.header}
          <Arrow aria-hidden className={at >= 0 ? undefined : "opacity-40"} />
        </button>
      ) : (
        <span className="inline-flex h-10 items-center">{column.header}</span>
      )}
    </div>
  );
}
