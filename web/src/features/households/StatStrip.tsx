import { lazy, type ReactNode, Suspense, useState } from "react";
import type { Note } from "@/api/types";
import { InlineField, useEditor } from "@/features/edits";
import type { TotalKind } from "@/features/totals";
import { cn } from "@/lib/cn";
import { ago, date, daysBetween, isOverdue, moment, today } from "@/lib/dates";
import { money } from "@/lib/money";
import { plural } from "@/lib/words";
import { Sheet } from "@/ui/overlay";
import { HOUSEHOLD_FIELDS } from "./fields";

const TotalsDrawer = lazy(() => import("@/features/totals").then((m) => ({ default: m.TotalsDrawer })));

/** The moment that a note tells of. */
const when = (note: Note) => note.occurred_at ?? note.created_at;
const CELL = "min-w-0 @3xl:px-6 @3xl:first:pl-0";
type Opened = TotalKind | "touch" | "review";

/** The figures of a household. Each opens into what it is made of, and what is not in it. */
export function StatStrip() {
  const { record, householdId, knownAt } = useEditor();
  const [open, setOpen] = useState<Opened | null>(null);
  const { totals, household } = record;
  const now = knownAt?.slice(0, 10) ?? today();
  const late = isOverdue(household.next_review, now);
  const touch = record.notes.map(when).sort().at(-1);
  const close = () => setOpen(null);
  return (
    <section
      aria-label="Figures"
      className="mt-6 grid grid-cols-2 gap-y-5 border-y border-line py-5 @2xl:grid-cols-3 @3xl:divide-x @3xl:divide-line @5xl:grid-cols-5"
    >
      <Figure
        label="Assets with us"
        value={money(totals.aum_usd)}
        note={totals.oldest_as_of ? `oldest balance ${date(totals.oldest_as_of)}` : "no balance yet"}
        onOpen={() => setOpen("aum")}
      />
      <Figure
        label="Held away"
        value={money(totals.held_away_usd)}
        note="entered by hand"
        onOpen={() => setOpen("held_away")}
      />
      <Figure
        label="Liabilities"
        value={money(totals.liabilities_usd)}
        note={
          <button
            type="button"
            onClick={() => setOpen("net")}
            className="min-h-6 rounded-sm text-left hover:underline focus-ring"
          >
            net worth {money(totals.net_usd)}
          </button>
        }
        onOpen={() => setOpen("liabilities")}
      />
      <Figure
        label="Last touch"
        value={touch ? (knownAt ? date(touch) : ago(touch)) : "None yet"}
        note={touch ? "a note" : "no note is kept"}
        onOpen={() => setOpen("touch")}
      />
      <div className={CELL}>
        <p className="eyebrow">Next review</p>
        <InlineField
          noun="households"
          row={household}
          field={HOUSEHOLD_FIELDS.next_review}
          bare
          className="mt-1 text-xl font-medium tracking-tight"
        >
          {household.next_review ? (
            <span className={cn(late && "text-warn")}>{date(household.next_review)}</span>
          ) : (
            <span className="text-ink-3">Not set</span>
          )}
        </InlineField>
        <button
          type="button"
          onClick={() => setOpen("review")}
          className={cn(
            "min-h-6 rounded-sm text-left text-sm hover:underline focus-ring",
            late ? "text-warn" : "text-ink-2",
          )}
        >
          {late
            ? "overdue"
            : household.review_cadence_months
              ? `every ${plural(household.review_cadence_months, "month")}`
              : "no cadence set"}
        </button>
      </div>
      {open === "touch" && <TouchSheet onClose={close} />}
      {open === "review" && <ReviewSheet now={now} onClose={close} />}
      {open && open !== "touch" && open !== "review" && (
        <Suspense>
          <TotalsDrawer householdId={householdId} knownAt={knownAt} kind={open} onClose={close} />
        </Suspense>
      )}
    </section>
  );
}

function Figure({
  label,
  value,
  note,
  onOpen,
}: {
  label: string;
  value: string | null;
  note: ReactNode;
  onOpen: () => void;
}) {
  return (
    <div className={CELL}>
      <p className="eyebrow">{label}</p>
      <button
        type="button"
        onClick={onOpen}
        aria-label={`${label} ${value}: what adds up to this`}
        className="-mx-1.5 mt-1 rounded-md px-1.5 py-0.5 text-xl font-medium tracking-tight decoration-brass decoration-1 underline-offset-4 hover:bg-sunken hover:underline focus-ring"
      >
        {value}
      </button>
      <div className="text-sm text-ink-2">{note}</div>
    </div>
  );
}

const Row = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="flex justify-between gap-4 border-t border-line py-2.5 first:border-0">
    <dt className="text-ink-2">{name}</dt>
    <dd className="text-right">{children}</dd>
  </div>
);

const LeftOut = ({ children }: { children: ReactNode }) => (
  <section aria-labelledby="left-out-here">
    <h3 id="left-out-here" className="display text-lg">
      Left out
    </h3>
    <p className="mt-1 text-sm text-ink-2">{children}</p>
  </section>
);

/** The notes that the newest touch comes from. */
function TouchSheet({ onClose }: { onClose: () => void }) {
  const { record, nameOf } = useEditor();
  const notes = [...record.notes].sort((a, b) => when(b).localeCompare(when(a))).slice(0, 10);
  return (
    <Sheet
      open
      wide
      onOpenChange={(o) => !o && onClose()}
      title="Last touch"
      description="The newest notes, by the moment they tell of."
    >
      <div className="flex flex-col gap-6 p-5">
        <dl>
          {notes.map((note) => (
            <Row key={note.id} name={moment(when(note))}>
              {(note.author_id && nameOf(note.author_id)) || "A note"}
            </Row>
          ))}
          {notes.length === 0 && <Row name="No note is kept">None</Row>}
        </dl>
        <LeftOut>
          Calls, meetings and e-mail are not connected yet: what happened there counts once somebody notes it.
        </LeftOut>
      </div>
    </Sheet>
  );
}

/** What the next review is judged by. */
function ReviewSheet({ now, onClose }: { now: string; onClose: () => void }) {
  const { household } = useEditor().record;
  const { next_review: due, review_cadence_months: months } = household;
  const days = due ? daysBetween(now, due) : 0;
  return (
    <Sheet
      open
      wide
      onOpenChange={(o) => !o && onClose()}
      title="Next review"
      description="The day is set by hand; the cadence says how often."
    >
      <div className="flex flex-col gap-6 p-5">
        <dl>
          <Row name="Due">{due ? date(due) : "Not set"}</Row>
          {due && (
            <Row name="As of today">
              {days < 0 ? `${plural(-days, "day")} overdue` : `in ${plural(days, "day")}`}
            </Row>
          )}
          <Row name="Cadence">{months ? `every ${plural(months, "month")}` : "Not set"}</Row>
          <Row name="Tier">{household.tier ?? "Not set"}</Row>
        </dl>
        <LeftOut>
          Reviews that were held are not recorded by themselves yet, so no last review is counted from.
        </LeftOut>
      </div>
    </Sheet>
  );
}
