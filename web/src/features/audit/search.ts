import { only } from "@/lib/address";

/** What the filters say, as it stands in the address: ids, words and days, never a name. */
export interface AuditSearch {
  /** The log, unless said otherwise. */
  tab?: "retention";
  who?: string;
  what?: What;
  household?: string;
  from?: string;
  to?: string;
}

export const WHATS = [
  "changes",
  "removals",
  "reveals",
  "exports",
  "sign-ins",
  "imports",
  "retention",
  "access",
] as const;
export type What = (typeof WHATS)[number];

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const matching = (pattern: RegExp, value: unknown) =>
  typeof value === "string" && pattern.test(value) ? value : undefined;
const isDay = (day: string | undefined) =>
  day && !Number.isNaN(Date.parse(`${day}T00:00:00Z`)) ? day : undefined;

export function auditSearch(raw: Record<string, unknown>): AuditSearch {
  const who = matching(ID, raw.who);
  const household = matching(ID, raw.household);
  const what = WHATS.find((id) => id === raw.what);
  const from = isDay(matching(DAY, raw.from));
  const to = isDay(matching(DAY, raw.to));
  const tab = raw.tab === "retention" ? raw.tab : undefined;
  return only(raw, { tab, who, what, household, from, to });
}
