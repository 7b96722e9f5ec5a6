import { lazy, type ReactNode, Suspense, useState } from "react";
import { InlineField, useEditor } from "@/features/edits";
import type { TotalKind } from "@/features/totals";
import { cn } from "@/lib/cn";
import { ago, date, isOverdue, today } from "@/lib/dates";
import { money } from "@/lib/money";
import { useCadence } from "./cadence";
import { HOUSEHOLD_FIELDS } from "./fields";
import { when } from "./when";

const TotalsDrawer = lazy(() => import("@/features/totals").then((m) => ({ default: m.TotalsDrawer })));
const TouchSheet = lazy(() => import("./StatSheets").then((m) => ({ default: m.TouchSheet })));
const ReviewSheet = lazy(() => import("./StatSheets").then((m) => ({ default: m.ReviewSheet })));

const CELL = "min-w-0 @3xl:px-6 @3xl:first:pl-0";
type Opened = TotalKind | "touch" | "review";

/** The figures of a household. Each opens into what it is made of, and what is not in it. */
export function StatStrip() {
  const { record, householdId, knownAt, knownOn } = useEditor();
  const [open, setOpen] = useState<Opened | null>(null);
  const { totals, household } = record;
  const now = knownOn ?? today();
  const late = isOverdue(household.next_review, now);
  const cadence = useCadence(household);
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
          {late ? "overdue" : (cadence ?? "no cadence set")}
        </button>
      </div>
      <Suspense>
        {open === "touch" && <TouchSheet onClose={close} />}
        {open === "review" && <ReviewSheet now={now} onClose={close} />}
        {open && open !== "touch" && open !== "review" && (
          <TotalsDrawer householdId={householdId} knownAt={knownAt} kind={open} onClose={close} />
        )}
      </Suspense>
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
