import { useInfiniteQuery } from "@tanstack/react-query";
import { NotebookPen } from "lucide-react";
import { notesKnownAtQuery } from "@/api/queries/record";
import { useEditor } from "@/features/edits";
import { NoteCard } from "@/features/notes";
import { Button } from "@/ui/button";
import { Empty, ErrorState, Loading, SkeletonCard } from "@/ui/states";

/** The notes as they were known at a moment: read, never written. */
export function PastNotes({ knownAt }: { knownAt: string }) {
  const { householdId } = useEditor();
  const notes = useInfiniteQuery(notesKnownAtQuery(householdId, knownAt));
  const all = notes.data?.pages.flatMap((p) => p.items) ?? [];
  if (notes.isLoadingError) return <ErrorState error={notes.error} onRetry={() => void notes.refetch()} />;
  if (notes.isPending)
    return (
      <Loading label="Loading notes">
        <SkeletonCard rows={4} />
      </Loading>
    );
  if (all.length === 0) return <Empty icon={<NotebookPen aria-hidden />} title="No note was known then" />;
  return (
    <div className="flex flex-col gap-3">
      {all.map((note) => (
        <NoteCard key={note.id} note={note} />
      ))}
      {notes.hasNextPage && (
        <Button
          className="self-center"
          disabled={notes.isFetchingNextPage}
          onClick={() => void notes.fetchNextPage()}
        >
          Load earlier
        </Button>
      )}
    </div>
  );
}
