import { Eye } from "lucide-react";
import { type FormEvent, useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import { reveal } from "@/api/queries/work";
import type { Sealed } from "@/api/types";
import { date } from "@/lib/dates";
import { Button, IconButton } from "@/ui/button";
import { Input, Labelled } from "@/ui/form";
import { Dialog } from "@/ui/overlay";
import { ProblemLine } from "@/ui/states";

interface RevealProps {
  noun: "people" | "accounts" | "entities";
  id: string;
  field: string;
  label: string;
  /** Whose value it is, for the dialog's title. */
  of: string;
  sealed: Sealed;
  allowed: boolean;
}

/** A masked value and the way to see it: a reason, which is kept with the reader's name. */
export function SealedValue(props: RevealProps) {
  const [open, setOpen] = useState(false);
  const { sealed, label, allowed } = props;
  if (!sealed) return <span className="text-ink-3">Not set</span>;
  return (
    <span className="inline-flex items-center gap-1">
      <span>{sealed.masked}</span>
      {allowed && (
        <IconButton
          label={`Show ${label.toLowerCase()} of ${props.of}`}
          className="size-6"
          onClick={() => setOpen(true)}
        >
          <Eye />
        </IconButton>
      )}
      {open && <RevealDialog {...props} onClose={() => setOpen(false)} />}
    </span>
  );
}

function RevealDialog({ noun, id, field, label, of, onClose }: RevealProps & { onClose: () => void }) {
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
