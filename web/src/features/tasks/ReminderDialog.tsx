import { remindedAt } from "@/api/queries/notifications";
import type { Task } from "@/api/types";
import { moment } from "@/lib/dates";
import { localInput } from "@/lib/fields";
import { reminderChoices } from "./remind";
import { WhenDialog } from "./WhenDialog";

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
  const start = remindedAt(task) ?? choices[0]?.value ?? now.toISOString();
  return (
    <WhenDialog
      title="Remind"
      description={
        task.assignee_id
          ? `“${task.title}” comes up under the bell of whoever has it.`
          : `“${task.title}” is nobody's yet: it comes up under the bell of everyone who may do it.`
      }
      choices={choices}
      own={{
        type: "datetime-local",
        label: "At",
        button: "At that time",
        start: localInput(start),
        min: localInput(now.toISOString()),
      }}
      clear={remindedAt(task) ? "No reminder" : undefined}
      onChoose={(value) => onRemind(value && new Date(value).toISOString())}
      onClose={onClose}
    />
  );
}
