import { useLocation } from "@tanstack/react-router";
import { History, Lock, Pencil, PenLine, Pin, PinOff, Trash2, Users } from "lucide-react";
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { asProblem } from "@/api/problem";
import type { Draft } from "@/api/queries/notes";
import type { Note } from "@/api/types";
import { useMe } from "@/features/auth";
import { useEditor } from "@/features/edits";
import { useEditing } from "@/features/live";
import { cn } from "@/lib/cn";
import { ago, moment } from "@/lib/dates";
import { opener } from "@/lib/opener";
import { IconButton } from "@/ui/button";
import { Badge } from "@/ui/card";
import { Markdown } from "@/ui/Markdown";
import { Menu, MenuItem } from "@/ui/menu";
import { toast } from "@/ui/toast";
import { noteSpec } from "./spec";

const NoteRewrite = lazy(() => import("./NoteRewrite").then((m) => ({ default: m.NoteRewrite })));
const Versions = lazy(() => import("./Versions").then((m) => ({ default: m.Versions })));

const elementId = (note: Note) => `note-${note.id}`;

/** A note that an address names after its `#` is brought into view, once. */
function useNamed(note: Note) {
  const named = useLocation({ select: ({ hash }) => hash === elementId(note) });
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (named) card.current?.scrollIntoView({ block: "center" });
  }, [named]);
  return { card, named };
}

export function NoteCard({ note, draft }: { note: Note; draft?: Draft }) {
  const { nameOf, canWrite } = useEditor();
  const [editing, setEditing] = useState(false);
  const [versions, setVersions] = useState<{ opener: HTMLElement | null } | null>(null);
  const { card, named } = useNamed(note);
  const others = useEditing("notes", note.id);
  // What was being rewritten when the page was closed is open again.
  const unsaved = canWrite && draft !== undefined && draft.body !== note.body;
  useEffect(() => {
    if (unsaved) setEditing(true);
  }, [unsaved]);
  const author = note.author_id ? (nameOf(note.author_id) ?? "A colleague") : "An import";
  const at = note.occurred_at ?? note.created_at;
  return (
    <article
      ref={card}
      id={elementId(note)}
      aria-label={`Note of ${moment(at)}`}
      data-testid="note"
      className={cn(
        "rounded-lg border border-line bg-surface px-5 pt-3 pb-4 shadow-1",
        named && "border-brass",
      )}
    >
      <div className="mb-1 flex min-h-8 items-center gap-2">
        <p className="min-w-0 flex-1 truncate text-sm text-ink-2">
          <span className="font-medium text-ink">{author}</span>{" "}
          <time dateTime={at} title={moment(at)}>
            {ago(at)}
          </time>
        </p>
        {note.privacy === "private" && (
          <Badge>
            <Lock aria-hidden className="size-3" />
            Only author and compliance
          </Badge>
        )}
        {note.pinned && <Badge tone="brass">Pinned</Badge>}
        <NoteMenu
          note={note}
          onEdit={() => setEditing(true)}
          onVersions={() => setVersions({ opener: opener() })}
        />
      </div>
      {others && (
        <p role="status" data-testid="note-edited" className="mb-1 text-sm text-brand-ink">
          {others} {others.includes(", ") ? "are" : "is"} editing this note
        </p>
      )}
      {editing ? (
        <Suspense fallback={<Markdown source={note.body} />}>
          <NoteRewrite note={note} onClose={() => setEditing(false)} />
        </Suspense>
      ) : (
        <div className="text-md leading-6 [&>div]:text-md [&>div]:leading-6">
          <Markdown source={note.body} />
        </div>
      )}
      {versions && (
        <Suspense>
          <Versions note={note} opener={versions.opener} onClose={() => setVersions(null)} />
        </Suspense>
      )}
    </article>
  );
}

function NoteMenu({ note, onEdit, onVersions }: { note: Note; onEdit: () => void; onVersions: () => void }) {
  const { canWrite, facts, remove } = useEditor();
  const me = useMe();
  const set = (fields: object, text: string) =>
    void facts
      .change("notes", note, { ...fields }, text)
      .catch((error) => toast(asProblem(error).message, { tone: "error" }));
  const own = note.author_id === me?.user.id;
  const privacy = note.privacy === "private";
  return (
    <Menu
      trigger={
        <IconButton label="Actions for note" className="-mr-2">
          <PenLine />
        </IconButton>
      }
    >
      {canWrite && <Item icon={<Pencil />} text="Edit" run={onEdit} />}
      {canWrite && (
        <Item
          icon={note.pinned ? <PinOff /> : <Pin />}
          text={note.pinned ? "Unpin" : "Keep at the top"}
          run={() => set({ pinned: !note.pinned }, note.pinned ? "Note unpinned." : "Note pinned.")}
        />
      )}
      {canWrite && own && (
        <Item
          icon={privacy ? <Users /> : <Lock />}
          text={privacy ? "Open to the team" : "Keep to myself and compliance"}
          run={() =>
            set(
              { privacy: privacy ? "team" : "private" },
              privacy ? "The team can read this note." : "Only you and compliance can read this note.",
            )
          }
        />
      )}
      <Item icon={<History />} text="Versions" run={onVersions} />
      {canWrite && <Item icon={<Trash2 />} text="Remove" run={() => remove(noteSpec, note.id, "note")} />}
    </Menu>
  );
}

function Item({ icon, text, run }: { icon: ReactNode; text: string; run: () => void }) {
  return (
    <MenuItem onSelect={run}>
      {icon}
      {text}
    </MenuItem>
  );
}
