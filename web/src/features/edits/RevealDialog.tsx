import { type FormEvent, useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import { reveal } from "@/api/queries/work";
import { date } from "@/lib/dates";
import { Button } from "@/ui/button";
import { Input, Labelled } from "@/ui/form";
import { Dialog } from "@/ui/overlay";
import { ProblemLine } from "@/ui/states";
import type { RevealProps } from "./Reveal";

/** Asks for the reason, then shows the value for as long as it is open. */
export function RevealDialog({ noun, id, field, label, of, onClose }: RevealProps & { onClose: () => void }) {
  const [reason, setReason] = useState("");
  const [value, setValue] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      // Held by this dialog alone: it is gone when the dialog closes.
      setValue((await reveal(noun, id, field, reason.trim())).value);
    } catch (error) {
      setProblem(asProblem(error));
    }
    setBusy(false);
  };
  return (
    <Dialog
      open
      onOpenChange={(o) => !o && onClose()}
      title={`${label} of ${of}`}
      description="Your name, the time and the reason are kept."
    >
      {value === null ? (
        <form onSubmit={(e) => void submit(e)} className="flex flex-col gap-4 p-5">
          <ProblemLine error={problem} />
          <Labelled label="Why do you need to see it?" required error={problem?.fieldErrors.reason}>
            {({ id: inputId, describedBy }) => (
              <Input
                id={inputId}
                aria-describedby={describedBy}
                value={reason}
                onChange={(e) => setReason(e.target.value)}
                maxLength={300}
                autoFocus
              />
            )}
          </Labelled>
          <div className="flex justify-end gap-2">
            <Button variant="ghost" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" variant="primary" disabled={busy || reason.trim().length === 0}>
              Show
            </Button>
          </div>
        </form>
      ) : (
        <div className="p-5">
          <p data-testid="revealed" className="num text-xl font-medium select-all">
            {/^\d{4}-\d{2}-\d{2}$/.test(value) ? date(value) : value}
          </p>
          <div className="mt-5 flex justify-end">
            <Button onClick={onClose}>Hide again</Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}
