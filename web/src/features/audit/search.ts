import type { AuditFilter } from "@/api/queries/audit";
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
  ["changes", "Changes", "edit.create,edit.change,edit.hide,edit.restore"],
  ["removals", "Removals", "edit.hide"],
  ["reveals", "Reveals of sealed values", "value.revealed"],
  ["exports", "Exports", "households.exported,audit.exported"],
  ["sign-ins", "Sign-ins", "session.opened,session.revoked"],
  ["imports", "Imports", "import.committed,import.reverted"],
  [
    "retention",
    "Retention, holds and erasures",
    "retention.proposed,retention.approved,hold.placed,hold.released,erasure.requested,erasure.declined,household.erased",
  ],
  ["access", "Roles, identities and keys", "role.changed,identity.linked,api_key.created,audit.key_created"],
] as const;
export type What = (typeof WHATS)[number][0];

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const matching = (pattern: RegExp, value: unknown) =>
  typeof value === "string" && pattern.test(value) ? value : undefined;
const isDay = (day: string | undefined) =>
  day && !Number.isNaN(Date.parse(`${day}T00:00:00Z`)) ? day : undefined;

export function auditSearch(raw: Record<string, unknown>): AuditSearch {
  const who = matching(ID, raw.who);
  const household = matching(ID, raw.household);
  const what = WHATS.find(([id]) => id === raw.what)?.[0];
  const from = isDay(matching(DAY, raw.from));
  const to = isDay(matching(DAY, raw.to));
  const tab = raw.tab === "retention" ? raw.tab : undefined;
  return only(raw, { tab, who, what, household, from, to });
}

/** Whether anything but the tab is said. */
export const isFiltered = ({ tab: _tab, ...filters }: AuditSearch) =>
  Object.values(filters).some((value) => value !== undefined);

/** The days of the filter are those of the log, which are UTC; `to` is among them. */
export function auditFilter(search: AuditSearch): AuditFilter {
  const after = search.to && new Date(Date.parse(`${search.to}T00:00:00Z`) + 86_400_000).toISOString();
  return {
    ...(search.who ? { user_id: search.who } : {}),
    ...(search.what ? { kinds: WHATS.find(([id]) => id === search.what)?.[2] } : {}),
    ...(search.household ? { household_id: search.household } : {}),
    ...(search.from ? { from: `${search.from}T00:00:00Z` } : {}),
    ...(after ? { to: after } : {}),
  };
}
