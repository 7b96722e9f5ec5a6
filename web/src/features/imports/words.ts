/** What the screens of an import call what the server tells in words of its own. */
import { sentence } from "@/lib/words";

const SECTIONS: Record<string, string> = {
  households: "Households",
  patches: "Changes of the old log",
  accounts: "Accounts",
  notes: "Notes",
  tasks: "Tasks",
  open_loops: "Open loops",
  profiles: "Profiles",
  advisors: "People of the firm",
};
export const sectionName = (section: string) => SECTIONS[section] ?? sentence(section);

const ONE: Record<string, string> = {
  households: "Household",
  patches: "Change",
  accounts: "Account",
  notes: "Note",
  tasks: "Task",
  open_loops: "Open loop",
  profiles: "Profile",
};
export const oneOf = (section: string) => ONE[section] ?? sentence(section);

const REASONS: Record<string, string> = {
  household_unknown: "names a household that is not in this book",
  household_deleted: "changes a household that was removed before",
  unknown_field: "changes a field that the layout does not know",
  unknown_op: "asks for a kind of change that is not known",
  path_not_found: "changes a person or entry that is not there",
  invalid_value: "holds a value that cannot be read",
  old_mismatch: "expects another value than the one that is there",
  patch_id_conflict: "has the number of another change",
  id_conflict: "has the number of another row with other contents",
  empty: "is empty",
  malformed: "cannot be read at all",
  row_too_large: "is larger than 1 MiB",
  missing_id: "has neither id nor name",
  same_content: "is the same as an earlier row",
  first_row_wins: "differs from an earlier row of the same household, which counts",
  not_read: "holds a value that cannot be read; it is kept as text",
  correction_failed: "was corrected in a place that it does not have",
  left_out: "is left out, as decided",
  nobody_known: "stands for nobody of the firm",
  not_encrypted: "is not encrypted, so it is not read",
  decrypt_failed: "cannot be decrypted",
  key_missing: "cannot be decrypted: the key is missing",
  too_large: "is too large",
  not_utf8: "is no text",
  missing: "is not there",
  new: "New",
  hidden_by_the_source: "New, and hidden: the old book removed it",
  source_changed: "Changed in the source",
  changed_by_people: "changed by people since, so their value stays",
};
export const reasonText = (reason: string) => REASONS[reason] ?? sentence(reason).toLowerCase();

const FIELDS: Record<string, string> = {
  householdSlug: "Household (its short name or id in this book)",
  body: "Text",
  new: "New value",
  old: "Value it expects",
  path: "Field it changes",
  id: "Id",
  op: "Kind of change",
  due: "Due",
  dueAt: "Due",
  openedAt: "Opened",
  balance: "Balance",
  asOf: "As of",
  ts: "When",
  birthDate: "Birth date",
  nextReview: "Next review",
  clientSince: "Client since",
};
/** `members[p_1].phones[0].number` as `Number`; the whole path stands beside it. */
export function fieldName(path: string) {
  const last = path.split(".").at(-1) ?? path;
  return (
    FIELDS[path] ?? FIELDS[last] ?? sentence(last.replace(/\[.*\]/, "").replace(/([a-z])([A-Z])/g, "$1 $2"))
  );
}

const CHANGES: Record<string, string> = {
  "accounts.count": "Accounts",
  "accounts.linked_usd": "Assets with us",
  "accounts.held_away_usd": "Held away",
  "notes.count": "Notes",
  "tasks.count": "Tasks",
  "open_loops.count": "Open loops",
  "contact_points.address": "Address",
  "households.team": "Team",
};
export const changeName = (entity: string, field: string | null) =>
  CHANGES[`${entity}.${field}`] ?? (field ? sentence(field) : `${oneOf(entity)} added`);
