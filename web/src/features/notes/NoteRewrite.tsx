import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import type { Note } from "@/api/types";
import { ConflictCard, type Facts, useEditor } from "@/features/edits";
import { valuesIn } from "@/lib/cache";
import { keepMine, takeTheirs } from "@/lib/conflict";
import { useGone } from "@/lib/gone";
import { Button } from "@/ui/button";
import { Input, Labelled } from "@/ui/form";
import { ProblemLine } from "@/ui/states";
import { toast } from "@/ui/toast";
import { DraftNotice, DraftStatusLine } from "./DraftLine";
import type { DraftKeeper } from "./draft";
import { type EditorHandle, NoteEditor } from "./NoteEditor";
import { TemplateMenu } from "./TemplateMenu";
import { forgetDraft, useDraft } from "./useDraft";

/** The server asks for a reason after this, and keeps it in the history. */
const OPEN_MS = 24 * 3600 * 1000;

/**
 * Saves the text over the version that the writer began with; the draft goes with the same stroke. Answers which text, and which
 * draft.
 */
async function saveOver(facts: Facts, note: Note, keeper: DraftKeeper, version: number, reason: string) {
  const draft = await keeper.settle();
  const { body } = keeper.get();
  const change = (beside: Record<string, string>) =>
    facts.change("notes", { id: note.id, version }, { body }, "Note changed.", { body }, beside);
  const why: Record<string, string> = reason ? { reason } : {};
  try {
    await change(draft ? { ...why, draft_id: draft } : why);
  } catch (error) {
    if (!asProblem(error).fieldErrors.draft_id) throw error;
    await change(why);
  }
  return { body, draft };
}

function useSave(note: Note, keeper: DraftKeeper, onDone: () => void) {
  const { householdId, facts } = useEditor();
  const client = useQueryClient();
  const gone = useGone();
  const [busy, setBusy] = useState(false);
  const [discarding, setDiscarding] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [reason, setReason] = useState("");
  const done = () => {
    keeper.clear();
    forgetDraft(householdId, note.id);
    void client.invalidateQueries({ queryKey: ["drafts", householdId] });
    onDone();
  };
  const send = async (version = keeper.get().base ?? note.version) => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      const saved = await saveOver(facts, note, keeper, version, reason.trim());
      if (keeper.get().body === saved.body) return done();
      // What was typed meanwhile is of the next version.
      const now = client.getQueriesData({ queryKey: ["notes", householdId] }).map(([, answer]) => answer);
      keeper.gone(saved.draft, Number(valuesIn(now, note.id).version ?? version));
    } catch (error) {
      const refused = asProblem(error);
      setProblem(refused);
      if (gone.current)
        toast(`The note was not changed: ${refused.message} What you wrote is kept with it, as a draft.`, {
          tone: "error",
        });
    }
    setBusy(false);
  };
  // What would be typed until the form is gone would go with it.
  const discard = () => {
    setBusy(true);
    setDiscarding(true);
    return keeper
      .discard()
      .catch((error) => toast(asProblem(error).message, { tone: "error" }))
      .finally(done);
  };
  const resolve = (rule: typeof keepMine | typeof takeTheirs) => {
    const next = problem && rule({ body: keeper.get().body }, problem);
    setBusy(false);
    if (next) void send(next.version);
    else void discard().then(() => facts.renew());
  };
  return { busy, discarding, problem, reason, setReason, send, resolve, discard };
}

/** A note that is being rewritten, in its own place. Left open, it is a draft and comes back as one. */
export function NoteRewrite({ note, onClose }: { note: Note; onClose: () => void }) {
  const { householdId, nameOf } = useEditor();
  const { keeper, state } = useDraft(householdId, note);
  const save = useSave(note, keeper, onClose);
  const [templates, setTemplates] = useState(false);
  const [preview, setPreview] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const handle = useRef<EditorHandle>(null);
  const asks =
    Date.now() - Date.parse(note.created_at) > OPEN_MS || Boolean(save.problem?.fieldErrors.reason);
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (!state.body.trim() || save.busy) return;
    if (state.body === note.body) void save.discard();
    else void save.send();
  };
  return (
    <form onSubmit={submit} aria-label="Edit note" data-why={`notes/${note.id}/body`}>
      <DraftNotice keeper={keeper} state={state} />
      {save.problem?.isConflict ? (
        <div className="mb-3">
          <ConflictCard
            problem={save.problem}
            entity="notes"
            nameOf={nameOf}
            busy={save.busy}
            onKeepMine={() => save.resolve(keepMine)}
            onTakeTheirs={() => save.resolve(takeTheirs)}
          />
        </div>
      ) : (
        <ProblemLine error={save.problem?.fieldErrors.reason ? null : save.problem} />
      )}
      <NoteEditor
        householdId={householdId}
        label="Edit note"
        body={state.body}
        onChange={(body) => keeper.change({ body })}
        onSave={submit}
        onTemplate={() => setTemplates(true)}
        area={area}
        handle={handle}
        preview={preview}
        readOnly={save.discarding}
        rows={8}
      />
      {asks && state.body !== note.body && (
        <div className="mt-3">
          <Labelled
            label="Why does it change?"
            required
            hint="The note is older than 24 hours. The reason is kept in its history."
            error={save.problem?.fieldErrors.reason}
          >
            {({ id, describedBy }) => (
              <Input
                id={id}
                aria-describedby={describedBy}
                required
                minLength={3}
                maxLength={500}
                value={save.reason}
                onChange={(e) => save.setReason(e.target.value)}
              />
            )}
          </Labelled>
        </div>
      )}
      <div className="mt-2 flex flex-wrap items-center gap-x-2 gap-y-1">
        <TemplateMenu
          open={templates}
          onOpenChange={setTemplates}
          onChoose={(body) => handle.current?.insert(body)}
          returnTo={() => area.current}
        />
        <DraftStatusLine status={state.status} />
        <div className="ml-auto flex items-center gap-2">
          <Button size="sm" variant="ghost" onClick={() => setPreview(!preview)}>
            {preview ? "Write" : "Preview"}
          </Button>
          <Button size="sm" variant="ghost" disabled={save.busy} onClick={() => void save.discard()}>
            {keeper.touched ? "Discard changes" : "Cancel"}
          </Button>
          <Button size="sm" variant="primary" type="submit" title="Ctrl+Enter" disabled={save.busy}>
            Save
          </Button>
        </div>
      </div>
    </form>
  );
}
