import { asProblem } from "@/api/problem";
import type { Task } from "@/api/types";
import { useFacts } from "@/features/edits";
import { toast } from "@/ui/toast";

/** Ticks a task from a list that spans households. */
export function useTickTask() {
  const facts = useFacts(null);
  return (task: Task, done: boolean) => {
    const fields = { done_at: done ? new Date().toISOString() : null };
    return facts
      .change("tasks", task, fields, done ? "Task done." : "Task opened again.")
      .catch((error) => toast(asProblem(error).message, { tone: "error" }));
  };
}
