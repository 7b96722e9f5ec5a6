import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { restoreFact } from "@/api/facts";
import { asProblem } from "@/api/problem";
import { householdQuery } from "@/api/queries/households";
import { useNames } from "@/api/queries/names";
import type { HouseholdRecord } from "@/api/types";
import { type KeyId, keyRouter, useKey } from "@/app/keys";
import { useCan } from "@/features/auth";
import { EditorProvider, focusRow, useEditor } from "@/features/edits";
import { ChangeFamilyDialog, FamilyTab, MiniMap, type OpenNode } from "@/features/family";
import { LoopsCard } from "@/features/open-loops";
import { PeopleCard } from "@/features/people";
import { TasksCard } from "@/features/tasks";
import { cn } from "@/lib/cn";
import { dayBefore, knownDay, knownMoment, today } from "@/lib/dates";
import { Button } from "@/ui/button";
import { Spare } from "@/ui/Spare";
import { ErrorState, Loading, Skeleton, SkeletonCard } from "@/ui/states";
import { Tab, TabPanel, Tabs, TabsList } from "@/ui/tabs";
import { toast } from "@/ui/toast";
import { HouseholdHeader } from "./HouseholdHeader";
import { OverviewTab } from "./OverviewTab";
import { TABS, type TabId } from "./record-search";
import { StatStrip } from "./StatStrip";
import { usePageStep } from "./Walk";

const AccountsTab = lazy(() =>
  import("@/features/accounts/AccountsTab").then((m) => ({ default: m.AccountsTab })),
);
const BrainTab = lazy(() => import("@/features/brain/BrainTab").then((m) => ({ default: m.BrainTab })));
const HistoryTab = lazy(() => import("@/features/edits/HistoryTab").then((m) => ({ default: m.HistoryTab })));
const KnownOnBanner = lazy(() => import("./KnownOn").then((m) => ({ default: m.KnownOnBanner })));
const NotesTab = lazy(() => import("@/features/notes/NotesTab").then((m) => ({ default: m.NotesTab })));
const PastNotes = lazy(() => import("./PastNotes").then((m) => ({ default: m.PastNotes })));
const PersonSheet = lazy(() =>
  import("@/features/people/PersonSheet").then((m) => ({ default: m.PersonSheet })),
);
const TimelineTab = lazy(() => import("@/features/timeline").then((m) => ({ default: m.TimelineTab })));
const TAB_NAMES: Record<TabId, string> = {
  overview: "Overview",
  timeline: "Timeline",
  notes: "Notes",
  tasks: "Tasks & loops",
  accounts: "Accounts",
  brain: "Brain",
  history: "History",
  people: "Family",
};
const PAGE = "mx-auto max-w-[88rem] px-4 pt-4 pb-12 md:px-8 md:pt-6";

export function HouseholdPage() {
  const { id } = useParams({ from: "/households/$id" });
  const { known } = useSearch({ from: "/households/$id" });
  const knownAt = known && knownMoment(known);
  const record = useQuery(householdQuery(id, knownAt));
  useEffect(() => {
    document.title = record.data ? `${record.data.household.name} · magfin` : "magfin";
    return () => {
      document.title = "magfin";
    };
  }, [record.data]);
  if (record.data) return <RecordPage key={id} record={record.data} known={known} />;
  if (record.isError)
    return (
      <div className={PAGE}>
        <h1 className="sr-only">Household</h1>
        <Known />
        <ErrorState error={record.error} onRetry={() => void record.refetch()} />
        <p className="text-center">
          <Link to="/households" className="underline underline-offset-2 focus-ring">
            All households
          </Link>
        </p>
      </div>
    );
  return <RecordSkeleton />;
}

/** Whether the page shows the past, and the way to another day. */
function Known() {
  const { known } = useSearch({ from: "/households/$id" });
  const navigate = useNavigate({ from: "/households/$id" });
  const show = (day?: string) => void navigate({ search: (s) => ({ ...s, known: day }), replace: true });
  useKey("record.known", () => show(dayBefore(today())), !known);
  useKey("record.now", () => show(undefined), Boolean(known));
  return known ? (
    <Suspense>
      <KnownOnBanner known={known} onDay={show} />
    </Suspense>
  ) : null;
}

function RecordPage({ record, known }: { record: HouseholdRecord; known?: string }) {
  // The past is read-only.
  const canWrite = useCan("book.write") && !known;
  const nameOf = useNames(record);
  return (
    <EditorProvider
      record={record}
      knownAt={known && knownMoment(known)}
      knownOn={known && knownDay(known)}
      canWrite={canWrite}
      nameOf={nameOf}
    >
      <div className={cn(PAGE, known && "min-h-full bg-warn-soft/45")} data-past={known ? "" : undefined}>
        <Known />
        <RecordBody record={record} />
      </div>
    </EditorProvider>
  );
}

function RecordBody({ record }: { record: HouseholdRecord }) {
  const { tab = "overview", person, edit } = useSearch({ from: "/households/$id" });
  const { knownAt } = useEditor();
  const navigate = useNavigate({ from: "/households/$id" });
  const [changing, setChanging] = useState(false);
  const go = (next: TabId) =>
    void navigate({
      search: (s) => ({ ...s, tab: next === "overview" ? undefined : next, edit: undefined }),
      replace: true,
    });
  const openPerson = (personId?: string) =>
    void navigate({ search: (s) => ({ ...s, person: personId }), replace: true });
  const composes = tab === "notes" || tab === "timeline";
  const writeNote = () => {
    // The composer takes the key itself; where it is not there yet it does so as soon as it is.
    if (composes && keyRouter.run("record.note")) return;
    keyRouter.runOnceHandled("record.note");
    if (!composes) go("notes");
  };
  const changeFamily = () => setChanging(true);
  const openNode: OpenNode = ({ id, kind }) => {
    if (kind === "person") return openPerson(id);
    if (kind === "household") return void navigate({ to: "/households/$id", params: { id }, search: {} });
    go(kind === "account" ? "accounts" : "overview");
    focusRow(id);
  };
  useRecordKeys(record.household.id, go);
  useKey("record.note", writeNote, !composes);
  const member = record.people.find((m) => m.person.id === person);
  return (
    <>
      {record.household.deleted_at && <RemovedBanner />}
      <HouseholdHeader onNote={writeNote} onChangeFamily={changeFamily} />
      {/* On a phone the figures would fill the screen of every tab. */}
      <div className={cn(tab !== "overview" && "max-sm:hidden")}>
        <StatStrip />
      </div>
      <Tabs value={tab} onValueChange={(t) => go(t as TabId)} className="mt-4">
        <TabsList aria-label="Household sections">
          {TABS.map((t) => (
            <Tab key={t} value={t}>
              {TAB_NAMES[t]}
            </Tab>
          ))}
        </TabsList>
        <Panel value="overview" aside={<Aside onOpenPerson={openPerson} onMap={() => go("people")} />}>
          <OverviewTab onAllNotes={() => go("notes")} />
        </Panel>
        <Panel value="timeline">
          <TimelineTab />
        </Panel>
        <Panel value="notes">{knownAt ? <PastNotes knownAt={knownAt} /> : <NotesTab />}</Panel>
        <TabPanel
          value="tasks"
          className="mt-6 grid grid-cols-1 items-start gap-6 outline-none @4xl:grid-cols-2"
        >
          <TasksCard />
          <LoopsCard />
        </TabPanel>
        <Panel value="accounts">
          <AccountsTab />
        </Panel>
        <Panel value="brain">
          <BrainTab />
        </Panel>
        <Panel value="people">
          <FamilyTab onOpenPerson={openPerson} onOpenNode={openNode} onChange={changeFamily} />
        </Panel>
        <Panel value="history">
          <HistoryTab shown={edit} />
        </Panel>
      </Tabs>
      {changing && (
        <Suspense>
          <ChangeFamilyDialog onClose={() => setChanging(false)} />
        </Suspense>
      )}
      {member && (
        <Suspense>
          <PersonSheet member={member} onClose={() => openPerson(undefined)} />
        </Suspense>
      )}
    </>
  );
}

/** A removed household can still be opened, and brought back. */
function RemovedBanner() {
  const { record, canWrite, facts } = useEditor();
  const restore = () =>
    restoreFact("households", record.household.id)
      .then(facts.renew)
      .catch((error) => toast(asProblem(error).message, { tone: "error" }));
  return (
    <div role="status" className="mb-4 flex items-center gap-4 rounded-md bg-warn-soft px-4 py-2 text-warn">
      <p className="mr-auto">This household was removed. It is no longer in the list.</p>
      {canWrite && (
        <Button size="sm" onClick={() => void restore()}>
          Restore household
        </Button>
      )}
    </div>
  );
}

function Panel({ value, aside, children }: { value: TabId; aside?: ReactNode; children: ReactNode }) {
  if (!aside)
    return (
      <TabPanel value={value} className="mt-6 outline-none">
        <Suspense
          fallback={
            <Loading>
              <SkeletonCard rows={6} />
            </Loading>
          }
        >
          {children}
        </Suspense>
      </TabPanel>
    );
  return (
    <TabPanel
      value={value}
      className="mt-6 grid grid-cols-1 items-start gap-6 outline-none @4xl:grid-cols-[minmax(0,1fr)_19rem] @6xl:grid-cols-[minmax(0,1fr)_23rem]"
    >
      {children}
      {aside}
    </TabPanel>
  );
}

/** Beside the overview on a desk; where there is no room, its cards have tabs of their own. */
function Aside({ onOpenPerson, onMap }: { onOpenPerson: (id: string) => void; onMap: () => void }) {
  return (
    <aside aria-label="People and next steps" className="hidden min-w-0 flex-col gap-6 @4xl:flex">
      <LoopsCard />
      <TasksCard />
      <PeopleCard onOpen={onOpenPerson} />
      <Spare fallback={<div className="h-52 rounded-lg border border-line bg-surface" />}>
        <MiniMap onOpen={onMap} />
      </Spare>
    </aside>
  );
}

/** Presses the edit button of the value, or of the brain file, that has the focus. */
function editFocused() {
  document.activeElement
    ?.closest("[data-why],[data-edits]")
    ?.querySelector<HTMLElement>("[data-edit]")
    ?.click();
}

function useRecordKeys(id: string, go: (tab: TabId) => void) {
  const step = usePageStep(id);
  useKey("record.previous", () => step.go(-1), step.can(-1));
  useKey("record.next", () => step.go(1), step.can(1));
  useKey("record.edit", editFocused);
  useKey("record.family", () => go("people"));
  useTabKey("tab.1", "overview", go);
  useTabKey("tab.2", "timeline", go);
  useTabKey("tab.3", "notes", go);
  useTabKey("tab.4", "tasks", go);
  useTabKey("tab.5", "accounts", go);
  useTabKey("tab.6", "brain", go);
  useTabKey("tab.7", "history", go);
}
const useTabKey = (key: KeyId, tab: TabId, go: (tab: TabId) => void) => useKey(key, () => go(tab));

function RecordSkeleton() {
  return (
    <Loading label="Loading household">
      <div className={PAGE}>
        <Skeleton className="h-4 w-24" />
        <div className="mt-4 flex items-center gap-4">
          <Skeleton className="size-14 rounded-full" />
          <Skeleton className="h-9 w-72" />
        </div>
        <Skeleton className="mt-6 h-24 w-full" />
        <div className="mt-16 grid grid-cols-1 gap-6 @4xl:grid-cols-[minmax(0,1fr)_19rem]">
          <SkeletonCard rows={5} />
          <SkeletonCard rows={3} />
        </div>
      </div>
    </Loading>
  );
}
