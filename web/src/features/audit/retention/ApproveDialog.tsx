import { useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import { approveErasure, type Erasure } from "@/api/queries/retention";
import { Button } from "@/ui/button";
import { Checkbox } from "@/ui/form";
import { Dialog } from "@/ui/overlay";
import { ProblemLine } from "@/ui/states";
import { useDecision } from "./useDecision";

/** The last word before a household is gone. */
export function ApproveDialog({ erasure, onClose }: { erasure: Erasure; onClose: () => void }) {
  const decide = useDecision();
  const [sure, setSure] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const name = erasure.household_name ?? "this household";
  const approve = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await decide(() => approveErasure(erasure.id), "It was erased. Its certificate is in the log.");
      onClose();
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={`Erase ${name}`}>
      <div className="flex flex-col gap-4 p-5">
        <p>
          The record, its history, its notes and tasks, and the keys of its brain files are removed for good.
          People who belong to another household stay there. What is left is a certificate, and entries of the
          log that say nothing of the family.
        </p>
        <ProblemLine error={problem} />
        <div className="flex items-start gap-2.5">
          <Checkbox id="sure" className="mt-1" checked={sure} onChange={(e) => setSure(e.target.checked)} />
          <label htmlFor="sure">Nothing brings {name} back. I have looked at what is asked for.</label>
        </div>
        <div className="flex justify-end gap-2">
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="danger" disabled={!sure || busy} onClick={() => void approve()}>
            {busy ? "Erasing" : "Erase for good"}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
