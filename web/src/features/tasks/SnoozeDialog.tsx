import { useState } from "react";
import type { Task } from "@/api/types";
import { dateWithWeekday, plusDays, today } from "@/lib/dates";
import { Button } from "@/ui/button";
import { Input } from "@/ui/form";
import { Dialog } from "@/ui/overlay";

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
  const [day, setDay] = useState(plusDays(now, 1));
  const choices: [string, number][] = [
    ["Tomorrow", 1],
    ["Next week", untilMonday(now)],
    ["In two weeks", 14],
    ["In 30 days", 30],
  ];
  const choose = (until: string | null) => {
    onSnooze(until);
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Put off"
      description={`“${task.title}” stays out of My day until then.`}
    >
      <div className="flex flex-col gap-2 p-5">
        {choices.map(([name, days], index) => (
          <Button
            key={name}
            autoFocus={index === 0}
            className="justify-between"
            onClick={() => choose(plusDays(now, days))}
          >
            {name}
            <span className="font-normal text-ink-3">{dateWithWeekday(plusDays(now, days))}</span>
          </Button>
        ))}
        <form
          className="mt-2 flex gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (day) choose(day);
          }}
        >
          <Input
            type="date"
            aria-label="Until"
            min={plusDays(now, 1)}
            value={day}
            onChange={(event) => setDay(event.target.value)}
          />
          <Button type="submit">Until that day</Button>
        </form>
        {task.snoozed_until && (
          <Button variant="ghost" onClick={() => choose(null)}>
            Bring it back now
          </Button>
        )}
      </div>
    </Dialog>
  );
}
