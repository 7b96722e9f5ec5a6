import type { DragEvent } from "react";
import { useNames } from "@/api/queries/names";
import type { Task, TaskLine } from "@/api/types";
import { useCan, useMe } from "@/features/auth";
import { TaskMenu } from "./TaskMenu";
import { TaskRow } from "./TaskRow";
import { useTaskActions } from "./useTaskActions";

/** What stands over a list of tasks. */
export type Over =
  | { kind: "edit"; task: Task; field?: string }
  | { kind: "snooze" | "remind" | "evidence"; task: Task };

/** A task of a list that spans households, with all that can be done with it. */
export function TaskItem({
  task,
  onOver,
  moves,
  onDragStart,
}: {
  task: TaskLine;
  onOver: (over: Over) => void;
  /** Of a card on the board: where else it can go. */
  moves?: [name: string, move: () => void][];
  onDragStart?: (event: DragEvent) => void;
}) {
  const canWrite = useCan("book.write");
  const me = useMe();
  const actions = useTaskActions();
  const nameOf = useNames();
  return (
    <TaskRow
      task={task}
      household={task.household_name ?? undefined}
      assignee={task.assignee_id ? nameOf(task.assignee_id) : undefined}
      disabled={!canWrite}
      onTick={(done, evidence) => actions.tick(task, done, evidence)}
      onRename={(next) => actions.rename(task, next)}
      onDragStart={onDragStart}
      menu={
        canWrite && (
          <TaskMenu
            task={task}
            moves={moves}
            onEdit={(field) => onOver({ kind: "edit", task, field })}
            onSnooze={() => onOver({ kind: "snooze", task })}
            onRemind={() => onOver({ kind: "remind", task })}
            onTake={
              me && task.assignee_id !== me.user.id
                ? () => void actions.assign(task, me.user.id, "Yours")
                : undefined
            }
            onRemove={() => void actions.remove(task)}
          />
        )
      }
    />
  );
}
