import { asProblem } from "@/api/problem";
import type { Evidence, Task } from "@/api/types";
import { type Facts, useFacts } from "@/features/edits";
import { date, moment } from "@/lib/dates";
import { toast } from "@/ui/toast";

type Fields = Record<string, unknown>;

/** What can be done with a task, wherever it stands. A refusal is shown; nothing is thrown. */
export function taskActions(facts: Facts) {
  const change = (task: Task, fields: Fields, text: string) =>
    facts
      .change("tasks", task, fields, text)
      .catch((error) => toast(asProblem(error).message, { tone: "error" }));
  return {
    change,
    tick: (task: Task, done: boolean, shown?: Evidence) => {
      const text = done
        ? task.repeats
          ? "Task done. The next one is planned."
          : "Task done."
        : "Task opened again.";
      const evidence = shown && {
        evidence_kind: shown.kind,
        evidence_id: shown.id,
        // How a text begins that shares no word with the task shows nothing by itself.
        evidence_quote: shown.words.length > 0 ? shown.quote : null,
      };
      return change(task, { done_at: done ? new Date().toISOString() : null, ...evidence }, text);
    },
    priority: (task: Task, priority: number) => change(task, { priority }, "Priority changed."),
    snooze: (task: Task, until: string | null) =>
      change(task, { snoozed_until: until }, until ? `Put off until ${date(until)}.` : "The task is back."),
    /** When it is planned to be reminded of. */
    remind: (task: Task, at: string | null) =>
      change(
        task,
        { remind_at: at, remind_again_at: null },
        at ? `Reminder on ${moment(at)}.` : "No reminder any more.",
      ),
    /** Puts this reminder off; the next one of a rule keeps to the plan. */
    remindAgain: (task: Task, at: string) =>
      change(task, { remind_again_at: at }, `Reminder on ${moment(at)}.`),
    assign: (task: Task, assignee_id: string | null, name: string) =>
      change(task, { assignee_id }, `${name} now.`),
    rename: (task: Task, title: string) => change(task, { title }, "Task changed."),
    remove: (task: Task) =>
      facts
        .remove("tasks", task.id, "Task removed.")
        .catch((error) => toast(asProblem(error).message, { tone: "error" })),
  };
}

/** The same for lists that span households. */
export const useTaskActions = () => taskActions(useFacts(null));
