import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, type RefObject, useId, useMemo, useRef, useState } from "react";
import { colleaguesQuery } from "@/api/queries/notes";
import { cn } from "@/lib/cn";
import { decodeMentions, encodeMentions, matching, mentionAt } from "@/lib/mentions";
import { TextArea } from "@/ui/form";
import { Markdown } from "@/ui/Markdown";
import { MentionList, optionId } from "./MentionList";

/** What the parts around the text can do with it. */
export interface EditorHandle {
  insert: (text: string) => void;
}

interface Props {
  householdId: string;
  label: string;
  /** The note as it is stored: mentions are tokens. */
  body: string;
  onChange: (body: string) => void;
  onSave: () => void;
  onTemplate: () => void;
  /** Escape leaves the text, and what is written stays. */
  onLeave?: () => void;
  area: RefObject<HTMLTextAreaElement | null>;
  handle: RefObject<EditorHandle | null>;
  preview: boolean;
  /** Nothing can be written any more: not by a template or a mention either. */
  readOnly?: boolean;
  rows: number;
}
const TEMPLATE = /(^|\s)\/template$/;

/** Where a note is written: Markdown, with mentions of colleagues by `@` and templates by `/template`. */
export function NoteEditor(props: Props) {
  const { body, onChange, area, handle, preview } = props;
  // Names that were chosen while writing; those that the note holds already come with it.
  const chosen = useRef(new Map<string, string>());
  const { text, people } = useMemo(() => decodeMentions(body), [body]);
  const caretTo = (at: number) => requestAnimationFrame(() => area.current?.setSelectionRange(at, at));
  const write = (next: string, caret?: number) => {
    if (props.readOnly) return;
    onChange(encodeMentions(next, new Map([...people, ...chosen.current])));
    if (caret === undefined) return;
    requestAnimationFrame(() => area.current?.focus());
    caretTo(caret);
  };
  const mention = useMention(props.householdId, area, text, (name, id, from, to) => {
    chosen.current.set(name, id);
    write(`${text.slice(0, from)}@${name} ${text.slice(to)}`, from + name.length + 2);
  });
  handle.current = {
    insert: (added) => {
      const at = area.current?.selectionStart ?? text.length;
      const gap = at > 0 && !text.slice(0, at).endsWith("\n") ? "\n\n" : "";
      write(text.slice(0, at) + gap + added + text.slice(at), at + gap.length + added.length);
    },
  };
  const typed = (next: string, caret: number) => {
    const asked = TEMPLATE.exec(next.slice(0, caret));
    if (asked) {
      const from = caret - "/template".length;
      // The caret without the focus, which belongs to the menu that opens.
      caretTo(from);
      write(next.slice(0, from) + next.slice(caret));
      props.onTemplate();
      return;
    }
    write(next);
    mention.look(next, caret);
  };
  const keys = (event: KeyboardEvent) => {
    if (mention.key(event)) return;
    if (event.key === "Escape") props.onLeave?.();
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key === "Enter") props.onSave();
    if (command && event.key === "/") {
      event.preventDefault();
      props.onTemplate();
    }
  };
  if (preview)
    return (
      <div className="min-h-16 px-1">
        <Markdown source={body} />
      </div>
    );
  return (
    <div className="relative">
      <TextArea
        ref={area}
        aria-label={props.label}
        placeholder="Write a note. Markdown works, @ mentions a colleague."
        rows={props.rows}
        readOnly={props.readOnly}
        className={cn("min-h-16", body && "text-md")}
        value={text}
        aria-autocomplete="list"
        aria-controls={mention.open ? mention.id : undefined}
        aria-activedescendant={mention.open ? optionId(mention.id, mention.active) : undefined}
        onChange={(e) => typed(e.target.value, e.target.selectionStart)}
        onKeyDown={keys}
        onBlur={mention.close}
      />
      {mention.open && (
        <MentionList
          id={mention.id}
          colleagues={mention.hits}
          active={mention.active}
          onChoose={(c) => mention.choose(c.name, c.id)}
        />
      )}
    </div>
  );
}

/** The list that opens after an `@`, steered by the keys of the text. */
function useMention(
  householdId: string,
  area: RefObject<HTMLTextAreaElement | null>,
  text: string,
  insert: (name: string, id: string, from: number, to: number) => void,
) {
  const id = useId();
  const [at, setAt] = useState<{ from: number; typed: string } | null>(null);
  const [active, setActive] = useState(0);
  const colleagues = useQuery({ ...colleaguesQuery(householdId), enabled: at !== null });
  const hits = at ? matching(colleagues.data?.items ?? [], at.typed) : [];
  const close = () => setAt(null);
  const choose = (name: string, userId: string) => {
    if (at) insert(name, userId, at.from, area.current?.selectionStart ?? text.length);
    close();
  };
  const key = (event: KeyboardEvent) => {
    const hit = hits[active];
    if (!hit || event.ctrlKey || event.metaKey || event.nativeEvent.isComposing) return false;
    if (event.key === "ArrowDown") setActive((active + 1) % hits.length);
    else if (event.key === "ArrowUp") setActive((active + hits.length - 1) % hits.length);
    else if (event.key === "Enter" || event.key === "Tab") choose(hit.name, hit.id);
    else if (event.key === "Escape") close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const look = (next: string, caret: number) => {
    setAt(mentionAt(next, caret));
    setActive(0);
  };
  return { id, open: hits.length > 0, hits, active, close, choose, key, look };
}
