import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import { createHousehold } from "@/api/queries/households";
import { teamsQuery } from "@/api/queries/session";
import { useMe } from "@/features/auth";
import { initialValues, toBody } from "@/lib/fields";
import { Button } from "@/ui/button";
import { FormFields } from "@/ui/form";
import { Dialog } from "@/ui/overlay";
import { ProblemLine } from "@/ui/states";
import { HOUSEHOLD_FIELDS, teamField } from "./fields";

/** Only the name is needed; the rest can wait. */
export function NewHouseholdDialog({ onClose }: { onClose: () => void }) {
  const me = useMe();
  const teams = useQuery(teamsQuery).data?.items ?? me?.teams ?? [];
  const { name, type, tier, stage, tags } = HOUSEHOLD_FIELDS;
  const team = { ...teamField(teams), initial: me?.teams[0]?.id ?? "" };
  const fields = teams.length > 1 ? [name, type, team, tier, stage, tags] : [name, type, tier, stage, tags];
  // With the team, although the list of teams may come later than the dialog.
  const [values, setValues] = useState(() => initialValues([team, ...fields]));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [key] = useState(() => crypto.randomUUID());
  const client = useQueryClient();
  const navigate = useNavigate();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const made = await createHousehold(toBody(fields, values), key);
      void client.invalidateQueries({ queryKey: ["households"] });
      onClose();
      await navigate({ to: "/households/$id", params: { id: made.id } });
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="New household">
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
            Create household
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
