import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { evidenceQuery } from "@/api/queries/work";
import type { Evidence, OpenLoop } from "@/api/types";
import { WaitingMark } from "@/features/edits";
import { EVIDENCE_NAMES, ShownEvidence } from "@/features/evidence";
import { cn } from "@/lib/cn";
import { date, due, isOverdue, today } from "@/lib/dates";
import { DIRECTIONS, label, lowerFirst, plural } from "@/lib/words";
import { Button } from "@/ui/button";
import { Badge } from "@/ui/card";
import { Tick } from "@/ui/Tick";
import { ageOf, ageTone, isClosed } from "./age";
import type { LoopActions } from "./useLoopActions";

interface RowProps {
  loop: OpenLoop;
  actions: LoopActions;
  canWrite: boolean;
  /** The household's name, where the list spans several. */
  household?: string;
  owner?: string;
  /** Says who has to act, where the list does not. */
  direction?: boolean;
  menu?: ReactNode;
}

/** One loop. Closing it takes one press; what may show that it is closed is proposed right after. */
export function LoopRow({ loop, actions, canWrite, household, owner, direction, menu }: RowProps) {
  const closed = isClosed(loop);
  const days = ageOf(loop);
  const asking = !closed && loop.ask_on !== null && loop.ask_on <= today();
  return (
    <li className="py-2.5" data-testid={household ? "open-loop" : "loop"} data-row={loop.id}>
      <div className="flex items-start gap-3">
        <Tick
          label={`Close: ${loop.text}`}
          checked={closed}
          disabled={!canWrite}
          onTick={(close) => (close ? actions.close(loop) : actions.reopen(loop))}
        />
        <div className="min-w-0 flex-1">
          <p className={cn("break-words", closed && "text-ink-3 line-through")}>{loop.text}</p>
          <p className="flex flex-wrap gap-x-2 text-xs text-ink-3">
            {household && (
              <Link
                to="/households/$id"
                params={{ id: loop.household_id }}
                search={{ tab: "tasks" }}
                className="rounded-sm text-ink-2 underline decoration-line-2 underline-offset-2 hover:text-ink focus-ring"
              >
                {household}
              </Link>
            )}
            <WaitingMark id={loop.id} />
            {direction && <span>{label(DIRECTIONS, loop.direction)}</span>}
            {loop.status === "waiting" && <span>waiting</span>}
            {loop.due_on && !closed && (
              <span className={cn(isOverdue(loop.due_on) && "text-warn")}>
                {lowerFirst(due(loop.due_on))}
              </span>
            )}
            {loop.ask_on && !closed && (
              <span className={cn(asking && "text-warn")}>
                {asking ? "ask again now" : `ask again ${date(loop.ask_on)}`}
              </span>
            )}
            {owner && <span>{owner}</span>}
            {closed && loop.closed_on && (
              <span>
                {loop.status === "dropped" ? "dropped" : "closed"} {date(loop.closed_on)}
              </span>
            )}
            {loop.dropped_reason && <span className="break-words">{loop.dropped_reason}</span>}
          </p>
        </div>
        {loop.opened_on && !closed && (
          <Badge tone={ageTone(days)} className="num">
            {days === 0 ? "Today" : plural(days, "day")}
          </Badge>
        )}
        {menu}
      </div>
      {closed && (
        <div className="ml-7">
          <ShownEvidence row={loop} />
        </div>
      )}
      {loop.status === "done" && !loop.evidence_id && canWrite && (
        <Proposed loop={loop} onAccept={(evidence) => void actions.show(loop, evidence)} />
      )}
    </li>
  );
}

/** What may show that the loop is closed. Words were compared, nothing was understood: a person says whether it does. */
function Proposed({ loop, onAccept }: { loop: OpenLoop; onAccept: (evidence: Evidence) => void }) {
  const found = useQuery(evidenceQuery(loop.id)).data?.items ?? [];
  const [best] = found;
  if (!best) return null;
  return (
    <div
      data-testid="proposed-evidence"
      className="mt-2 ml-7 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md bg-brass-soft px-3 py-2 text-sm"
    >
      <p className="min-w-0 flex-1 basis-60 break-words">
        A {EVIDENCE_NAMES[best.kind]} of {date(best.at)} speaks of it: <q>{best.quote}</q>
      </p>
      <Button size="sm" onClick={() => onAccept(best)}>
        Keep as evidence
      </Button>
    </div>
  );
}
