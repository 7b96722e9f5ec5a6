import { type FormEvent, useMemo, useState } from "react";
import { entityOf } from "@/api/facts";
import { keepMine, takeTheirs } from "@/lib/conflict";
import { initialValues, toBody } from "@/lib/fields";
import { sentence } from "@/lib/words";
import { Button } from "@/ui/button";
import { FormFields } from "@/ui/form";
import { Dialog } from "@/ui/overlay";
import { ProblemLine } from "@/ui/states";
import { ConflictCard } from "./ConflictCard";
import { type DialogState, useEditor } from "./editor";
import { useSending } from "./useSending";

/** The form of any fact, to add one or to change one. What was typed survives every refusal. */
export function FactDialog({ state, onClose }: { state: DialogState; onClose: () => void }) {
  const { record, nameOf } = useEditor();
  const { spec } = state;
  const fields = useMemo(() => {
    const all = spec.fields(record, nameOf);
    return state.mode === "add" ? all : all.filter((f) => !f.createOnly);
  }, [spec, record, nameOf, state.mode]);
  const start = useState(() => initialValues(fields, state.mode === "change" ? state.row : undefined))[0];
  const [values, setValues] = useState(start);
  const save = useSave(state, onClose);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = toBody(fields, values, state.mode === "change" ? start : undefined);
    if (state.mode === "change" && Object.keys(body).length === 0) return onClose();
    void save.send(body, state.mode === "change" ? state.row.version : 0);
  };
  const title = state.mode === "add" ? `Add ${article(spec.singular)}` : `Edit ${state.name}`;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={title} returnFocus={state.opener}>
      <form onSubmit={submit} className="flex flex-col gap-4 p-5">
        {save.problem?.isConflict ? (
          <ConflictCard
            problem={save.problem}
            entity={entityOf(spec.noun)}
            nameOf={nameOf}
            busy={save.busy}
            onKeepMine={() => save.resolve(keepMine)}
            onTakeTheirs={() => save.resolve(takeTheirs)}
          />
        ) : (
          <ProblemLine error={save.problem} />
        )}
        <FormFields
          fields={state.mode === "add" ? fields : fields.filter((f) => !f.fixed)}
          values={values}
          onChange={(name, value) => setValues((v) => ({ ...v, [name]: value }))}
          errors={save.problem?.fieldErrors}
        />
        <div className="flex justify-end gap-2">
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" disabled={save.busy}>
            {state.mode === "add" ? `Add ${spec.singular}` : "Save"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function useSave(state: DialogState, onClose: () => void) {
  const { facts } = useEditor();
  // A repeated submit of the same form is the same creation.
  const [key] = useState(() => crypto.randomUUID());
  const save = (body: Record<string, unknown>, version: number) => {
    if (state.mode !== "add")
      return facts.change(state.spec.noun, { id: state.row.id, version }, body, `${state.name} changed.`, {});
    const text = `${sentence(state.spec.singular)} added.`;
    return facts.create(state.spec.noun, { ...state.presets, ...body }, text, key);
  };
  return useSending(save, { renew: facts.renew, onClose });
}

const article = (noun: string) => `${/^[aeiou]/i.test(noun) ? "an" : "a"} ${noun}`;
