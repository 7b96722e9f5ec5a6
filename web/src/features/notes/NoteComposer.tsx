import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import { useKey } from "@/app/keys";
import { type Facts, useEditor } from "@/features/edits";
import { decodeMentions } from "@/lib/mentions";
import { Button } from "@/ui/button";
import { ProblemLine } from "@/ui/states";
import { DraftNotice, DraftStatusLine } from "./DraftLine";
import type { Content, DraftKeeper } from "./draft";
import { type EditorHandle, NoteEditor } from "./NoteEditor";
import { PrivacyButton } from "./PrivacyButton";
import { TemplateMenu } from "./TemplateMenu";
import { useDraft } from "./useDraft";

/** Both texts in one, for no more readers than either of them was meant for. */
const joined = (one: Content, other: Content): Content => ({
  body: [one.body, other.body].join("\n\n").trim(),
  privacy: one.privacy === "private" || other.privacy === "private" ? "private" : "team",
});

/** Saves what is written as a note, or keeps it until there is a server; the draft goes with the same stroke. */
async function saveNew(facts: Facts, keeper: DraftKeeper, key: string) {
  const draft = await keeper.settle();
  const { body, privacy } = keeper.get();
  const kept = {
    words: decodeMentions(body).text,
    onSaved: () => keeper.gone(draft),
    takeBack: () => keeper.change(joined({ body, privacy }, keeper.get())),
  };
  const create = (draft_id: string | undefined) =>
    facts.create("notes", { body, privacy, ...(draft_id ? { draft_id } : {}) }, "Note saved.", key, kept);
  const became = await create(draft ?? undefined).catch((error) => {
    // The draft was thrown away elsewhere meanwhile: the note is what counts.
    if (!asProblem(error).fieldErrors.draft_id) throw error;
    return create(undefined);
  });
  // What was typed meanwhile is of the next one.
  if (keeper.get().body === body) keeper.clear();
  else if (became === "saved") keeper.gone(draft);
}

/** Where a new note is written. It is kept on the server while it is, and survives a closed tab and a refusal. */
export function NoteComposer() {
  const { householdId, canWrite } = useEditor();
  return canWrite ? <Composer key={householdId} /> : null;
}

function Composer() {
  const { householdId, facts } = useEditor();
  const client = useQueryClient();
  const { keeper, state } = useDraft(householdId);
  const [preview, setPreview] = useState(false);
  const [templates, setTemplates] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [key, setKey] = useState(() => crypto.randomUUID());
  const area = useRef<HTMLTextAreaElement>(null);
  const handle = useRef<EditorHandle>(null);
  useKey("record.note", () => area.current?.focus());

  const save = async (event?: FormEvent) => {
    event?.preventDefault();
    if (!state.body.trim() || busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await saveNew(facts, keeper, key);
      setPreview(false);
      setKey(crypto.randomUUID());
      void client.invalidateQueries({ queryKey: ["drafts", householdId] });
    } catch (error) {
      setProblem(asProblem(error));
      // A refusal made nothing. Another body under the same key would be refused as another request.
      if (!asProblem(error).isUnanswered) setKey(crypto.randomUUID());
    }
    setBusy(false);
  };
  return (
    <form
      onSubmit={(e) => void save(e)}
      aria-label="New note"
      className="rounded-lg border border-line bg-surface p-4 shadow-1"
    >
      <DraftNotice keeper={keeper} state={state} />
      <NoteEditor
        householdId={householdId}
        label="Write a note"
        body={state.body}
        onChange={(body) => keeper.change({ body })}
        onSave={() => void save()}
        onLeave={() => document.getElementById("main")?.focus()}
        onTemplate={() => setTemplates(true)}
        area={area}
        handle={handle}
        preview={preview}
        rows={state.body ? 6 : 2}
      />
      <ProblemLine error={problem} />
      <div className="mt-2 flex flex-wrap items-center gap-x-2 gap-y-1">
        <TemplateMenu
          open={templates}
          onOpenChange={setTemplates}
          onChoose={(body) => handle.current?.insert(body)}
          returnTo={() => area.current}
        />
        <PrivacyButton value={state.privacy} onChange={(privacy) => keeper.change({ privacy })} />
        <DraftStatusLine status={state.status} />
        {state.body.trim() && (
          <div className="ml-auto flex items-center gap-2">
            <Button size="sm" variant="ghost" onClick={() => setPreview(!preview)}>
              {preview ? "Write" : "Preview"}
            </Button>
            <Button size="sm" variant="primary" type="submit" title="Ctrl+Enter" disabled={busy}>
              Save note
            </Button>
          </div>
        )}
      </div>
    </form>
  );
}
