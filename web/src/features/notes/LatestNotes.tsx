import { useEditor } from "@/features/edits";
import { NoteCard } from "./NoteCard";

const LATEST_NOTES = 3;

/** The pinned notes of the household on screen, and then its newest. Nothing where there is none. */
export function LatestNotes({ onAllNotes }: { onAllNotes: () => void }) {
  const { record, knownAt } = useEditor();
  const pinned = record.notes.filter((n) => n.pinned);
  const latest = record.notes.filter((n) => !n.pinned).slice(0, Math.max(1, LATEST_NOTES - pinned.length));
  const shown = [...pinned, ...latest];
  if (shown.length === 0) return null;
  return (
    <section aria-labelledby="latest-notes" className="flex flex-col gap-3">
      <div className="flex items-center justify-between">
        <h2 id="latest-notes" className="display text-lg">
          Latest notes
        </h2>
        {!knownAt && (
          <button
            type="button"
            onClick={onAllNotes}
            className="rounded-md px-2 py-1 text-sm font-medium text-brand-ink hover:bg-sunken focus-ring"
          >
            All notes
          </button>
        )}
      </div>
      {shown.map((note) => (
        <NoteCard key={note.id} note={note} />
      ))}
    </section>
  );
}
