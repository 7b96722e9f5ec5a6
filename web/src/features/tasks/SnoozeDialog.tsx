import type { Task } from "@/api/types";
import { dateWithWeekday, plusDays, today } from "@/lib/dates";
import { WhenDialog } from "./WhenDialog";

/** Days until the Monday after this one's week. */
function untilMonday(day: string) {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return ((8 - weekday) % 7) + (weekday === 1 ? 7 : 0);
}

/** Puts a task off: out of My day until the day chosen, on which it comes back by itself. */
export function SnoozeDialog({
  task,
  onSnooze,
  onClose,
}: {
  task: Task;
  onSnooze: (until: string | null) => void;
  onClose: () => void;
}) {
  const now = today();
  const choices: [string, number][] = [
    ["Tomorrow", 1],
    ["Next week", untilMonday(now)],
    ["In two weeks", 14],
    ["In 30 days", 30],
  ];
  const tomorrow = plusDays(now, 1);
  return (
    <WhenDialog
      title="Put off"
      description={`“${task.title}” stays out of My day until then.`}
      choices={choices.map(([name, days]) => {
        const day = plusDays(now, days);
        return { name, shown: dateWithWeekday(day), value: day };
      })}
      own={{ type: "date", label: "Until", button: "Until that day", start: tomorrow, min: tomorrow }}
      clear={task.snoozed_until ? "Bring it back now" : undefined}
      onChoose={onSnooze}
      onClose={onClose}
    />
  );
}
