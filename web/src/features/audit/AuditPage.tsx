import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Archive, Users } from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";
import {
  type AuditEntry,
  auditDaysQuery,
  auditEntriesQuery,
  lastCheckpointQuery,
  verifyAudit,
} from "@/api/queries/audit";
import { useKey } from "@/app/keys";
import { ago, date } from "@/lib/dates";
import { plural } from "@/lib/words";
import { Button } from "@/ui/button";
import { Card, CardList } from "@/ui/card";
import { Empty, ErrorState, Loading, SkeletonCard } from "@/ui/states";
import { Tab, TabPanel, Tabs, TabsList } from "@/ui/tabs";
import { BundleDialog } from "./BundleDialog";
import { DayStrip } from "./DayStrip";
import { EntryTable } from "./EntryTable";
import { Filters } from "./Filters";
import { auditFilter } from "./filter";
import { ProofCard } from "./ProofCard";
import type { AuditSearch } from "./search";
import { touches } from "./words";

const RetentionPanel = lazy(() => import("./retention/RetentionPanel"));

const route = getRouteApi("/audit");

/** What happened, who did it, and the proof that nobody has changed the record of it. */
export function AuditPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const client = useQueryClient();
  const change = (part: Partial<AuditSearch>) =>
    void navigate({ search: (old: AuditSearch) => ({ ...old, ...part }), replace: true });
  const checkpoint = useQuery(lastCheckpointQuery);
  const verify = useMutation({
    mutationFn: verifyAudit,
    onSuccess: () => void client.invalidateQueries({ queryKey: ["audit"] }),
  });
  useKey("audit.verify", () => verify.mutate(), !verify.isPending);
  const last = checkpoint.data?.items[0];
  return (
    <div className="mx-auto max-w-[88rem] px-4 pt-6 pb-12 md:px-8 md:pt-9">
      <h1 className="display text-2xl md:text-3xl">Audit</h1>
      <p className="mt-1 text-ink-2">
        Who did what in your firm, and the proof that nobody has changed the record of it.
      </p>
      <Tabs
        className="mt-4"
        value={search.tab ?? "log"}
        onValueChange={(tab) => change({ tab: tab === "retention" ? tab : undefined })}
      >
        <TabsList aria-label="Parts of the audit">
          <Tab value="log">The log</Tab>
          <Tab value="retention">Retention, holds, erasure</Tab>
        </TabsList>
        <TabPanel value="log" className="mt-6 flex flex-col gap-6">
          {checkpoint.isPending && (
            <Loading label="Loading the last checkpoint">
              <SkeletonCard />
            </Loading>
          )}
          {checkpoint.isError && (
            <ErrorState error={checkpoint.error} onRetry={() => void checkpoint.refetch()} />
          )}
          {last && (
            <ProofCard
              checkpoint={last}
              found={verify.data}
              error={verify.error}
              busy={verify.isPending}
              onVerify={() => verify.mutate()}
            />
          )}
          <Filters
            search={search}
            onChange={change}
            onClear={() => void navigate({ search: {}, replace: true })}
          />
          <Entries search={search} onChange={change} />
        </TabPanel>
        <TabPanel value="retention" className="mt-6">
          <Suspense
            fallback={
              <Loading label="Loading holds and erasures">
                <SkeletonCard />
              </Loading>
            }
          >
            <RetentionPanel />
          </Suspense>
        </TabPanel>
      </Tabs>
    </div>
  );
}

function Entries({
  search,
  onChange,
}: {
  search: AuditSearch;
  onChange: (part: Partial<AuditSearch>) => void;
}) {
  const filter = useMemo(() => auditFilter(search), [search]);
  const entries = useInfiniteQuery(auditEntriesQuery(filter));
  const { from: _from, to: _to, ...anyDay } = filter;
  const days = useQuery(auditDaysQuery(anyDay));
  const rows = useMemo(() => entries.data?.pages.flatMap((page) => page.items) ?? [], [entries.data]);
  const day = search.from === search.to ? search.from : undefined;
  if (entries.isPending)
    return (
      <Loading label="Loading entries">
        <SkeletonCard rows={8} />
      </Loading>
    );
  if (entries.isError) return <ErrorState error={entries.error} onRetry={() => void entries.refetch()} />;
  return (
    <>
      {days.data && (
        <DayStrip
          days={days.data.items}
          chosen={day}
          onChoose={(chosen) => onChange({ from: chosen, to: chosen })}
        />
      )}
      {search.household && rows.length > 0 && (
        <Touches
          household={search.household}
          since={search.from}
          rows={rows}
          complete={!entries.hasNextPage}
        />
      )}
      {rows.length === 0 ? (
        <Empty title="No entry matches">
          What is not in the log did not happen here: every change and every event has an entry.
        </Empty>
      ) : (
        <EntryTable
          rows={rows}
          hasMore={entries.hasNextPage}
          onMore={() => !entries.isFetchingNextPage && void entries.fetchNextPage()}
        />
      )}
    </>
  );
}

/** Who touched one household since a day, and its part of the log as a file. */
function Touches({
  household,
  since,
  rows,
  complete,
}: {
  household: string;
  since: string | undefined;
  rows: AuditEntry[];
  complete: boolean;
}) {
  const [saving, setSaving] = useState(false);
  const name = rows.find((row) => row.household_id === household)?.household_name ?? "this household";
  return (
    <Card
      id="touches"
      title={`Who touched ${name}${since ? ` since ${date(since)}` : ""}`}
      action={
        <Button onClick={() => setSaving(true)}>
          <Archive />
          Save bundle
        </Button>
      }
    >
      <CardList>
        {touches(rows).map((touch) => (
          <li
            key={touch.user}
            className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5"
            data-testid="touch"
          >
            <Users aria-hidden className="size-4 text-ink-3" />
            <span className="mr-auto font-medium">{touch.user}</span>
            <span className="text-sm text-ink-2">
              {plural(touch.entries, "entry", "entries")}
              {touch.reveals > 0 && `, ${plural(touch.reveals, "reveal")}`}
            </span>
            <time dateTime={touch.last} className="text-sm text-ink-3">
              last {ago(touch.last)}
            </time>
          </li>
        ))}
      </CardList>
      {!complete && (
        <p className="px-5 pb-4 text-sm text-ink-3">
          Of the newest {plural(rows.length, "entry", "entries")}. Scroll down in the list to count older
          ones.
        </p>
      )}
      {saving && <BundleDialog household={household} name={name} onClose={() => setSaving(false)} />}
    </Card>
  );
}
