import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { BookUser, Plus, Search } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type HouseholdFilter, householdCountQuery, householdsQuery } from "@/api/queries/households";
import { useKey } from "@/app/keys";
import { useCan } from "@/features/auth";
import { ViewsBar } from "@/features/views";
import { moneyShort } from "@/lib/money";
import { HOUSEHOLD_TYPES, label, plural } from "@/lib/words";
import { Button } from "@/ui/button";
import { Empty, ErrorState, Loading, Skeleton } from "@/ui/states";
import { ExportButton } from "./ExportButton";
import { FilterChips } from "./FilterChips";
import { HouseholdTable } from "./HouseholdTable";
import { NewHouseholdDialog } from "./NewHouseholdDialog";
import { rememberOrder } from "./order";
import { type HouseholdsSearch, householdsSearch } from "./search";

const TYPING_MS = 180;

export function HouseholdsPage() {
  const search = useSearch({ from: "/households" });
  const navigate = useNavigate({ from: "/households" });
  const canWrite = useCan("book.write");
  const canExport = useCan("book.export");
  const [text, setText] = useState("");
  const [creating, setCreating] = useState(false);
  const q = useSettled(text.trim(), TYPING_MS);
  const sort = search.sort ?? "name";
  const filter = useMemo(() => toFilter(search, q), [search, q]);
  const list = useInfiniteQuery({ ...householdsQuery(filter, sort), placeholderData: keepPreviousData });
  const count = useQuery({ ...householdCountQuery(filter), placeholderData: keepPreviousData });
  const rows = useMemo(() => list.data?.pages.flatMap((p) => p.items) ?? [], [list.data]);
  useEffect(() => {
    rememberOrder(rows.map((h) => h.id));
  }, [rows]);
  useKey("create", () => setCreating(true), canWrite);
  const { fetchNextPage, isFetchingNextPage } = list;
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  const setSearch = (next: HouseholdsSearch) => void navigate({ search: next, replace: true });
  const clear = () => {
    setText("");
    setSearch(search.sort ? { sort: search.sort } : {});
  };
  return (
    <div className="flex h-full flex-col px-4 pt-5 md:px-8 md:pt-7">
      <div className="flex flex-wrap items-end gap-x-6 gap-y-3">
        <div className="mr-auto">
          <h1 className="display text-2xl md:text-3xl">Households</h1>
          <p className="mt-1 min-h-5.5 text-ink-2" aria-live="polite" data-testid="count">
            {count.data &&
              `${plural(count.data.households, "household")}, ${moneyShort(count.data.aum_usd)} in assets`}
          </p>
        </div>
        {canExport && rows.length > 0 && <ExportButton filter={filter} sort={sort} />}
        {canWrite && (
          <Button variant="primary" onClick={() => setCreating(true)}>
            <Plus />
            New household
          </Button>
        )}
      </div>
      <ViewsBar look={search} onLook={(look) => setSearch(householdsSearch(look))} />
      <div className="mt-5 flex flex-wrap items-center gap-2">
        <FilterBox value={text} onChange={setText} />
        <FilterChips search={search} onChange={setSearch} rows={rows} />
      </div>
      {list.isPending ? (
        <TableSkeleton />
      ) : list.isError ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : rows.length > 0 ? (
        <HouseholdTable
          rows={rows}
          total={count.data?.households}
          sort={sort}
          onSort={(next) => setSearch({ ...search, sort: next })}
          hasMore={list.hasNextPage}
          onMore={more}
        />
      ) : (
        <Nothing filter={filter} onClear={clear} onCreate={canWrite ? () => setCreating(true) : undefined} />
      )}
      {creating && <NewHouseholdDialog onClose={() => setCreating(false)} />}
    </div>
  );
}

function toFilter(search: HouseholdsSearch, q: string): HouseholdFilter {
  return {
    ...(q ? { q } : {}),
    ...(search.type ? { type: search.type } : {}),
    ...(search.tier ? { tier: search.tier } : {}),
    ...(search.team ? { team_id: search.team } : {}),
  };
}

/** `value` once it has stopped changing for `ms`. */
function useSettled(value: string, ms: number) {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), value ? ms : 0);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}

function FilterBox({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  useKey("search", () => input.current?.focus());
  return (
    <label className="flex h-9 w-full items-center gap-2.5 rounded-md border border-control bg-surface px-3 focus-within:outline-2 focus-within:outline-offset-1 focus-within:outline-[var(--mf-focus)] sm:w-72">
      <Search aria-hidden className="size-4 shrink-0 text-ink-3" />
      <input
        ref={input}
        type="search"
        autoComplete="off"
        aria-label="Filter households"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          // The browser would empty the box: Escape leaves it, and keeps what is filtered.
          event.preventDefault();
          event.currentTarget.blur();
        }}
        placeholder="Filter by name, person or city"
        className="min-w-0 flex-1 bg-transparent outline-none placeholder:text-ink-3"
      />
    </label>
  );
}

function Nothing({
  filter,
  onClear,
  onCreate,
}: {
  filter: HouseholdFilter;
  onClear: () => void;
  onCreate?: () => void;
}) {
  if (Object.keys(filter).length === 0)
    return (
      <Empty
        icon={<BookUser aria-hidden />}
        title="No households yet"
        action={onCreate && <Button onClick={onCreate}>New household</Button>}
      >
        The families you look after appear here, with what they hold and what is open.
      </Empty>
    );
  const parts = [
    filter.type && label(HOUSEHOLD_TYPES, filter.type).toLowerCase(),
    filter.tier && `tier ${filter.tier}`,
    filter.team_id && "this team",
    filter.q && `“${filter.q}”`,
  ].filter(Boolean);
  return (
    <Empty title="No household matches" action={<Button onClick={onClear}>Clear filters</Button>}>
      Nothing for {parts.join(", ")}.
    </Empty>
  );
}

function TableSkeleton() {
  return (
    <Loading label="Loading households">
      <div className="mt-4 rounded-t-lg border border-b-0 border-line bg-surface shadow-1">
        <div className="h-10 bg-sunken" />
        {Array.from({ length: 10 }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: identical placeholders
          <div key={i} className="flex h-14 items-center gap-3 border-t border-line px-5">
            <Skeleton className="size-8 rounded-full" />
            <Skeleton className="h-4 w-56" />
            <Skeleton className="ml-auto h-4 w-20" />
          </div>
        ))}
      </div>
    </Loading>
  );
}
