import { useInfiniteQuery } from "@tanstack/react-query";
import { NotebookPen } from "lucide-react";
import { useState } from "react";
import { notesQuery } from "@/api/queries/work";
import type { Note } from "@/api/types";
import { useEditor } from "@/features/edits";
import { Button } from "@/ui/button";
import { Input } from "@/ui/form";
import { Empty, ErrorState, Loading, SkeletonCard } from "@/ui/states";
import { NoteCard } from "./NoteCard";
import { NoteComposer } from "./NoteComposer";

const when = (note: Note) => note.occurred_at ?? note.created_at;

/** Pinned first, then the newest. */
function inOrder(notes: readonly Note[]) {
  return [...notes].sort((a, b) => Number(b.pinned) - Number(a.pinned) || when(b).localeCompare(when(a)));
}

export function NotesTab() {
  const { householdId, canWrite } = useEditor();
  const notes = useInfiniteQuery(notesQuery(householdId));
  const [filter, setFilter] = useState("");
  const all = inOrder(notes.data?.pages.flatMap((p) => p.items) ?? []);
  const words = filter.trim().toLowerCase();
  const shown = words ? all.filter((n) => n.body.toLowerCase().includes(words)) : all;
  return (
    <div className="flex flex-col gap-4">
      <NoteComposer />
      {notes.isError && <ErrorState error={notes.error} onRetry={() => void notes.refetch()} />}
      {notes.isPending && (
        <Loading label="Loading notes">
          <SkeletonCard />
        </Loading>
      )}
      {all.length > 3 && (
        <Input
          aria-label="Filter notes"
          placeholder="Filter the notes loaded below"
          className="max-w-72"
          value={filter}
          onChange={(e) => setFilter(e.target.value)}
        />
      )}
      {shown.map((note) => (
        <NoteCard key={note.id} note={note} />
      ))}
      {notes.data && all.length === 0 && (
        <Empty icon={<NotebookPen aria-hidden />} title="No notes yet">
          {canWrite
            ? "Write the first one above: what was said, what was agreed."
            : "Nobody has written one."}
        </Empty>
      )}
      {words && shown.length === 0 && all.length > 0 && (
        <p className="py-8 text-center text-ink-2">No note says that.</p>
      )}
      {notes.hasNextPage && (
        <Button
          className="self-center"
          disabled={notes.isFetchingNextPage}
          onClick={() => void notes.fetchNextPage()}
        >
          Load older notes
        </Button>
      )}
    </div>
  );
}
