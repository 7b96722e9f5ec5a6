import { useNavigate } from "@tanstack/react-router";
import type { Edit } from "@/api/types";
import { focusRow, useEditor } from "@/features/edits";

/** The tab on which the rows of a table stand; the overview has the others. */
const TAB_OF: Record<string, "notes" | "tasks" | "accounts"> = {
  notes: "notes",
  tasks: "tasks",
  open_loops: "tasks",
  accounts: "accounts",
  account_owners: "accounts",
  beneficiaries: "accounts",
  balances: "accounts",
};

/** Goes to the row that an edit is about, or to the edit itself in the history. */
export function useOpenEdit() {
  const { householdId } = useEditor();
  const navigate = useNavigate();
  return (edit: Edit, where?: "history") => {
    const tab = where ?? TAB_OF[edit.entity];
    const search = (s: object) => ({
      ...s,
      tab,
      edit: where ? edit.id : undefined,
      person: edit.entity === "people" && !where ? edit.entity_id : undefined,
    });
    void navigate({ to: "/households/$id", params: { id: householdId }, search, replace: true }).then(() => {
      if (!where && edit.entity !== "people") focusRow(edit.entity_id);
    });
  };
}
