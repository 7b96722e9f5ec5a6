import { Clock, RotateCcw, X } from "lucide-react";
import { asProblem } from "@/api/problem";
import { useUserOptions } from "@/api/queries/user-options";
import type { OpenLoop } from "@/api/types";
import { AddButton, RowMenu, useEditor } from "@/features/edits";
import { cn } from "@/lib/cn";
import { due, isOverdue, today } from "@/lib/dates";
import { DIRECTIONS, LOOP_STATUSES, label, lowerFirst, plural } from "@/lib/words";
import { Badge, Card, CardEmpty, CardList } from "@/ui/card";
import { MenuItem } from "@/ui/menu";
import { Tick } from "@/ui/Tick";
import { toast } from "@/ui/toast";
import { ageOf, ageTone, inAgeOrder, isClosed } from "./age";
import { loopSpec } from "./spec";

/** Promises and questions without an answer, in both directions. */
export function LoopsCard() {
  const { record } = useEditor();
  const spec = loopSpec(useUserOptions());
  const overdue = record.open_loops.filter((l) => !isClosed(l) && isOverdue(l.due_on)).length;
  return (
    <Card
      id="loops"
      title={
        <span className="flex items-center gap-2">
          Open loops{" "}
          {overdue > 0 && (
            <Badge tone="warn" className="font-sans">
              {overdue} overdue
            </Badge>
          )}
        </span>
      }
      action={<AddButton spec={spec} />}
    >
      {record.open_loops.length === 0 ? (
        <CardEmpty>No loose ends. A loop is a promise or a question that waits for an answer.</CardEmpty>
      ) : (
        <CardList>
          {inAgeOrder(record.open_loops).map((loop) => (
            <LoopRow key={loop.id} loop={loop} />
          ))}
        </CardList>
      )}
    </Card>
  );
}

function LoopRow({ loop }: { loop: OpenLoop }) {
  const { canWrite, facts } = useEditor();
  const spec = loopSpec(useUserOptions());
  const closed = isClosed(loop);
  const days = ageOf(loop);
  const move = (status: OpenLoop["status"], text: string) => {
    const closing = status === "done" || status === "dropped";
    const fields = {
      status,
      ...(closing !== closed ? { closed_on: closing ? today() : null } : {}),
    };
    return facts
      .change("open-loops", loop, fields, text)
      .catch((error) => toast(asProblem(error).message, { tone: "error" }));
  };
  const late = !closed && isOverdue(loop.due_on);
  return (
    <li className="flex items-start gap-3 py-2.5" data-testid="loop">
      <Tick
        label={`Close: ${loop.text}`}
        checked={closed}
        disabled={!canWrite}
        onTick={(close) => (close ? move("done", "Loop closed.") : move("open", "Loop opened again."))}
      />
      <div className="min-w-0 flex-1">
        <p className={cn("break-words", closed && "text-ink-3 line-through")}>{loop.text}</p>
        <p className="text-xs text-ink-3">
          {label(DIRECTIONS, loop.direction)}
          {loop.status !== "open" && `, ${label(LOOP_STATUSES, loop.status).toLowerCase()}`}
          {loop.due_on && !closed && (
            <>
              , <span className={late ? "text-warn" : undefined}>{lowerFirst(due(loop.due_on))}</span>
            </>
          )}
        </p>
      </div>
      {!closed && days >= 7 && <Badge tone={ageTone(days)}>{plural(days, "day")}</Badge>}
      <RowMenu spec={spec} row={loop} name={loop.text}>
        {loop.status === "waiting" ? (
          <MenuItem onSelect={() => move("open", "Loop is open again.")}>
            <RotateCcw />
            No longer waiting
          </MenuItem>
        ) : (
          !closed && (
            <MenuItem onSelect={() => move("waiting", "Loop is waiting.")}>
              <Clock />
              Waiting for an answer
            </MenuItem>
          )
        )}
        {!closed && (
          <MenuItem onSelect={() => move("dropped", "Loop dropped.")}>
            <X />
            Drop
          </MenuItem>
        )}
      </RowMenu>
    </li>
  );
}
