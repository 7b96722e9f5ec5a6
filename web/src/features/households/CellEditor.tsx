import { type KeyboardEvent, useRef, useState } from "react";
import type { Problem } from "@/api/problem";
import { asProblem } from "@/api/problem";
import type { HouseholdListItem } from "@/api/types";
import { ConflictCard, formatValue, useFacts } from "@/features/edits";
import { keepMine, takeTheirs } from "@/lib/conflict";
import { type FormField, initialValues, toBody } from "@/lib/fields";
import { useGone } from "@/lib/gone";
import { useUnsaved } from "@/lib/unsaved";
import { FieldControl } from "@/ui/form";
import { Dialog } from "@/ui/overlay";
import type { EditableField } from "./columns";
import { HOUSEHOLD_FIELDS, teamField } from "./fields";

interface Team {
  id: string;
  name: string;
}
export function fieldFor(field: EditableField, teams: readonly Team[], tiers?: readonly string[]): FormField {
  if (field === "team_id") return teamField(teams);
  return field === "tier" ? { ...HOUSEHOLD_FIELDS.tier, suggestions: tiers } : HOUSEHOLD_FIELDS[field];
}

/** What the screen shows of a change before the server has answered. */
const shownAs = (fields: Record<string, unknown>, teams: readonly Team[]) =>
  "team_id" in fields
    ? { ...fields, team_name: teams.find((t) => t.id === fields.team_id)?.name ?? "" }
    : fields;

interface Refused {
  household: HouseholdListItem;
  fields: Record<string, unknown>;
  problem: Problem;
}

/** Saves a field of a household of the list: at once on screen, with undo; a conflict is shown with both values. */
export function useCellSave(teams: readonly Team[]) {
  const facts = useFacts(null);
  const gone = useGone();
  const [refused, setRefused] = useState<Refused | null>(null);
  const [ticked, setTicked] = useState<string | null>(null);
  const save = async (
    household: HouseholdListItem,
    fields: Record<string, unknown>,
    version = household.version,
  ) => {
    const [field = ""] = Object.keys(fields);
    const name = fieldFor(field as EditableField, teams).label;
    setRefused(null);
    const row = { id: household.id, version };
    const shown = shownAs(fields, teams);
    try {
      const became = await facts.change(
        "households",
        row,
        fields,
        `${name} of ${household.name} changed.`,
        shown,
      );
      if (became === "saved") setTicked(`${household.id}/${field}`);
    } catch (error) {
      const problem = asProblem(error);
      // Where it is said is the same for a refusal: the cell is closed by then.
      if (problem.isConflict && !gone.current) return setRefused({ household, fields, problem });
      const typed = formatValue(
        "households",
        field,
        fields[field],
        (id) => teams.find((t) => t.id === id)?.name,
      );
      await facts.objected(
        "households",
        row,
        fields,
        shown,
        `${name} “${typed}” of ${household.name}`,
        error,
      );
    }
  };
  const settle = (rule: typeof keepMine | typeof takeTheirs) => {
    if (!refused) return;
    const next = rule(refused.fields, refused.problem);
    setRefused(null);
    if (next) void save(refused.household, next.fields, next.version);
    else void facts.renew();
  };
  const conflict = refused && (
    <Dialog open onOpenChange={(open) => !open && settle(takeTheirs)} title={refused.household.name}>
      <div className="p-5">
        <ConflictCard
          problem={refused.problem}
          entity="households"
          nameOf={(id) => teams.find((t) => t.id === id)?.name}
          onKeepMine={() => settle(keepMine)}
          onTakeTheirs={() => settle(takeTheirs)}
        />
      </div>
    </Dialog>
  );
  return { save, ticked, conflict };
}

/** A value of the list while it is edited: Enter saves, Tab saves and goes on to the next, Escape leaves it alone. */
export function CellEditor({
  household,
  field,
  onSave,
  onLeave,
}: {
  household: HouseholdListItem;
  field: FormField;
  /** With the household as it was when the edit began: a later version may hold what the user never saw. */
  onSave: (household: HouseholdListItem, fields: Record<string, unknown>) => void;
  /** Where to go: to the next or previous value of the row, or back to the row itself. */
  onLeave: (step: 1 | -1 | 0) => void;
}) {
  const seen = useRef(household);
  const start = useRef(initialValues([field], household));
  const [value, setValue] = useState(start.current[field.name] ?? "");
  const left = useRef(false);
  const changed = (to: string | boolean) => toBody([field], { [field.name]: to }, start.current);
  useUnsaved(Object.keys(changed(value)).length > 0);
  const leave = (step: 1 | -1 | 0 | null, chosen = value) => {
    if (left.current) return;
    left.current = true;
    const fields = changed(chosen);
    if (Object.keys(fields).length > 0) onSave(seen.current, fields);
    onLeave(step ?? 0);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Escape") {
      left.current = true;
      onLeave(0);
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      leave(0);
    } else if (event.key === "Tab") {
      event.preventDefault();
      leave(event.shiftKey ? -1 : 1);
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the control inside are handled here
    <div
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) leave(null);
      }}
      className={field.kind === "tags" ? "absolute top-2 right-1 left-0 z-10 min-w-60" : "relative z-10 pr-1"}
    >
      <FieldControl
        field={field}
        label={`${field.label} of ${household.name}`}
        value={value}
        onChange={setValue}
        autoFocus
        selectAll={field.kind !== "tags"}
      />
    </div>
  );
}
