import { idOf, only } from "@/lib/address";

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
  /** The day on which the household is shown as it was known, `YYYY-MM-DD`; or the moment. */
  known?: string;
}

const MOMENT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d\.\d{3}Z)?$/;

/** Which tab is open and whose panel stands beside it: ids only, never names. */
export function householdSearch(raw: Record<string, unknown>): HouseholdSearch {
  const tab = TABS.find((t) => t === raw.tab);
  const known = typeof raw.known === "string" && MOMENT.test(raw.known) ? raw.known : undefined;
  const file = tab === "brain" ? idOf(raw.file) : undefined;
  return only(raw, {
    known,
    tab: tab === "overview" ? undefined : tab,
    person: idOf(raw.person),
    edit: tab === "history" ? idOf(raw.edit) : undefined,
    file,
    // A version belongs to the file that is named with it.
    version: file ? versionOf(raw.version) : undefined,
  });
}

function versionOf(raw: unknown) {
  const version = Number(raw);
  return Number.isSafeInteger(version) && version > 0 ? version : undefined;
}
