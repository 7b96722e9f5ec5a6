import { asProblem } from "@/api/problem";
import { useUserOptions } from "@/api/queries/user-options";
import type { Task } from "@/api/types";
import { AddButton, RowMenu, useEditor } from "@/features/edits";
import { isOverdue } from "@/lib/dates";
import { Badge, Card, CardEmpty, CardList } from "@/ui/card";
import { toast } from "@/ui/toast";
import { taskSpec } from "./spec";
import { TaskRow } from "./TaskRow";

/** Open before done; among the open, the earliest due first. */
export function inDueOrder(tasks: readonly Task[]): Task[] {
  const key = (t: Task) => `${t.done_at ? 1 : 0}${t.due_on ?? "9999-12-31"}${t.priority}`;
  return [...tasks].sort((a, b) => key(a).localeCompare(key(b)));
}

export function TasksCard() {
  const { record, canWrite, facts, nameOf } = useEditor();
  const spec = taskSpec(useUserOptions());
  const tasks = inDueOrder(record.tasks);
  const overdue = tasks.filter((t) => !t.done_at && isOverdue(t.due_on)).length;
  const tick = (task: Task, done: boolean) => {
    const fields = { done_at: done ? new Date().toISOString() : null };
    return facts
      .change("tasks", task, fields, done ? "Task done." : "Task opened again.")
      .catch((error) => toast(asProblem(error).message, { tone: "error" }));
  };
  return (
    <Card
      id="tasks"
      title={
        <span className="flex items-center gap-2">
          Tasks{" "}
          {overdue > 0 && (
            <Badge tone="warn" className="font-sans">
              {overdue} overdue
            </Badge>
          )}
        </span>
      }
      action={<AddButton spec={spec} />}
    >
      {tasks.length === 0 ? (
        <CardEmpty>All clear. Nothing is planned.</CardEmpty>
      ) : (
        <CardList>
          {tasks.map((task) => (
            <TaskRow
              key={task.id}
              task={task}
              assignee={task.assignee_id ? nameOf(task.assignee_id) : undefined}
              disabled={!canWrite}
              onTick={(done) => tick(task, done)}
              menu={<RowMenu spec={spec} row={task} name={task.title} />}
            />
          ))}
        </CardList>
      )}
    </Card>
  );
}
