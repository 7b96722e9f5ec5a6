import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Task } from "@/api/types";
import { cn } from "@/lib/cn";
import { due, isOverdue } from "@/lib/dates";
import { Badge } from "@/ui/card";
import { Tick } from "@/ui/Tick";

/** One task with its tick. A done task stays where it is, struck through, until the list is asked for again. */
export function TaskRow({
  task,
  assignee,
  onTick,
  disabled,
  menu,
  household,
}: {
  task: Task;
  assignee?: string;
  onTick: (done: boolean) => Promise<unknown>;
  disabled?: boolean;
  menu?: ReactNode;
  /** The household's name, where the list spans several. */
  household?: string;
}) {
  const done = task.done_at !== null;
  const about = [task.due_on && !done ? due(task.due_on) : null, done ? "Done" : null, assignee].filter(
    Boolean,
  );
  return (
    <li className="flex items-start gap-3 py-2.5" data-testid="task">
      <Tick label={`Done: ${task.title}`} checked={done} disabled={disabled} onTick={onTick} />
      <div className="min-w-0 flex-1">
        <p className={cn("break-words", done && "text-ink-3 line-through")}>{task.title}</p>
        <p className={cn("text-xs", !done && isOverdue(task.due_on) ? "text-warn" : "text-ink-3")}>
          {household && task.household_id && (
            <>
              <Link
                to="/households/$id"
                params={{ id: task.household_id }}
                search={{ tab: "tasks" }}
                className="rounded-sm text-ink-2 underline decoration-line-2 underline-offset-2 hover:text-ink focus-ring"
              >
                {household}
              </Link>
              {about.length > 0 && ", "}
            </>
          )}
          {about.join(", ")}
        </p>
      </div>
      {task.priority === 1 && !done && <Badge tone="brass">High</Badge>}
      {menu}
    </li>
  );
}
