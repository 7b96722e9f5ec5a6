import { Pin, PinOff } from "lucide-react";
import { asProblem } from "@/api/problem";
import type { Note } from "@/api/types";
import { RowMenu, useEditor } from "@/features/edits";
import { ago, moment } from "@/lib/dates";
import { Badge } from "@/ui/card";
import { Markdown } from "@/ui/Markdown";
import { MenuItem } from "@/ui/menu";
import { toast } from "@/ui/toast";
import { noteSpec } from "./spec";

export function NoteCard({ note }: { note: Note }) {
  const { nameOf, facts } = useEditor();
  const author = note.author_id ? (nameOf(note.author_id) ?? "A colleague") : "An import";
  const at = note.occurred_at ?? note.created_at;
  const pin = () =>
    facts
      .change("notes", note, { pinned: !note.pinned }, note.pinned ? "Note unpinned." : "Note pinned.")
      .catch((error) => toast(asProblem(error).message, { tone: "error" }));
  return (
    <article
      aria-label={`Note of ${moment(at)}`}
      data-testid="note"
      className="rounded-lg border border-line bg-surface px-5 pt-3 pb-4 shadow-1"
    >
      <div className="mb-1 flex items-center gap-2">
        <p className="min-w-0 flex-1 truncate text-sm text-ink-2">
          <span className="font-medium text-ink">{author}</span>{" "}
          <time dateTime={at} title={moment(at)}>
            {ago(at)}
          </time>
        </p>
        {note.pinned && <Badge tone="brass">Pinned</Badge>}
        <RowMenu spec={noteSpec} row={note} name="note">
          <MenuItem onSelect={() => void pin()}>
            {note.pinned ? <PinOff /> : <Pin />}
            {note.pinned ? "Unpin" : "Keep at the top"}
          </MenuItem>
        </RowMenu>
      </div>
      <Markdown source={note.body} />
    </article>
  );
}
