import { Link } from "@tanstack/react-router";
import { AlarmClock, FileCheck2, Moon, Repeat } from "lucide-react";
import { type DragEvent, type KeyboardEvent, type ReactNode, useRef, useState } from "react";
import { remindedAt } from "@/api/queries/notifications";
import type { Evidence, Task } from "@/api/types";
import { WaitingMark } from "@/features/edits";
import { ShownEvidence } from "@/features/evidence";
import { cn } from "@/lib/cn";
import { clock, date, due, isOverdue, moment } from "@/lib/dates";
import { repeatWords } from "@/lib/repeat";
import { label, TASK_STATUSES } from "@/lib/words";
import { Badge } from "@/ui/card";
import { Input } from "@/ui/form";
import { isSnoozed } from "./due-groups";
import { TaskTick } from "./TaskTick";

interface RowProps {
  task: Task;
  assignee?: string;
  onTick: (done: boolean, evidence?: Evidence) => Promise<unknown>;
  disabled?: boolean;
  menu?: ReactNode;
  /** The household's name, where the list spans several. */
  household?: string;
  /** Saves another title; without it the title is only read. */
  onRename?: (title: string) => Promise<unknown>;
  /** Of a card on the board: it can be taken hold of, and where it stands says how far it has come. */
  onDragStart?: (event: DragEvent) => void;
}

/** One task with its tick. A done task stays where it is, struck through, for five minutes. */
export function TaskRow({
  task,
  assignee,
  onTick,
  disabled,
  menu,
  household,
  onRename,
  onDragStart,
}: RowProps) {
  const done = task.done_at !== null;
  const reminder = remindedAt(task);
  const late = !done && !isSnoozed(task) && isOverdue(task.due_on);
  return (
    <li
      className="flex items-start gap-3 py-2.5"
      data-testid="task"
      data-row={task.id}
      draggable={Boolean(onDragStart)}
      onDragStart={onDragStart}
    >
      <TaskTick task={task} disabled={disabled} onTick={onTick} />
      <div className="min-w-0 flex-1">
        <Title task={task} done={done} onRename={disabled ? undefined : onRename} />
        <p className="mt-1 flex flex-wrap items-center gap-x-2 text-xs text-ink-3">
          {household && task.household_id && (
            <Link
              to="/households/$id"
              params={{ id: task.household_id }}
              search={{ tab: "tasks" }}
              className="rounded-sm text-ink-2 underline decoration-line-2 underline-offset-2 hover:text-ink focus-ring"
            >
              {household}
            </Link>
          )}
          <WaitingMark id={task.id} />
          {done && <span>Done</span>}
          {task.due_on && !done && (
            <span className={late ? "text-warn" : undefined}>
              {due(task.due_on)}
              {task.due_time && `, ${clock(task.due_time)}`}
            </span>
          )}
          {task.repeats && (
            <span className="inline-flex items-center gap-1">
              <Repeat aria-hidden className="size-3" />
              {repeatWords(task.repeats)}
            </span>
          )}
          {task.snoozed_until && isSnoozed(task) && (
            <span className="inline-flex items-center gap-1">
              <Moon aria-hidden className="size-3" />
              until {date(task.snoozed_until)}
            </span>
          )}
          {reminder && !done && (
            <span className="inline-flex items-center gap-1">
              <AlarmClock aria-label="Reminder" className="size-3" />
              {moment(reminder)}
            </span>
          )}
          {task.needs_evidence && !done && (
            <span className="inline-flex items-center gap-1">
              <FileCheck2 aria-hidden className="size-3" />
              with evidence
            </span>
          )}
          {!onDragStart && !done && task.status !== "todo" && (
            <span>{label(TASK_STATUSES, task.status)}</span>
          )}
          {assignee && <span>{assignee}</span>}
          {task.source_kind === "open_loop" && <span>from an open loop</span>}
          {task.outcome && <span className="break-words text-ink-2">{task.outcome}</span>}
        </p>
        {done && <ShownEvidence row={task} />}
      </div>
      {task.priority === 1 && !done && <Badge tone="brass">High</Badge>}
      {task.priority === 3 && !done && <Badge>Low</Badge>}
      {menu}
    </li>
  );
}

/** The title, which a click opens for editing: Enter or leaving saves, Escape leaves it alone. */
function Title({ task, done, onRename }: { task: Task; done: boolean; onRename?: RowProps["onRename"] }) {
  const [text, setText] = useState<string | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const look = cn("break-words", done && "text-ink-3 line-through");
  if (!onRename || done) return <p className={look}>{task.title}</p>;
  const close = (save: boolean) => {
    const next = text?.trim();
    setText(null);
    if (save && next && next !== task.title) void onRename(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    if (event.nativeEvent.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    close(event.key === "Enter");
    requestAnimationFrame(() => button.current?.focus());
  };
  if (text !== null)
    return (
      <Input
        aria-label="What to do"
        autoFocus
        value={text}
        maxLength={500}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => close(true)}
      />
    );
  return (
    <button
      type="button"
      ref={button}
      aria-label={`Edit ${task.title}`}
      onClick={() => setText(task.title)}
      className={cn(look, "-mx-1 block min-h-6 rounded-sm px-1 text-left hover:bg-sunken focus-ring")}
    >
      {task.title}
    </button>
  );
}
