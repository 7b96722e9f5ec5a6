import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import { createFamily, type Family } from "@/api/queries/households";
import { teamsQuery } from "@/api/queries/session";
import { useMe } from "@/features/auth";
import { type CardPerson, familyName } from "@/lib/contact-card";
import { type FormField, initialValues, toBody } from "@/lib/fields";
import { Button } from "@/ui/button";
import { FieldControl, FormFields, Labelled } from "@/ui/form";
import { Dialog } from "@/ui/overlay";
import { ProblemLine } from "@/ui/states";
import { type DraftPerson, FamilyPreview } from "./FamilyPreview";
import { HOUSEHOLD_FIELDS, teamField } from "./fields";
import { PasteBox } from "./PasteBox";
import { PossibleDuplicates } from "./PossibleDuplicates";

/** Only the name is needed; the rest can wait, or comes from a card that is pasted. */
export function NewHouseholdDialog({ onClose }: { onClose: () => void }) {
  const me = useMe();
  const teams = useQuery(teamsQuery).data?.items ?? me?.teams ?? [];
  const { name, type, tier, stage, tags } = HOUSEHOLD_FIELDS;
  const team: FormField = { ...teamField(teams), initial: me?.teams[0]?.id ?? "" };
  const more: FormField[] = teams.length > 1 ? [type, team, tier, stage, tags] : [type, tier, stage, tags];
  // With the team, although the list of teams may come later than the dialog.
  const [values, setValues] = useState(() => initialValues([name, team, ...more]));
  const [people, setPeople] = useState<DraftPerson[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [key] = useState(() => crypto.randomUUID());
  const client = useQueryClient();
  const navigate = useNavigate();
  const set = (field: string, value: string | boolean) => setValues((v) => ({ ...v, [field]: value }));

  const pasted = (found: CardPerson[]) => {
    const all = [...people, ...found.map((person, i) => draft(person, people.length + i))];
    setPeople(all);
    if (String(values.name).trim() === "") set("name", familyName(all));
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const made = await createFamily(familyOf(toBody([name, ...more], values), people), key);
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
        <div>
          <Labelled label={name.label} required error={problem?.fieldErrors.name}>
            {({ id, describedBy }) => (
              <FieldControl
                field={name}
                id={id}
                describedBy={describedBy}
                invalid={Boolean(problem?.fieldErrors.name)}
                value={values.name ?? ""}
                onChange={(v) => set("name", v)}
                autoFocus
              />
            )}
          </Labelled>
          <PossibleDuplicates name={String(values.name)} people={people} />
        </div>
        <PasteBox onRead={pasted} />
        <FamilyPreview people={people} onChange={setPeople} />
        <FormFields
          fields={more}
          values={values}
          onChange={set}
          errors={problem?.fieldErrors}
          focusFirst={false}
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

const ROLES = ["primary", "spouse"] as const;
const draft = (person: CardPerson, index: number): DraftPerson => ({
  ...person,
  key: crypto.randomUUID(),
  role: ROLES[index] ?? "other",
});

function familyOf(household: Record<string, unknown>, people: readonly DraftPerson[]): Family {
  return {
    household: household as unknown as Family["household"],
    people: people.map(({ key: _key, contacts, ...person }) => ({ ...person, contact_points: contacts })),
  };
}
