import type { Task } from "@/api/types";
import { date, moment } from "@/lib/dates";
import { localInput } from "@/lib/fields";
import { isSnoozed } from "./due-groups";
import { reminderChoices } from "./remind";
import { WhenDialog } from "./WhenDialog";

function whatComes(task: Task) {
  const whose = task.assignee_id
    ? "comes up under the bell of whoever has it"
    : "is nobody's yet: it comes up under the bell of everyone in its team who may do it";
  const asleep = isSnoozed(task) ? `, on ${date(task.snoozed_until ?? "")} at the earliest` : "";
  return `“${task.title}” ${whose}${asleep}.`;
}

/** When whoever has a task is reminded of it. */
export function ReminderDialog({
  task,
  onRemind,
  onClose,
}: {
  task: Task;
  onRemind: (at: string | null) => void;
  onClose: () => void;
}) {
  const now = new Date();
  const choices = reminderChoices(task, now).map(([name, at]) => {
    const value = at.toISOString();
    return { name, shown: moment(value), value };
  });
  const start = task.remind_at ?? choices[0]?.value ?? now.toISOString();
  return (
    <WhenDialog
      title="Remind"
      description={whatComes(task)}
      choices={choices}
      own={{
        type: "datetime-local",
        label: "At",
        button: "At that time",
        start: localInput(start),
        min: localInput(now.toISOString()),
      }}
      clear={task.remind_at ? "No reminder" : undefined}
      onChoose={(value) => onRemind(value && new Date(value).toISOString())}
      onClose={onClose}
    />
  );
}
