import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import { createView, viewsQuery } from "@/api/queries/views";
import { useMe } from "@/features/auth";
import { type FormField, initialValues } from "@/lib/fields";
import { Button } from "@/ui/button";
import { FormFields } from "@/ui/form";
import { Dialog } from "@/ui/overlay";
import { ProblemLine } from "@/ui/states";
import { toast } from "@/ui/toast";

const NAME: FormField = { name: "name", label: "Name", kind: "text", required: true };

/** Keeps the list as it is filtered and ordered, for oneself, a team or the firm. */
export function SaveViewDialog({ look, onClose }: { look: object; onClose: () => void }) {
  const teams = useMe()?.teams ?? [];
  // One choice: a team is named by its id, which none of the words is.
  const fields: FormField[] = [
    NAME,
    {
      name: "seen_by",
      label: "Who sees it",
      kind: "select",
      required: true,
      initial: "private",
      options: [
        ["private", "Only me"],
        ...teams.map((team) => [team.id, `Team ${team.name}`] as const),
        ["firm", "Everybody in the firm"],
      ],
    },
  ];
  const [values, setValues] = useState(() => initialValues(fields));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const client = useQueryClient();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const seenBy = String(values.seen_by);
    const word = seenBy === "private" || seenBy === "firm";
    const sharing = word ? { scope: seenBy } : { scope: "team", team_id: seenBy };
    try {
      const view = await createView({ name: String(values.name).trim(), pinned: true, ...sharing }, look);
      await client.invalidateQueries({ queryKey: viewsQuery.queryKey });
      toast(`View “${view.name}” saved.`);
      onClose();
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Save this view">
      <form onSubmit={(e) => void submit(e)} className="flex flex-col gap-4 p-5">
        <ProblemLine error={problem} />
        <FormFields
          fields={fields}
          values={values}
          onChange={(field, value) => setValues((v) => ({ ...v, [field]: value }))}
          errors={problem?.fieldErrors}
        />
        <div className="flex justify-end gap-2">
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" disabled={busy}>
            Save view
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
