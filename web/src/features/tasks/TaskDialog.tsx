import { type FormEvent, useCallback, useState } from "react";
import { useNames } from "@/api/queries/names";
import { useUserOptions } from "@/api/queries/user-options";
import type { Task } from "@/api/types";
import { ConflictCard, useFacts, useSending } from "@/features/edits";
import { keepMine, takeTheirs } from "@/lib/conflict";
import { initialValues, toBody } from "@/lib/fields";
import { Button } from "@/ui/button";
import { FormFields, Input } from "@/ui/form";
import { Dialog } from "@/ui/overlay";
import { ProblemLine } from "@/ui/states";
import { taskFields } from "./spec";

const CUSTOM = "custom";

/** Changes any field of a task. `focus` is the field that the user asked for. */
export function TaskDialog({ task, focus, onClose }: { task: Task; focus?: string; onClose: () => void }) {
  const users = useUserOptions();
  const fields = taskFields(users, task.repeats)
    // Nothing could show that a task of the firm is done.
    .filter((f) => task.household_id || f.name !== "needs_evidence")
    .map((f) =>
      f.name === "repeats"
        ? { ...f, options: [...(f.options ?? []), [CUSTOM, "By a rule of my own"] as const] }
        : f,
    );
  const [start] = useState(() => initialValues(fields, task));
  const [values, setValues] = useState(start);
  const [rule, setRule] = useState(task.repeats ?? "FREQ=MONTHLY;BYDAY=1MO");
  const facts = useFacts(task.household_id);
  const { busy, problem, send, resolve } = useSending(
    (body, version) => facts.change("tasks", { id: task.id, version }, body, "Task changed."),
    { renew: facts.renew, onClose },
  );
  const nameOf = useNames();
  // By the form itself: what a dialog holds appears only after the dialog.
  const form = useCallback(
    (element: HTMLFormElement | null) => {
      const asked = focus && element?.elements.namedItem(focus);
      if (asked instanceof HTMLElement) asked.focus();
    },
    [focus],
  );

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = toBody(fields, values, start);
    if (body.repeats === CUSTOM) body.repeats = rule;
    // Without a day there is nothing to repeat and no time of day.
    if (body.due_on === null) Object.assign(body, { repeats: null, due_time: null });
    if (Object.keys(body).length === 0) return onClose();
    void send(body, task.version);
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Edit task">
      <form ref={form} onSubmit={submit} className="flex flex-col gap-4 p-5">
        {problem?.isConflict ? (
          <ConflictCard
            problem={problem}
            entity="tasks"
            nameOf={nameOf}
            busy={busy}
            onKeepMine={() => resolve(keepMine)}
            onTakeTheirs={() => resolve(takeTheirs)}
          />
        ) : (
          <ProblemLine error={problem} />
        )}
        <FormFields
          fields={fields}
          values={values}
          onChange={(name, value) => setValues((v) => ({ ...v, [name]: value }))}
          errors={problem?.fieldErrors}
        />
        {values.repeats === CUSTOM && values.due_on && (
          <div>
            <Input
              aria-label="Rule"
              value={rule}
              maxLength={200}
              onChange={(event) => setRule(event.target.value)}
            />
            <p className="mt-1 text-xs text-ink-3">
              A rule of RFC 5545, such as FREQ=MONTHLY;BYDAY=1MO for every first Monday.
            </p>
          </div>
        )}
        <div className="flex justify-end gap-2">
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" disabled={busy}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
