export const VIEWS = ["my-day", "due", "team", "household", "done"] as const;
export type TaskView = (typeof VIEWS)[number];

export interface TasksSearch {
  view?: Exclude<TaskView, "my-day">;
  /** Whose tasks: one colleague's, or those that anybody may take. */
  who?: string;
}

/** The view and its filter live in the address, so they can be shared: ids only. */
export function tasksSearch(raw: Record<string, unknown>): TasksSearch {
  const view = VIEWS.find((v) => v === raw.view);
  const who = typeof raw.who === "string" && /^[\w-]{1,64}$/.test(raw.who) ? raw.who : undefined;
  return { ...(view && view !== "my-day" ? { view } : {}), ...(who ? { who } : {}) };
}
