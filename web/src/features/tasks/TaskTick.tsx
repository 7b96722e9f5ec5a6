import { lazy, Suspense, useState } from "react";
import type { Evidence, Task } from "@/api/types";
import { Tick } from "@/ui/Tick";

const EvidenceDialog = lazy(() => import("./EvidenceDialog"));

/** Whether a task can be done only by saying what shows it. */
export const asksEvidence = (task: Task) => task.needs_evidence && !task.done_at;

/** The tick of a task. One that wants evidence asks for it first. */
export function TaskTick({
  task,
  disabled,
  onTick,
}: {
  task: Task;
  disabled?: boolean;
  onTick: (done: boolean, evidence?: Evidence) => Promise<unknown>;
}) {
  const [asking, setAsking] = useState(false);
  const tick = (done: boolean) => {
    if (!done || !asksEvidence(task)) return onTick(done);
    setAsking(true);
    return Promise.resolve();
  };
  return (
    <>
      <Tick label={`Done: ${task.title}`} checked={task.done_at !== null} disabled={disabled} onTick={tick} />
      {asking && (
        <Suspense fallback={null}>
          <EvidenceDialog
            task={task}
            onShown={(evidence) => onTick(true, evidence)}
            onClose={() => setAsking(false)}
          />
        </Suspense>
      )}
    </>
  );
}
