/** What the figures of a household open into, those of money apart. */
import type { ReactNode } from "react";
import { useEditor } from "@/features/edits";
import { date, daysBetween, moment } from "@/lib/dates";
import { plural } from "@/lib/words";
import { Sheet } from "@/ui/overlay";
import { useCadence } from "./cadence";
import { when } from "./when";

const Row = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="flex justify-between gap-4 border-t border-line py-2.5 first:border-0">
    <dt className="text-ink-2">{name}</dt>
    <dd className="text-right">{children}</dd>
  </div>
);

interface FigureProps {
  title: string;
  description: string;
  /** What the figure does not count, and why. */
  leftOut: string;
  onClose: () => void;
  children: ReactNode;
}

const FigureSheet = ({ title, description, leftOut, onClose, children }: FigureProps) => (
  <Sheet open wide onOpenChange={(o) => !o && onClose()} title={title} description={description}>
    <div className="flex flex-col gap-6 p-5">
      <dl>{children}</dl>
      <section aria-labelledby="left-out-here">
        <h3 id="left-out-here" className="display text-lg">
          Left out
        </h3>
        <p className="mt-1 text-sm text-ink-2">{leftOut}</p>
      </section>
    </div>
  </Sheet>
);

/** The notes that the newest touch comes from. */
export function TouchSheet({ onClose }: { onClose: () => void }) {
  const { record, nameOf } = useEditor();
  const notes = [...record.notes].sort((a, b) => when(b).localeCompare(when(a))).slice(0, 10);
  return (
    <FigureSheet
      title="Last touch"
      description="The newest notes, by the moment they tell of."
      leftOut="Calls, meetings and e-mail are not connected yet: what happened there counts once somebody notes it."
      onClose={onClose}
    >
      {notes.map((note) => (
        <Row key={note.id} name={moment(when(note))}>
          {(note.author_id && nameOf(note.author_id)) || "A note"}
        </Row>
      ))}
      {notes.length === 0 && <Row name="No note is kept">None</Row>}
    </FigureSheet>
  );
}

/** What the next review is judged by. */
export function ReviewSheet({ now, onClose }: { now: string; onClose: () => void }) {
  const { household } = useEditor().record;
  const { next_review: due } = household;
  const cadence = useCadence(household);
  const days = due ? daysBetween(now, due) : 0;
  return (
    <FigureSheet
      title="Next review"
      description="The day is set by hand; the cadence says how often."
      leftOut="Reviews that were held are not recorded by themselves yet, so no last review is counted from."
      onClose={onClose}
    >
      <Row name="Due">{due ? date(due) : "Not set"}</Row>
      {due && (
        <Row name="As of today">
          {days < 0 ? `${plural(-days, "day")} overdue` : `in ${plural(days, "day")}`}
        </Row>
      )}
      <Row name="Cadence">{cadence ?? "Not set"}</Row>
      <Row name="Tier">{household.tier ?? "Not set"}</Row>
    </FigureSheet>
  );
}
