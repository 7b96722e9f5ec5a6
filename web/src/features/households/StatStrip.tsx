import { useState } from "react";
import { InlineField, useEditor } from "@/features/edits";
import { type TotalKind, TotalsDrawer } from "@/features/totals";
import { cn } from "@/lib/cn";
import { date, isOverdue } from "@/lib/dates";
import { money } from "@/lib/money";
import { plural } from "@/lib/words";
import { HOUSEHOLD_FIELDS } from "./fields";

const CELL = "min-w-0 @2xl:px-6 @2xl:first:pl-0";

/** The figures of a household; those that are sums open what they add up to. */
export function StatStrip() {
  const { record, householdId, knownAt } = useEditor();
  const [open, setOpen] = useState<TotalKind | null>(null);
  const { totals, household } = record;
  const late = isOverdue(household.next_review);
  const asOf = totals.oldest_as_of ? `oldest balance ${date(totals.oldest_as_of)}` : "no balance yet";
  return (
    <section
      aria-label="Figures"
      className="mt-6 grid grid-cols-2 gap-y-5 border-y border-line py-5 @2xl:grid-cols-4 @2xl:divide-x @2xl:divide-line"
    >
      <Figure label="Assets with us" value={totals.aum_usd} note={asOf} onOpen={() => setOpen("aum")} />
      <Figure
        label="Held away"
        value={totals.held_away_usd}
        note="entered by hand"
        onOpen={() => setOpen("held_away")}
      />
      <div className={CELL}>
        <p className="eyebrow">Liabilities</p>
        <p className="mt-1 py-0.5 text-xl font-medium tracking-tight">{money(totals.liabilities_usd)}</p>
        <p className="text-sm text-ink-2">{plural(record.liabilities.length, "entry", "entries")}</p>
      </div>
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
        <p className={cn("text-sm", late ? "text-warn" : "text-ink-2")}>
          {late
            ? "overdue"
            : household.review_cadence_months
              ? `every ${plural(household.review_cadence_months, "month")}`
              : "no cadence set"}
        </p>
      </div>
      {open && (
        <TotalsDrawer householdId={householdId} knownAt={knownAt} kind={open} onClose={() => setOpen(null)} />
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
  value: string;
  note: string;
  onOpen: () => void;
}) {
  return (
    <div className={CELL}>
      <p className="eyebrow">{label}</p>
      <button
        type="button"
        onClick={onOpen}
        aria-label={`${label} ${money(value)}: what adds up to this`}
        className="-mx-1.5 mt-1 rounded-md px-1.5 py-0.5 text-xl font-medium tracking-tight decoration-brass decoration-1 underline-offset-4 hover:bg-sunken hover:underline focus-ring"
      >
        {money(value)}
      </button>
      <p className="text-sm text-ink-2">{note}</p>
    </div>
  );
}
