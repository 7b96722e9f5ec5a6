export const TABS = ["overview", "people", "timeline", "notes", "tasks", "accounts", "history"] as const;
export type TabId = (typeof TABS)[number];

export interface HouseholdSearch {
  tab?: TabId;
  person?: string;
  /** The edit that the history shows. */
  edit?: string;
  /** The day on which the household is shown as it was known, `YYYY-MM-DD`. */
  known?: string;
}

/** Which tab is open and whose panel stands beside it: ids only, never names. */
export function householdSearch(raw: Record<string, unknown>): HouseholdSearch {
  const tab = TABS.find((t) => t === raw.tab);
  const person = typeof raw.person === "string" && /^[\w-]{1,64}$/.test(raw.person) ? raw.person : undefined;
  const edit = typeof raw.edit === "string" && /^[\w-]{1,64}$/.test(raw.edit) ? raw.edit : undefined;
  const known = typeof raw.known === "string" && /^\d{4}-\d\d-\d\d$/.test(raw.known) ? raw.known : undefined;
  return {
    ...(known ? { known } : {}),
    ...(tab && tab !== "overview" ? { tab } : {}),
    ...(person ? { person } : {}),
    ...(edit && tab === "history" ? { edit } : {}),
  };
}
