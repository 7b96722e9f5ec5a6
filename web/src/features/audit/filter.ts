/** What the address of the page asks of the log. Apart from reading the address, which every page loads. */
import type { AuditFilter } from "@/api/queries/audit";
import type { AuditSearch, What } from "./search";

/** What can be asked for: its name, and the kinds of leaves that it stands for. */
export const KINDS: Record<What, { name: string; kinds: string }> = {
  changes: {
    name: "Changes",
    kinds: "edit.create,edit.change,edit.hide,edit.restore,brain.written,brain.removed",
  },
  removals: { name: "Removals", kinds: "edit.hide,brain.removed" },
  reveals: { name: "Reveals of sealed values", kinds: "value.revealed" },
  exports: { name: "Exports", kinds: "households.exported,audit.exported" },
  "sign-ins": { name: "Sign-ins", kinds: "session.opened,session.revoked" },
  imports: { name: "Imports", kinds: "import.committed,import.reverted" },
  retention: {
    name: "Retention, holds and erasures",
    kinds:
      "retention.proposed,retention.approved,hold.placed,hold.released,erasure.requested,erasure.declined,household.erased",
  },
  access: {
    name: "Roles, identities and keys",
    kinds: "role.changed,identity.linked,api_key.created,audit.key_created,key.created,key.rewrapped",
  },
};

/** Whether anything but the tab is said. */
export const isFiltered = ({ tab: _tab, ...filters }: AuditSearch) =>
  Object.values(filters).some((value) => value !== undefined);

/** The days of the filter are those of the log, which are UTC; `to` is among them. */
export function auditFilter(search: AuditSearch): AuditFilter {
  const after = search.to && new Date(Date.parse(`${search.to}T00:00:00Z`) + 86_400_000).toISOString();
  return {
    ...(search.who ? { user_id: search.who } : {}),
    ...(search.what ? { kinds: KINDS[search.what].kinds } : {}),
    ...(search.household ? { household_id: search.household } : {}),
    ...(search.from ? { from: `${search.from}T00:00:00Z` } : {}),
    ...(after ? { to: after } : {}),
  };
}
