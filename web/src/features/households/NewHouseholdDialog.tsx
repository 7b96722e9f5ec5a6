import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { createHousehold } from "@/api/queries/households";
import { teamsQuery } from "@/api/queries/session";
import { useMe } from "@/features/auth";
import { toBody, type Values } from "@/lib/fields";
import { FormDialog } from "@/ui/FormDialog";
import { HOUSEHOLD_FIELDS, teamField } from "./fields";

/** Only the name is needed; the rest can wait. */
export function NewHouseholdDialog({ onClose }: { onClose: () => void }) {
  const me = useMe();
  const teams = useQuery(teamsQuery).data?.items ?? me?.teams ?? [];
  const { name, type, tier, stage, tags } = HOUSEHOLD_FIELDS;
  const team = { ...teamField(teams), initial: me?.teams[0]?.id ?? "" };
  const fields = teams.length > 1 ? [name, type, team, tier, stage, tags] : [name, type, tier, stage, tags];
  const [key] = useState(() => crypto.randomUUID());
  const client = useQueryClient();
  const navigate = useNavigate();
  const create = async (values: Values) => {
    const made = await createHousehold(toBody(fields, values), key);
    void client.invalidateQueries({ queryKey: ["households"] });
    onClose();
    await navigate({ to: "/households/$id", params: { id: made.id } });
  };
  return (
    <FormDialog
      title="New household"
      submit="Create household"
      fields={fields}
      // With the team, although the list of teams may come later than the dialog.
      start={[team, ...fields]}
      onSubmit={create}
      onClose={onClose}
    />
  );
}
