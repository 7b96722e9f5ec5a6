import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { NotebookPen } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { draftsQuery, notesQuery, templatesQuery } from "@/api/queries/notes";
import { useUserOptions } from "@/api/queries/user-options";
import { Coming, useComing, useEditor } from "@/features/edits";
import { Button } from "@/ui/button";
import { Input, Select } from "@/ui/form";
import { Empty, Failure, Loading, SkeletonCard } from "@/ui/states";
import { NoteCard } from "./NoteCard";
import { NoteComposer } from "./NoteComposer";
import { draftOf } from "./useDraft";

export function NotesTab() {
  const { householdId, canWrite } = useEditor();
  const [text, setText] = useState("");
  const [author, setAuthor] = useState("");
  const q = useDeferredValue(text.trim());
  const filter = { ...(q ? { q } : {}), ...(author ? { author_id: author } : {}) };
  const filtered = q !== "" || author !== "";
  const notes = useInfiniteQuery({ ...notesQuery(householdId, filter), placeholderData: keepPreviousData });
  const drafts = useQuery({ ...draftsQuery(householdId), enabled: canWrite });
  const coming = useComing("notes", householdId);
  const shown = notes.data?.pages.flatMap((p) => p.items) ?? [];
  const draftFor = (noteId: string) => drafts.data?.items.find((d) => d.note_id === noteId);
  return (
    <div className="flex flex-col gap-4">
      <NoteComposer />
      <Coming rows={coming} />
      <Failure of={notes} />
      {notes.isPending && (
        <Loading label="Loading notes">
          <SkeletonCard />
        </Loading>
      )}
      {(filtered || shown.length > 1) && (
        <NoteFilters text={text} onText={setText} author={author} onAuthor={setAuthor} />
      )}
      {shown.map((note) => (
        <NoteCard key={note.id} note={note} draft={draftFor(note.id)} />
      ))}
      {notes.data && shown.length + coming.length === 0 && (filtered ? <NothingFound /> : <NoNotes />)}
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

const NothingFound = () => <p className="py-8 text-center text-ink-2">No note says that.</p>;

function NoteFilters({
  text,
  onText,
  author,
  onAuthor,
}: {
  text: string;
  onText: (text: string) => void;
  author: string;
  onAuthor: (author: string) => void;
}) {
  const users = useUserOptions();
  return (
    <search aria-label="Notes" className="flex flex-wrap gap-2">
      <Input
        type="search"
        aria-label="Search notes"
        placeholder="Search these notes"
        className="max-w-72"
        maxLength={200}
        value={text}
        onChange={(e) => onText(e.target.value)}
      />
      <Select
        aria-label="Author"
        className="w-auto max-w-56"
        value={author}
        onChange={(e) => onAuthor(e.target.value)}
      >
        <option value="">Any author</option>
        {users.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
    </search>
  );
}

const OFFERED = 3;

/** Nothing yet: the first note can begin with a template. */
function NoNotes() {
  const { householdId, canWrite } = useEditor();
  const templates = useQuery({ ...templatesQuery, enabled: canWrite });
  const begin = (body: string) => {
    draftOf(householdId).change({ body });
    document.querySelector<HTMLElement>("form[aria-label='New note'] textarea")?.focus();
  };
  return (
    <Empty
      icon={<NotebookPen aria-hidden />}
      title="No notes yet"
      action={
        canWrite && (
          <div className="flex flex-wrap justify-center gap-2">
            {templates.data?.items.slice(0, OFFERED).map((template) => (
              <Button key={template.id} onClick={() => begin(template.body)}>
                {template.name}
              </Button>
            ))}
          </div>
        )
      }
    >
      {canWrite
        ? "Write the first one above, or begin with what your firm always asks:"
        : "Nobody has written one."}
    </Empty>
  );
}
