import { type FormEvent, useRef, useState } from "react";
import type { BrainFile, BrainText } from "@/api/queries/brain";
import { useEditor } from "@/features/edits";
import { moment } from "@/lib/dates";
import { Button } from "@/ui/button";
import { Input, Labelled, TextArea } from "@/ui/form";
import { ProblemLine } from "@/ui/states";
import { Changes } from "./Changes";
import { FileText } from "./FileText";
import { whoOf } from "./files";
import { EDITOR_ID, focusOnText } from "./focus";
import { ReasonField } from "./ReasonField";
import { LeaveDialog, useUnsaved } from "./Unsaved";
import type { Newest } from "./useBrain";
import { useSave, type Written } from "./useSave";

/** What is being written: a new file, or the next version of the one that was read. */
export interface Writing {
  path: string;
  base?: BrainText;
}

/** Where a brain file is written: its Markdown as it is stored. Nothing of it is kept anywhere until it is saved. */
export function FileEditor({
  writing,
  onSaved,
  onLeave,
}: {
  writing: Writing;
  onSaved: (file: BrainFile) => void;
  onLeave: () => void;
}) {
  const { base } = writing;
  const [path, setPath] = useState(writing.path);
  const [body, setBody] = useState(base?.body ?? "");
  const [asked, setAsked] = useState(false);
  const saved = useRef(false);
  const changed = body !== (base?.body ?? "") || path !== writing.path;
  const away = useUnsaved(() => changed && !saved.current);
  const written = (file: BrainFile) => {
    saved.current = true;
    onSaved(file);
  };
  const leave = { what: path || "the new file" };
  const stay = (close: () => void) => () => {
    close();
    focusOnText();
  };
  return (
    <>
      <Form
        base={base}
        fields={{ path, setPath, body, setBody }}
        changed={changed}
        focusText={writing.path !== ""}
        onSaved={written}
        onCancel={() => (changed ? setAsked(true) : onLeave())}
      />
      {away.status === "blocked" && (
        <LeaveDialog {...leave} onStay={stay(away.reset)} onLeave={away.proceed} />
      )}
      {asked && <LeaveDialog {...leave} onStay={stay(() => setAsked(false))} onLeave={onLeave} />}
    </>
  );
}

interface Fields {
  path: string;
  setPath: (path: string) => void;
  body: string;
  setBody: (body: string) => void;
}

function Form({
  base,
  fields,
  changed,
  focusText,
  onSaved,
  onCancel,
}: {
  base: BrainText | undefined;
  fields: Fields;
  changed: boolean;
  focusText: boolean;
  onSaved: (file: BrainFile) => void;
  onCancel: () => void;
}) {
  const { householdId } = useEditor();
  const [reason, setReason] = useState("");
  const [preview, setPreview] = useState(false);
  const save = useSave(householdId, base?.version, onSaved);
  const written = { path: fields.path.trim(), body: fields.body, reason };
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    // A version that says what the last one said would only lengthen the list.
    if (base && !changed) onCancel();
    else void save.save(written);
  };
  const errors = save.problem?.fieldErrors ?? {};
  return (
    <form
      onSubmit={submit}
      onKeyDown={(event) => (event.ctrlKey || event.metaKey) && event.key === "Enter" && submit()}
      aria-labelledby={EDITOR_ID}
      className="flex max-w-[60rem] flex-col gap-4 rounded-lg border border-line bg-surface p-5 shadow-1"
    >
      <h2 id={EDITOR_ID} className="text-lg font-medium break-words">
        {base ? base.path : "New brain file"}
      </h2>
      {save.problem?.status === 409 ? (
        <Overtaken save={save} written={written} base={base} />
      ) : (
        <ProblemLine error={errors.path || errors.body || errors.reason ? null : save.problem} />
      )}
      {!base && <PathField value={fields.path} onChange={fields.setPath} error={errors.path} />}
      <Body
        value={fields.body}
        onChange={fields.setBody}
        error={errors.body}
        preview={preview}
        focus={focusText}
      />
      <ReasonField
        value={reason}
        onChange={setReason}
        error={errors.reason}
        hint="Optional. It is kept with the version."
        longest={500}
      />
      <div className="mt-1 flex justify-end gap-2">
        <Button variant="ghost" className="mr-auto" onClick={() => setPreview(!preview)}>
          {preview ? "Write" : "Preview"}
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary" title="Ctrl+Enter" disabled={save.busy}>
          Save
        </Button>
      </div>
    </form>
  );
}

interface FieldProps {
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
}

const PathField = ({ value, onChange, error }: FieldProps) => (
  <Labelled
    label="Path"
    required
    hint="Such as facts.md or meetings/2026-03-14-review.md: lower-case letters, digits, - and _, ending in .md"
    error={error}
  >
    {({ id, describedBy }) => (
      <Input
        id={id}
        aria-describedby={describedBy}
        aria-invalid={error ? true : undefined}
        autoFocus={value === ""}
        required
        maxLength={200}
        spellCheck={false}
        autoCapitalize="none"
        className="max-w-md"
        value={value}
        onChange={(e) => onChange(e.target.value)}
      />
    )}
  </Labelled>
);

/** The Markdown, or what it will look like. */
function Body({
  value,
  onChange,
  error,
  preview,
  focus,
}: FieldProps & { preview: boolean /** Takes the focus when it appears. */; focus: boolean }) {
  if (preview)
    return (
      <section aria-label="Preview">
        <p className="mb-1 text-sm font-medium">Preview</p>
        <div className="min-h-96 rounded-md border border-line px-4 py-3">
          <FileText source={value} />
        </div>
      </section>
    );
  return (
    <Labelled label="Text" error={error} hint="Markdown">
      {({ id, describedBy }) => (
        <TextArea
          id={id}
          aria-describedby={describedBy}
          aria-invalid={error ? true : undefined}
          autoFocus={focus}
          rows={18}
          maxLength={200_000}
          className="min-h-96 text-md"
          value={value}
          onChange={(e) => onChange(e.target.value)}
        />
      )}
    </Labelled>
  );
}

/** A colleague wrote meanwhile. What was typed stays below until its writer decides. */
function Overtaken({
  save,
  written,
  base,
}: {
  save: ReturnType<typeof useSave>;
  written: Written;
  base: BrainText | undefined;
}) {
  const { theirs, busy } = save;
  const show = () => (theirs ? save.hideTheirs() : void save.showTheirs(written.path));
  return (
    <div className="rounded-md border border-line-2 bg-warn-soft p-3 text-sm">
      <div role="alert" data-testid="conflict">
        <p className="text-warn">{save.problem?.message}</p>
        <p className="mt-1 text-ink">What you typed is still here, and is not saved.</p>
      </div>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button size="sm" disabled={busy} aria-expanded={theirs !== null} onClick={show}>
          {theirs ? "Hide theirs" : "Show theirs"}
        </Button>
        <Button size="sm" disabled={busy} onClick={() => void save.saveOver(written)}>
          {theirs?.body === null ? "Begin it anew with mine" : "Save mine over it"}
        </Button>
      </div>
      {theirs && <Theirs theirs={theirs} base={base} />}
    </div>
  );
}

/** What a colleague made of the file: their text, or that it is gone. */
function Theirs({ theirs: { file, body }, base }: { theirs: Newest; base: BrainText | undefined }) {
  return (
    <section aria-label="Their version" className="mt-3 rounded-md bg-surface p-3">
      {body === null ? (
        <p className="break-words text-ink-2">
          {whoOf(file)} removed this file, <time dateTime={file.at}>{moment(file.at)}</time>.
          {file.reason && ` Reason: ${file.reason}`}
        </p>
      ) : (
        <>
          <p className="mb-2 text-ink-2">
            Version {file.version}
            {base && `, against version ${base.version} that you began with`}
          </p>
          {base ? <Changes before={base.body} after={body} /> : <FileText source={body} />}
        </>
      )}
    </section>
  );
}
