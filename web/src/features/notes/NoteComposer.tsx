import { type FormEvent, useRef, useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import { useKey } from "@/app/keys";
import { useEditor } from "@/features/edits";
import { Button } from "@/ui/button";
import { TextArea } from "@/ui/form";
import { Markdown } from "@/ui/Markdown";
import { ProblemLine } from "@/ui/states";

/** Where a note is written: plain Markdown, a preview, and Ctrl+Enter to save. What was typed survives a refusal. */
export function NoteComposer() {
  const { canWrite, facts } = useEditor();
  const [body, setBody] = useState("");
  const [preview, setPreview] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [key, setKey] = useState(() => crypto.randomUUID());
  const area = useRef<HTMLTextAreaElement>(null);
  useKey("record.note", () => area.current?.focus(), canWrite);
  if (!canWrite) return null;

  const save = async (event?: FormEvent) => {
    event?.preventDefault();
    if (!body.trim() || busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await facts.create("notes", { body }, "Note saved.", key);
      setBody("");
      setPreview(false);
      setKey(crypto.randomUUID());
    } catch (error) {
      setProblem(asProblem(error));
    }
    setBusy(false);
  };
  return (
    <form
      onSubmit={(e) => void save(e)}
      aria-label="New note"
      className="rounded-lg border border-line bg-surface p-4 shadow-1"
    >
      {preview ? (
        <div className="min-h-16 px-1">
          <Markdown source={body} />
        </div>
      ) : (
        <TextArea
          ref={area}
          aria-label="Write a note"
          placeholder="Write a note. Markdown works."
          rows={body ? 5 : 2}
          className="min-h-16"
          value={body}
          onChange={(e) => setBody(e.target.value)}
          onKeyDown={(e) => {
            if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) void save();
          }}
        />
      )}
      <ProblemLine error={problem} />
      {body.trim() && (
        <div className="mt-3 flex items-center justify-end gap-2">
          <p className="mr-auto hidden text-xs text-ink-3 sm:block">Ctrl+Enter saves</p>
          <Button size="sm" variant="ghost" onClick={() => setPreview(!preview)}>
            {preview ? "Write" : "Preview"}
          </Button>
          <Button size="sm" variant="primary" type="submit" disabled={busy}>
            Save note
          </Button>
        </div>
      )}
    </form>
  );
}
