import { useUserOptions } from "@/api/queries/user-options";
import { AddButton, Coming, RowMenu, useComing, useEditor } from "@/features/edits";
import { isOverdue } from "@/lib/dates";
import { Badge, Card, CardEmpty, CardList } from "@/ui/card";
import { inDueOrder } from "./due-groups";
import { useLingering } from "./linger";
import { taskSpec } from "./spec";
import { TaskRow } from "./TaskRow";
import { taskActions } from "./useTaskActions";

/** The tasks of the household on screen, the earliest due first; a ticked one stays for five minutes. */
export function TasksCard() {
  const { record, canWrite, facts, nameOf } = useEditor();
  const spec = taskSpec(useUserOptions());
  const tasks = inDueOrder(useLingering(record.tasks));
  const overdue = tasks.filter((t) => !t.done_at && isOverdue(t.due_on)).length;
  const actions = taskActions(facts);
  const coming = useComing("tasks", record.household.id);
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
      <Coming rows={coming} className="mx-5 mb-3" />
      {tasks.length + coming.length === 0 ? (
        <CardEmpty>All clear. Nothing is planned.</CardEmpty>
      ) : (
        <CardList>
          {tasks.map((task) => (
            <TaskRow
              key={task.id}
              task={task}
              assignee={task.assignee_id ? nameOf(task.assignee_id) : undefined}
              disabled={!canWrite}
              onTick={(done, evidence) => actions.tick(task, done, evidence)}
              onRename={(title) => actions.rename(task, title)}
              menu={<RowMenu spec={spec} row={task} name={task.title} />}
            />
          ))}
        </CardList>
      )}
    </Card>
  );
}
