import type { Task } from "@/api/types";
import { useKey } from "@/app/keys";
import { focusedRow, useRowKeys } from "@/app/rows";

interface Does {
  newTask: () => void;
  priority: (task: Task, priority: number) => void;
  edit: (task: Task, field: string) => void;
  snooze: (task: Task) => void;
  remind: (task: Task) => void;
}

/** The keys of a page of tasks. They act on the task that has the focus; Space is its tick's own. */
export function useTaskKeys(tasks: readonly Task[], canWrite: boolean, does: Does) {
  const onTask = (act: (task: Task) => void) => () => {
    const id = focusedRow();
    const task = tasks.find((t) => t.id === id);
    if (task) act(task);
  };
  useRowKeys(tasks.length > 0);
  useKey("record.task", does.newTask, canWrite);
  useKey(
    "task.high",
    onTask((t) => does.priority(t, 1)),
    canWrite,
  );
  useKey(
    "task.normal",
    onTask((t) => does.priority(t, 2)),
    canWrite,
  );
  useKey(
    "task.low",
    onTask((t) => does.priority(t, 3)),
    canWrite,
  );
  useKey(
    "task.due",
    onTask((t) => does.edit(t, "due_on")),
    canWrite,
  );
  useKey(
    "task.assign",
    onTask((t) => does.edit(t, "assignee_id")),
    canWrite,
  );
  useKey("task.snooze", onTask(does.snooze), canWrite);
  useKey("task.remind", onTask(does.remind), canWrite);
}
