import { type FormEvent, useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import { Button } from "@/ui/button";
import { Input, Labelled } from "@/ui/form";
import { Dialog } from "@/ui/overlay";
import { ProblemLine } from "@/ui/states";
import { HouseholdPicker } from "../HouseholdPicker";

export interface Reasoned {
  title: string;
  about: string;
  submit: string;
  /** Whether a household is asked for as well. */
  asksHousehold?: boolean;
  danger?: boolean;
  send: (reason: string, household: string) => Promise<unknown>;
}

/** Asks why, and of which household, before something about deletion is decided. */
export function ReasonDialog({ of, onClose }: { of: Reasoned; onClose: () => void }) {
  const [household, setHousehold] = useState<string>();
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await of.send(reason, household ?? "");
      onClose();
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  const missing = reason.trim().length < 3 || (of.asksHousehold && !household);
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={of.title}>
      <form onSubmit={(e) => void send(e)} className="flex flex-col gap-4 p-5">
        <p className="text-ink-2">{of.about}</p>
        <ProblemLine error={problem} />
        {of.asksHousehold && (
          <HouseholdPicker household={household} placeholder="Type a name" strict onPick={setHousehold} />
        )}
        <Labelled label="Reason" hint="At least three letters. It is an entry of the log.">
          {({ id, describedBy }) => (
            <Input
              id={id}
              aria-describedby={describedBy}
              maxLength={500}
              value={reason}
              onChange={(e) => setReason(e.target.value)}
            />
          )}
        </Labelled>
        <div className="flex justify-end gap-2">
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant={of.danger ? "danger" : "primary"} disabled={busy || missing}>
            {of.submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
