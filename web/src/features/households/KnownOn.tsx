import { History } from "lucide-react";
import { dateWithWeekday, knownDay, moment, today } from "@/lib/dates";
import { Button } from "@/ui/button";

/** Says that the page shows the past, lets another day be chosen, and leads back. The page is read-only meanwhile. */
export function KnownOnBanner({
  known,
  onDay,
}: {
  /** A day or a moment. */
  known: string;
  onDay: (day: string | undefined) => void;
}) {
  const exact = known.length > 10;
  return (
    <section
      aria-label="As known on"
      data-testid="known-on"
      className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-md border border-warn/40 bg-warn-soft px-4 py-2.5 text-warn"
    >
      <History aria-hidden className="hidden size-4 sm:block" />
      <p role="status" className="mr-auto">
        As it was known on {exact ? moment(known) : dateWithWeekday(known)}. Nothing can be changed here.
      </p>
      <label className="flex items-center gap-2 text-sm">
        Day
        <input
          type="date"
          value={knownDay(known)}
          max={today()}
          min="1990-01-01"
          onChange={(event) => event.target.value && onDay(event.target.value)}
          className="h-8 rounded-md border border-line-2 bg-surface px-2 text-ink focus-ring"
        />
      </label>
      <Button size="sm" onClick={() => onDay(undefined)} aria-keyshortcuts="Escape">
        Back to now
      </Button>
    </section>
  );
}
