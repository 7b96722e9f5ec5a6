import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { BookUser, Plus, Search, X } from "lucide-react";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { teamsQuery, tiersQuery } from "@/api/queries/session";
import { useKey } from "@/app/keys";
import { useCan } from "@/features/auth";
import { sameLook, useDefaultView, useOwnColumns, ViewsBar } from "@/features/views";
import { ahead } from "@/lib/ahead";
import { moneyShort } from "@/lib/money";
import { plural } from "@/lib/words";
import { Button } from "@/ui/button";
import { Empty, Failure, Loading, Skeleton } from "@/ui/states";
import { BulkBar } from "./bulk/BulkBar";
import type { BulkKind } from "./bulk/kinds";
import { ColumnChooser } from "./ColumnChooser";
import { type ColumnId, DEFAULT_COLUMNS, readColumns } from "./column-ids";
import { ExportButton, saveExport } from "./ExportButton";
import { FilterChips, QuickChips } from "./FilterChips";
import { FilterPanel } from "./FilterPanel";
import { sentenceOf } from "./filter/sentence";
import { childrenOf } from "./filter/shape";
import { type FilterNode, isCondition } from "./filter/tree";
import { HouseholdTable } from "./HouseholdTable";
import { type HouseholdsSearch, householdsSearch } from "./search";
import { useSeenWords } from "./seen-words";
import { useSelection } from "./selection";
import { useHouseholdList } from "./useHouseholdList";
import { usePanel } from "./usePanel";

const householdPanel = () => import("./HouseholdPanel");
const newHousehold = () => import("./NewHouseholdDialog");
const manyAtOnce = () => import("./bulk/BulkDialog");
const HouseholdPanel = lazy(async () => ({ default: (await householdPanel()).HouseholdPanel }));
const NewHouseholdDialog = lazy(async () => ({ default: (await newHousehold()).NewHouseholdDialog }));
const BulkDialog = lazy(async () => ({ default: (await manyAtOnce()).BulkDialog }));

/** Fetched once the list stands, so that a dialog is there as soon as it is asked for, and no key typed after it is lost. */
function usePreloaded() {
  useEffect(() => ahead(householdPanel, newHousehold, manyAtOnce), []);
}

const NO_TEAMS: { id: string; name: string }[] = [];

export function HouseholdsPage() {
  const { search, ...panel } = usePanel();
  const navigate = useNavigate({ from: "/households" });
  const canWrite = useCan("book.write");
  const canExport = useCan("book.export");
  const [text, setText] = useState("");
  const [creating, setCreating] = useState(false);
  const [bulk, setBulk] = useState<{ kind: BulkKind; preset?: Record<string, string> } | null>(null);
  const { filter, sort, list, rows, order, count, more, onView } = useHouseholdList(search, text);
  const selection = useSelection(filter, order);
  const teams = useQuery(teamsQuery).data?.items ?? NO_TEAMS;
  const seen = useSeenWords(rows);
  const tiers = useTiers();
  const words = useMemo(() => {
    const tier = [...new Set([...tiers, ...(seen.tier ?? [])])];
    return { teams, seen: { ...seen, tier } };
  }, [teams, seen, tiers]);
  const [columns, setColumns] = useColumns(search, (cols) => setSearch({ ...search, cols }));
  usePreloaded();
  useKey("create", () => setCreating(true), canWrite);
  const setSearch = (next: HouseholdsSearch) =>
    void navigate({ search: next, replace: true, state: { chosen: true } });
  const look = (query: object) => setSearch(householdsSearch(query as Record<string, unknown>));
  useDefaultView(!panel.id && sameLook(search, {}), look);
  const clear = () => {
    setText("");
    setSearch({ sort: search.sort, cols: search.cols });
  };
  const sentence = sentenceOf(search, (id) => teams.find((t) => t.id === id)?.name);
  return (
    <div className="flex h-full flex-col px-4 pt-5 md:px-8 md:pt-7">
      <div className="flex flex-wrap items-end gap-x-6 gap-y-3">
        <div className="mr-auto">
          <h1 className="display text-2xl md:text-3xl">Households</h1>
          <p className="mt-1 min-h-5.5 text-ink-2" aria-live="polite" data-testid="count">
            {count && `${plural(count.households, "household")}, ${moneyShort(count.aum_usd)} in assets`}
          </p>
        </div>
        <div className="flex gap-2">
          {canExport && <ExportButton filter={filter} sort={sort} columns={columns} />}
          {canWrite && (
            <Button variant="primary" onClick={() => setCreating(true)}>
              <Plus />
              New household
            </Button>
          )}
        </div>
      </div>
      <ViewsBar look={search} onLook={look} />
      <div className="mt-4 flex flex-wrap items-center gap-2">
        <FilterBox value={text} onChange={setText} />
        <FilterChips search={search} onChange={setSearch} words={words} className="hidden md:flex" />
        <div className="ml-auto flex gap-2">
          <FilterPanel
            filter={search.filter}
            count={leaves(search.filter)}
            onChange={(next) => setSearch({ ...search, filter: next })}
            words={words}
          >
            <div className="flex flex-col gap-3 border-b border-line pb-4 md:hidden">
              <FilterChips search={search} onChange={setSearch} words={words} />
              <QuickChips search={search} onChange={setSearch} />
            </div>
          </FilterPanel>
          <ColumnChooser columns={columns} onChange={setColumns} />
        </div>
      </div>
      <QuickChips search={search} onChange={setSearch} className="mt-2.5 hidden md:flex" />
      {sentence && <Sentence text={sentence} onClear={clear} />}
      {list.isPending ? <TableSkeleton /> : <Failure of={list} />}
      {rows.length > 0 ? (
        <HouseholdTable
          rows={rows}
          total={count?.households}
          columns={columns}
          sort={sort}
          onSort={(next) => setSearch({ ...search, sort: next })}
          hasMore={list.hasNextPage}
          onMore={more}
          onView={onView}
          selection={selection}
          teams={teams}
          tiers={tiers}
          tierChoices={words.seen.tier}
          canWrite={canWrite}
          onTier={(tier) => setBulk({ kind: "tier", preset: { tier } })}
          openId={panel.id}
          onOpen={panel.open}
          onFull={panel.full}
        />
      ) : (
        list.data && (
          <Nothing
            sentence={sentence}
            typed={text.trim()}
            onClear={clear}
            onCreate={canWrite ? () => setCreating(true) : undefined}
          />
        )
      )}
      <BulkBar
        selection={selection}
        canWrite={canWrite}
        canExport={canExport}
        onChange={(kind) => setBulk({ kind })}
        onExport={() => void saveExport({ filter, sort, columns, ids: [...selection.ids] })}
      />
      <Suspense>
        {bulk && (
          <BulkDialog
            {...bulk}
            ids={[...selection.ids]}
            teams={teams}
            tiers={words.seen.tier}
            onClose={() => setBulk(null)}
            onDone={() => {
              setBulk(null);
              selection.clear();
            }}
          />
        )}
        {panel.id && (
          <HouseholdPanel
            id={panel.id}
            line={rows.find((h) => h.id === panel.id)}
            onGo={panel.open}
            onFull={panel.full}
            onClose={panel.close}
          />
        )}
        {creating && <NewHouseholdDialog onClose={() => setCreating(false)} />}
      </Suspense>
    </div>
  );
}

/** The names of the firm's tiers, the highest first. */
function useTiers() {
  const { data } = useQuery(tiersQuery);
  return useMemo(
    () => [...(data?.items ?? [])].sort((a, b) => a.position - b.position).map((tier) => tier.name),
    [data],
  );
}

/** Those of the address, else the reader's own, else as delivered. */
function useColumns(search: HouseholdsSearch, toAddress: (cols: string) => void) {
  const own = useOwnColumns();
  const columns = useMemo(
    () => readColumns(search.cols) ?? readColumns(own.columns) ?? DEFAULT_COLUMNS,
    [search.cols, own.columns],
  );
  // Under a filter or a view they belong to it, and are saved with it; else they are the reader's own for every list.
  const plain = Object.entries(search).every(([key, value]) => key === "sort" || value === undefined);
  const change = (next: ColumnId[]) => {
    if (next.length === 0) return;
    if (plain) own.save(next.join());
    else toAddress(next.join());
  };
  return [columns, change] as const;
}

const leaves = (node: FilterNode | undefined): number => {
  if (!node) return 0;
  if (isCondition(node)) return 1;
  if ("not" in node) return leaves(node.not);
  return childrenOf(node).reduce((sum, child) => sum + leaves(child), 0);
};

function Sentence({ text, onClear }: { text: string; onClear: () => void }) {
  return (
    <p data-testid="sentence" className="mt-2.5 flex items-start gap-2 text-ink-2">
      <span className="min-w-0 pt-0.5">{text}.</span>
      <Button size="sm" variant="ghost" className="h-6.5 px-1.5" onClick={onClear}>
        <X />
        Clear
      </Button>
    </p>
  );
}

function FilterBox({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  useKey("search", () => input.current?.focus());
  return (
    <label className="flex h-9 min-w-0 flex-1 items-center gap-2.5 rounded-md border border-control bg-surface px-3 focus-within:outline-2 focus-within:outline-offset-1 focus-within:outline-[var(--mf-focus)] md:w-64 md:flex-none">
      <Search aria-hidden className="size-4 shrink-0 text-ink-3" />
      <input
        ref={input}
        type="search"
        autoComplete="off"
        aria-label="Filter households"
        value={value}
        maxLength={200}
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
  sentence,
  typed,
  onClear,
  onCreate,
}: {
  sentence: string | null;
  typed: string;
  onClear: () => void;
  onCreate?: () => void;
}) {
  if (!sentence && !typed)
    return (
      <Empty
        icon={<BookUser aria-hidden />}
        title="No households yet"
        action={onCreate && <Button onClick={onCreate}>New household</Button>}
      >
        The families you look after appear here, with what they hold and what is open.
      </Empty>
    );
  return (
    <Empty title="No household matches" action={<Button onClick={onClear}>Clear filters</Button>}>
      Nothing for {[sentence, typed && `“${typed}”`].filter(Boolean).join(", ")}.
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
