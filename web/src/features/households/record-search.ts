export const TABS = [
  "overview",
  "people",
  "timeline",
  "notes",
  "tasks",
  "accounts",
  "brain",
  "history",
] as const;
export type TabId = (typeof TABS)[number];

export interface HouseholdSearch {
  tab?: TabId;
  person?: string;
  /** The edit that the history shows. */
  edit?: string;
  /** The brain file that is open; without it the first of the list. */
  file?: string;
  /** The version of it that is read; without it the newest. */
  version?: number;
  /** The day on which the household is shown as it was known, `YYYY-MM-DD`. */
  known?: string;
}

const ID = /^[\w-]{1,64}$/;
const id = (raw: unknown) => (typeof raw === "string" && ID.test(raw) ? raw : undefined);

/** Which tab is open and whose panel stands beside it: ids only, never names. */
export function householdSearch(raw: Record<string, unknown>): HouseholdSearch {
  const tab = TABS.find((t) => t === raw.tab);
  const person = id(raw.person);
  const edit = id(raw.edit);
  const known = typeof raw.known === "string" && /^\d{4}-\d\d-\d\d$/.test(raw.known) ? raw.known : undefined;
  return {
    ...(known ? { known } : {}),
    ...(tab && tab !== "overview" ? { tab } : {}),
    ...(person ? { person } : {}),
    ...(edit && tab === "history" ? { edit } : {}),
    ...(tab === "brain" ? brainSearch(raw) : {}),
  };
}

/** A version belongs to the file that is named with it. */
function brainSearch(raw: Record<string, unknown>) {
  const file = id(raw.file);
  const version = Number(raw.version);
  if (!file) return {};
  return { file, ...(Number.isSafeInteger(version) && version > 0 ? { version } : {}) };
}
