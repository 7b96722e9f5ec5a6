import { cn } from "@/lib/cn";
import { date } from "@/lib/dates";
import { plural } from "@/lib/words";

const TALLEST_PX = 40;

interface Props {
  /** Newest first. */
  days: readonly { day: string; entries: number }[];
  chosen: string | undefined;
  onChoose: (day: string | undefined) => void;
}

/** The days that have entries, oldest on the left: the taller, the more happened. A click shows that day alone. */
export function DayStrip({ days, chosen, onChoose }: Props) {
  if (days.length === 0) return null;
  const most = Math.max(1, ...days.map((d) => d.entries));
  return (
    <section aria-label="Entries by day">
      <p className="flex justify-between text-xs text-ink-3">
        <span>Entries by day</span>
        <span>
          {date(days.at(-1)?.day ?? "")} to {date(days[0]?.day ?? "")}
        </span>
      </p>
      <div className="mt-1 flex h-12 items-end gap-1 overflow-x-auto border-b border-line">
        {days.toReversed().map(({ day, entries }) => (
          <button
            key={day}
            type="button"
            aria-pressed={day === chosen}
            aria-label={`${date(day)}: ${plural(entries, "entry", "entries")}`}
            title={`${date(day)}: ${plural(entries, "entry", "entries")}`}
            onClick={() => onChoose(day === chosen ? undefined : day)}
            className="group flex h-full w-6 shrink-0 items-end rounded-sm focus-ring"
          >
            <span
              className={cn(
                "block w-full rounded-t-sm bg-brass/50 group-hover:bg-brass",
                day === chosen && "bg-brass",
              )}
              // A bulk import would flatten every other day: the height grows with the root.
              style={{ height: Math.max(4, Math.round(TALLEST_PX * Math.sqrt(entries / most))) }}
            />
          </button>
        ))}
      </div>
    </section>
  );
}
