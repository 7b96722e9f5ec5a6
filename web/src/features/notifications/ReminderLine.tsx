import { Link } from "@tanstack/react-router";
import { AlarmClock } from "lucide-react";
import { remindedAt } from "@/api/queries/notifications";
import type { TaskLine } from "@/api/types";
import { useCan } from "@/features/auth";
import { useFacts } from "@/features/edits";
import { TaskTick, taskActions } from "@/features/tasks";
import { reminderChoices } from "@/features/tasks/remind";
import { ago, due, moment } from "@/lib/dates";
import { IconButton } from "@/ui/button";
import { Menu, MenuItem, MenuSeparator } from "@/ui/menu";

/** A task whose moment has come: done, later, or not again. */
export function ReminderLine({ task, onOpen }: { task: TaskLine; onOpen: () => void }) {
  // Its household may be on screen behind the list.
  const actions = taskActions(useFacts(task.household_id));
  const at = remindedAt(task);
  const canWrite = useCan("book.write");
  return (
    <li data-testid="reminder" className="flex items-start gap-3 border-t border-line py-3 first:border-0">
      <TaskTick
        task={task}
        disabled={!canWrite}
        onTick={(done, evidence) => actions.tick(task, done, evidence)}
      />
      <div className="min-w-0 flex-1">
        <TaskLink task={task} onOpen={onOpen} />
        <p className="mt-0.5 flex flex-wrap gap-x-2 text-xs text-ink-3">
          {task.household_name && <span className="text-ink-2">{task.household_name}</span>}
          {task.due_on && <span>{due(task.due_on)}</span>}
          {at && (
            <time dateTime={at} title={moment(at)}>
              {ago(at)}
            </time>
          )}
        </p>
      </div>
      {canWrite && (
        <Menu
          trigger={
            <IconButton label={`Remind later of ${task.title}`} className="-mr-2">
              <AlarmClock />
            </IconButton>
          }
        >
          {reminderChoices(task, new Date()).map(([name, at]) => (
            <MenuItem key={name} onSelect={() => void actions.remindAgain(task, at.toISOString())}>
              {name}
            </MenuItem>
          ))}
          <MenuSeparator />
          <MenuItem onSelect={() => void actions.remind(task, null)}>
            {task.repeats ? "Not again, nor of the next ones" : "Not again"}
          </MenuItem>
        </Menu>
      )}
    </li>
  );
}

/** To the tasks of its household, or to the list that a task of the firm stands in. */
function TaskLink({ task, onOpen }: { task: TaskLine; onOpen: () => void }) {
  const shared = {
    onClick: onOpen,
    className: "block rounded-sm font-medium break-words focus-ring hover:text-brand-ink",
    children: task.title,
  };
  if (!task.household_id) return <Link to="/tasks" search={{ view: "due" }} {...shared} />;
  return (
    <Link to="/households/$id" params={{ id: task.household_id }} search={{ tab: "tasks" }} {...shared} />
  );
}
