import { useQueryClient } from "@tanstack/react-query";
import { createView, viewsQuery } from "@/api/queries/views";
import { useMe } from "@/features/auth";
import type { FormField, Values } from "@/lib/fields";
import { FormDialog } from "@/ui/FormDialog";
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
  const client = useQueryClient();
  const save = async (values: Values) => {
    const seenBy = String(values.seen_by);
    const word = seenBy === "private" || seenBy === "firm";
    const sharing = word ? { scope: seenBy } : { scope: "team", team_id: seenBy };
    const view = await createView({ name: String(values.name).trim(), pinned: true, ...sharing }, look);
    await client.invalidateQueries({ queryKey: viewsQuery.queryKey });
    toast(`View “${view.name}” saved.`);
    onClose();
  };
  return (
    <FormDialog title="Save this view" submit="Save view" fields={fields} onSubmit={save} onClose={onClose} />
  );
}
