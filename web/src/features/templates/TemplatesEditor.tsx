import { useQuery, useQueryClient } from "@tanstack/react-query";
import { LayoutTemplate, Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import {
  changeTemplate,
  createTemplate,
  type NoteTemplate,
  removeTemplate,
  templatesQuery,
} from "@/api/queries/notes";
import { useCan } from "@/features/auth";
import { opener } from "@/lib/opener";
import { Button } from "@/ui/button";
import { Input, Labelled, TextArea } from "@/ui/form";
import { Markdown } from "@/ui/Markdown";
import { Dialog } from "@/ui/overlay";
import { Empty, Failure, Loading, ProblemLine, SkeletonCard } from "@/ui/states";
import { toast } from "@/ui/toast";

interface Open {
  template: NoteTemplate | null;
  from: HTMLElement | null;
}

/** The list of the firm's templates; who may, adds, changes and removes them. */
export function TemplatesEditor() {
  const manages = useCan("templates.manage");
  const templates = useQuery(templatesQuery);
  const [open, setOpen] = useState<Open | null>(null);
  const edit = (template: NoteTemplate | null) => setOpen({ template, from: opener() });
  const items = templates.data?.items ?? [];
  return (
    <div className="flex flex-col gap-3">
      {templates.isPending && (
        <Loading label="Loading templates">
          <SkeletonCard />
        </Loading>
      )}
      <Failure of={templates} />
      {templates.data && items.length === 0 && (
        <Empty icon={<LayoutTemplate aria-hidden />} title="No templates yet">
          {manages
            ? "Add the first: the questions that every meeting of a kind asks."
            : "A firm admin can add some."}
        </Empty>
      )}
      {items.map((template) => (
        <article
          key={template.id}
          data-testid="template"
          aria-label={template.name}
          className="rounded-lg border border-line bg-surface px-5 pt-4 pb-5 shadow-1"
        >
          <div className="mb-2 flex min-h-8 items-center justify-between gap-3">
            <h3 className="display text-lg">{template.name}</h3>
            {manages && (
              <Button size="sm" onClick={() => edit(template)} aria-label={`Edit ${template.name}`}>
                Edit
              </Button>
            )}
          </div>
          <div className="text-ink-2">
            <Markdown source={template.body} />
          </div>
        </article>
      ))}
      {manages && templates.data && (
        <Button className="self-start" onClick={() => edit(null)}>
          <Plus />
          New template
        </Button>
      )}
      {open && <TemplateDialog open={open} onClose={() => setOpen(null)} />}
    </div>
  );
}

function TemplateDialog({ open: { template, from }, onClose }: { open: Open; onClose: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState(template?.name ?? "");
  const [body, setBody] = useState(template?.body ?? "");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [key] = useState(() => crypto.randomUUID());
  const run = async (work: () => Promise<unknown>, said: string) => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
      await client.invalidateQueries({ queryKey: templatesQuery.queryKey });
      toast(said);
      onClose();
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (template)
      void run(
        () => changeTemplate(template.id, { version: template.version, name, body }),
        "Template changed.",
      );
    else void run(() => createTemplate({ name, body }, key), "Template added.");
  };
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={template ? `Edit ${template.name}` : "New template"}
      returnFocus={from}
    >
      <form onSubmit={save} className="flex flex-col gap-4 p-5">
        <ProblemLine error={problem} />
        <Labelled label="Name" required error={problem?.fieldErrors.name}>
          {({ id, describedBy }) => (
            <Input
              id={id}
              aria-describedby={describedBy}
              required
              maxLength={80}
              value={name}
              onChange={(e) => setName(e.target.value)}
            />
          )}
        </Labelled>
        <Labelled
          label="Text"
          required
          hint="Markdown: **bold**, lists, headings."
          error={problem?.fieldErrors.body}
        >
          {({ id, describedBy }) => (
            <TextArea
              id={id}
              aria-describedby={describedBy}
              required
              rows={12}
              maxLength={20_000}
              value={body}
              onChange={(e) => setBody(e.target.value)}
            />
          )}
        </Labelled>
        <div className="flex items-center justify-end gap-2">
          {template && (
            <Button
              variant="danger"
              className="mr-auto"
              disabled={busy}
              onClick={() => void run(() => removeTemplate(template.id), "Template removed.")}
            >
              Remove
            </Button>
          )}
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" disabled={busy}>
            {template ? "Save" : "Add template"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
