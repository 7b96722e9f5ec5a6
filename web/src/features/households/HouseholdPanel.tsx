import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Maximize2 } from "lucide-react";
import { type ReactNode, type RefObject, useEffect, useRef } from "react";
import { householdQuery } from "@/api/queries/households";
import { useNames } from "@/api/queries/names";
import type { HouseholdListItem, HouseholdRecord } from "@/api/types";
import { useKey } from "@/app/keys";
import { useCan } from "@/features/auth";
import { EditorProvider, useEditor } from "@/features/edits";
import { Presence } from "@/features/live";
import { LatestNotes } from "@/features/notes";
import { LoopsCard } from "@/features/open-loops";
import { MainPeopleCard } from "@/features/people";
import { TasksCard } from "@/features/tasks";
import { ago, date } from "@/lib/dates";
import { isZero, money } from "@/lib/money";
import { HOUSEHOLD_TYPES, label } from "@/lib/words";
import { Button } from "@/ui/button";
import { Badge } from "@/ui/card";
import { Monogram } from "@/ui/monogram";
import { Sheet } from "@/ui/overlay";
import { ErrorState, Loading, Skeleton, SkeletonCard } from "@/ui/states";
import { Review, Touch } from "./columns";
import { TYPE_TONE } from "./fields";
import type { TabId } from "./record-search";
import { useStep, WalkButtons } from "./Walk";

interface PanelProps {
  id: string;
  /** Its row, where the list has it: a name before the record is there, and the last touch of any kind. */
  line?: HouseholdListItem;
  onGo: (id: string) => void;
  onFull: (id: string, tab?: TabId) => void;
  onClose: () => void;
}

/** A household at a glance, over the list it is in: the list stays, and the panel goes from one to the next. */
export function HouseholdPanel({ id, line, onGo, onFull, onClose }: PanelProps) {
  const record = useQuery(householdQuery(id));
  const step = useStep(id, onGo);
  const body = useRef<HTMLDivElement>(null);
  const name = record.data?.household.name ?? line?.name;
  usePanelKeys(body, step.go, () => onFull(id));
  // biome-ignore lint/correctness/useExhaustiveDependencies: another household starts at its top
  useEffect(() => {
    body.current?.scrollIntoView({ block: "start" });
  }, [id]);
  return (
    <Sheet
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      onOpenAutoFocus={focusPanel}
      onCloseAutoFocus={(event) => {
        event.preventDefault();
        focusRow(id);
      }}
      title={
        <span className="flex min-h-9.5 items-center gap-3">
          {name && <Monogram name={name} size="md" />}
          <span className="min-w-0 break-words">{name ?? "Household"}</span>
        </span>
      }
      description={record.data && <About record={record.data} />}
    >
      <div ref={body} className="min-h-full bg-paper">
        <div className="flex items-center justify-between gap-4 border-b border-line bg-surface px-5 py-2.5">
          <Button size="sm" asChild>
            <Link to="/households/$id" params={{ id }} aria-keyshortcuts="o">
              <Maximize2 />
              Open full page
            </Link>
          </Button>
          <WalkButtons step={step} />
        </div>
        {record.data ? (
          <Content key={id} record={record.data} line={line} onTab={(tab) => onFull(id, tab)} />
        ) : record.isError ? (
          <ErrorState error={record.error} onRetry={() => void record.refetch()} />
        ) : (
          <PanelSkeleton />
        )}
      </div>
    </Sheet>
  );
}

/** Over the panel there may be a form or a menu, whose keys are its own. */
function usePanelKeys(body: RefObject<HTMLElement | null>, go: (by: 1 | -1) => void, full: () => void) {
  const here = (act: () => void) => () => {
    if (body.current?.closest("[role=dialog]")?.contains(document.activeElement)) act();
  };
  const next = here(() => go(1));
  const previous = here(() => go(-1));
  useKey("panel.next", next);
  useKey("panel.after", next);
  useKey("panel.previous", previous);
  useKey("panel.before", previous);
  useKey("panel.full", here(full));
}

/** The panel itself gets the focus, which is read out by its title, and not the way out of it. */
function focusPanel(event: Event) {
  event.preventDefault();
  (event.target as HTMLElement).focus();
}

/** Back to the row that was looked at last; to the list, where it has no such row. */
function focusRow(id: string) {
  const row = document.querySelector<HTMLElement>(`[data-row-link="${CSS.escape(id)}"]`);
  (row ?? document.getElementById("main"))?.focus();
}

function About({ record: { household, team } }: { record: HouseholdRecord }) {
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-1 pl-12.5">
      <Badge tone={TYPE_TONE[household.type]}>{label(HOUSEHOLD_TYPES, household.type)}</Badge>
      {household.tier && <Badge tone="brass">{household.tier}</Badge>}
      {household.deleted_at && <Badge tone="warn">Removed</Badge>}
      {team && <span>Team {team.name}</span>}
    </span>
  );
}

function Content({
  record,
  line,
  onTab,
}: {
  record: HouseholdRecord;
  line?: HouseholdListItem;
  onTab: (tab: TabId) => void;
}) {
  const canWrite = useCan("book.write");
  const nameOf = useNames(record);
  return (
    <EditorProvider record={record} canWrite={canWrite} nameOf={nameOf}>
      <div className="flex flex-col gap-5 p-5">
        <div className="[&>ul:not(:empty)]:mb-4">
          <Presence householdId={record.household.id} />
          <Figures line={line} />
        </div>
        <MainPeopleCard onAll={() => onTab("people")} />
        <TasksCard />
        <LoopsCard />
        <LatestNotes onAllNotes={() => onTab("notes")} />
      </div>
    </EditorProvider>
  );
}

function Figures({ line }: { line?: HouseholdListItem }) {
  const { household, totals, notes } = useEditor().record;
  const newest = notes
    .map((n) => n.occurred_at ?? n.created_at)
    .sort()
    .at(-1);
  return (
    <dl className="grid grid-cols-1 gap-x-6 gap-y-4 @md:grid-cols-3">
      <Figure
        name="Assets with us"
        note={totals.oldest_as_of && `oldest balance ${date(totals.oldest_as_of)}`}
      >
        {isZero(totals.aum_usd) ? "None yet" : money(totals.aum_usd)}
      </Figure>
      <Figure name="Last touch">
        {line ? <Touch household={line} /> : newest ? `Note ${ago(newest)}` : "None yet"}
      </Figure>
      <Figure name="Next review">
        <Review household={household} />
      </Figure>
    </dl>
  );
}

const Figure = ({ name, note, children }: { name: string; note?: string | null; children: ReactNode }) => (
  <div className="min-w-0">
    <dt className="eyebrow">{name}</dt>
    <dd className="mt-1 text-lg font-medium tracking-tight">{children}</dd>
    {note && <dd className="text-xs text-ink-3">{note}</dd>}
  </div>
);

function PanelSkeleton() {
  return (
    <Loading label="Loading household">
      <div className="flex flex-col gap-5 p-5">
        <div className="grid grid-cols-3 gap-6">
          <Skeleton className="h-12" />
          <Skeleton className="h-12" />
          <Skeleton className="h-12" />
        </div>
        <SkeletonCard rows={2} />
        <SkeletonCard rows={3} />
        <SkeletonCard rows={3} />
      </div>
    </Loading>
  );
}
