import { type FormEvent, type ReactNode, useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import { type FormField, initialValues, type Values } from "@/lib/fields";
import { Button } from "./button";
import { FormFields } from "./form";
import { Dialog } from "./overlay";
import { ProblemLine } from "./states";

/** A dialog that asks for some fields and sends them; what the server objects to stands beside its field. */
export function FormDialog({
  title,
  about,
  submit,
  danger,
  fields,
  missing,
  children,
  onSubmit,
  onClose,
}: {
  title: string;
  /** What it is about, above the fields. */
  about?: string;
  /** What the button says. */
  submit: string;
  /** For what cannot be taken back. */
  danger?: boolean;
  fields: readonly FormField[];
  /** Whether what was typed does not do yet. */
  missing?: (values: Values) => boolean;
  /** What is asked for before the fields, by other means than a field, and takes the focus in their place. */
  children?: ReactNode;
  /** Closes the dialog itself when all went well. */
  onSubmit: (values: Values) => Promise<unknown>;
  onClose: () => void;
}) {
  const [values, setValues] = useState(() => initialValues(fields));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await onSubmit(values);
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={title}>
      <form onSubmit={(e) => void send(e)} className="flex flex-col gap-4 p-5">
        {about && <p className="text-ink-2">{about}</p>}
        <ProblemLine error={problem} />
        {children}
        <FormFields
          fields={fields}
          values={values}
          onChange={(field, value) => setValues((v) => ({ ...v, [field]: value }))}
          errors={problem?.fieldErrors}
          focusFirst={!children}
        />
        <div className="flex justify-end gap-2">
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant={danger ? "danger" : "primary"} disabled={busy || missing?.(values)}>
            {submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
