export const TABS = ["overview", "people", "timeline", "notes", "tasks", "accounts", "history"] as const;
export type TabId = (typeof TABS)[number];

export interface HouseholdSearch {
  tab?: TabId;
  person?: string;
}

/** Which tab is open and whose panel stands beside it: ids only, never names. */
export function householdSearch(raw: Record<string, unknown>): HouseholdSearch {
  const tab = TABS.find((t) => t === raw.tab);
  const person = typeof raw.person === "string" && /^[\w-]{1,64}$/.test(raw.person) ? raw.person : undefined;
  return { ...(tab && tab !== "overview" ? { tab } : {}), ...(person ? { person } : {}) };
}
