import { idOf, only } from "@/lib/address";

export const VIEWS = ["my-day", "due", "team", "household", "board", "done"] as const;
export type TaskView = (typeof VIEWS)[number];

export interface TasksSearch {
  view?: Exclude<TaskView, "my-day">;
  /** Whose tasks: one colleague's, or those that anybody may take. */
  who?: string;
}

/** The view and its filter live in the address, so they can be shared: ids only. */
export function tasksSearch(raw: Record<string, unknown>): TasksSearch {
  const view = VIEWS.find((v) => v === raw.view);
  return only(raw, { view: view === "my-day" ? undefined : view, who: idOf(raw.who) });
}
