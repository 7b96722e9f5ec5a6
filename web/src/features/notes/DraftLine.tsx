import { asProblem } from "@/api/problem";
import { Button } from "@/ui/button";
import { ProblemLine } from "@/ui/states";
import { toast } from "@/ui/toast";
import type { DraftKeeper, DraftState, DraftStatus } from "./draft";

/** `14:03`, or the day before it when that is another one. */
export function clock(timestamp: string, now = new Date()) {
  const at = new Date(timestamp);
  const two = (n: number) => String(n).padStart(2, "0");
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  if (at.toDateString() === now.toDateString()) return time;
  return `${at.toLocaleDateString("en-GB", { day: "numeric", month: "short" })}, ${time}`;
}

export function statusLine(status: DraftStatus) {
  switch (status.kind) {
    case "none":
    case "contested":
    case "refused":
      return "";
    case "saving":
      return "Saving draft";
    case "saved":
      return `Draft saved ${clock(status.at)}`;
    case "waiting":
      return "Draft not saved, will retry";
  }
}

/** Whether what is being written is safe. */
export function DraftStatusLine({ status }: { status: DraftStatus }) {
  return (
    <p
      // Said aloud only when it goes wrong: the rest would interrupt whoever writes.
      role={status.kind === "waiting" ? "status" : undefined}
      data-testid="draft-status"
      className={status.kind === "waiting" ? "text-xs text-warn" : "text-xs text-ink-3"}
    >
      {statusLine(status)}
    </p>
  );
}

/** What the writer must know of the draft: that it was restored, that another window wrote too, that it was refused. */
export function DraftNotice({ keeper, state }: { keeper: DraftKeeper; state: DraftState }) {
  const { status, restored } = state;
  const discard = () =>
    void keeper.discard().catch((error) => toast(asProblem(error).message, { tone: "error" }));
  if (status.kind === "refused") return <ProblemLine error={status.problem} />;
  if (status.kind === "contested")
    return (
      <div role="alert" data-testid="draft-contested" className="mb-3 rounded-md bg-warn-soft p-3 text-sm">
        <p className="text-warn">
          You went on with this in another window at {clock(status.theirs.updated_at)}. Both texts are kept
          until you choose.
        </p>
        <p className="mt-2 max-h-32 overflow-y-auto rounded-md bg-surface p-2 break-words whitespace-pre-wrap">
          {status.theirs.body}
        </p>
        <div className="mt-3 flex gap-2">
          <Button size="sm" onClick={() => keeper.keepMine()}>
            Keep this one
          </Button>
          <Button size="sm" onClick={() => keeper.takeTheirs()}>
            Take the other
          </Button>
        </div>
      </div>
    );
  if (!restored) return null;
  return (
    <p
      role="status"
      data-testid="draft-restored"
      className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md bg-info-soft py-1 pr-1 pl-3 text-sm text-info"
    >
      <span className="mr-auto">Unsaved draft from {clock(restored.updated_at)} restored</span>
      <Button size="sm" variant="ghost" className="text-info" onClick={discard}>
        Discard
      </Button>
    </p>
  );
}
