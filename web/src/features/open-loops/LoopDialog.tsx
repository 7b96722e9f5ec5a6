import { type FormEvent, useState } from "react";
import { useNames } from "@/api/queries/names";
import { useUserOptions } from "@/api/queries/user-options";
import type { OpenLoop } from "@/api/types";
import { ConflictCard, useFacts, useSending } from "@/features/edits";
import { keepMine, takeTheirs } from "@/lib/conflict";
import { initialValues, toBody } from "@/lib/fields";
import { Button } from "@/ui/button";
import { FormFields } from "@/ui/form";
import { Dialog } from "@/ui/overlay";
import { ProblemLine } from "@/ui/states";
import { HouseholdPicker, type Picked } from "./HouseholdPicker";
import { loopFields } from "./spec";

/** The household is asked for first. */
const focusFirst = (form: HTMLFormElement | null) => form?.querySelector("input")?.focus();

/** Opens a loop on a household, or changes one. */
export function LoopDialog({ loop, onClose }: { loop?: OpenLoop; onClose: () => void }) {
  const fields = loopFields(useUserOptions());
  const [start] = useState(() => initialValues(fields, loop));
  const [values, setValues] = useState(start);
  const [home, setHome] = useState<Picked | null>(null);
  const facts = useFacts(home?.id ?? null);
  const [key] = useState(() => crypto.randomUUID());
  const save = async (body: Record<string, unknown>, version: number) => {
    if (loop) return facts.change("open-loops", { id: loop.id, version }, body, "Loop changed.");
    if (!home) return;
    await facts.create("open-loops", body, "Loop opened.", key, { names: [home.name] });
  };
  const { busy, problem, send, resolve } = useSending(save, { renew: facts.renew, onClose });
  const nameOf = useNames();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = toBody(fields, values, loop ? start : undefined);
    if (loop && Object.keys(body).length === 0) return onClose();
    void send(body, loop?.version ?? 0);
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={loop ? "Edit loop" : "New open loop"}>
      <form ref={loop ? undefined : focusFirst} onSubmit={submit} className="flex flex-col gap-4 p-5">
        {problem?.isConflict ? (
          <ConflictCard
            problem={problem}
            entity="open_loops"
            nameOf={nameOf}
            busy={busy}
            onKeepMine={() => resolve(keepMine)}
            onTakeTheirs={() => resolve(takeTheirs)}
          />
        ) : (
          <ProblemLine error={problem} />
        )}
        {!loop && <HouseholdPicker picked={home} onPick={setHome} />}
        <FormFields
          fields={fields}
          values={values}
          onChange={(name, value) => setValues((v) => ({ ...v, [name]: value }))}
          errors={problem?.fieldErrors}
        />
        <div className="flex justify-end gap-2">
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" disabled={busy || (!loop && !home)}>
            {loop ? "Save" : "Open loop"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
