import type { AuditEntry } from "@/api/queries/audit";
import { lowerFirst, sentence } from "@/lib/words";

const NOUNS: Record<string, string> = {
  households: "the household",
  people: "a person",
  memberships: "a membership",
  entities: "an entity",
  entity_roles: "a role in an entity",
  professionals: "a professional",
  contact_points: "a way to reach somebody",
  accounts: "an account",
  account_owners: "an owner of an account",
  beneficiaries: "a beneficiary",
  balances: "a balance",
  liabilities: "a liability",
  insurance_policies: "an insurance policy",
  goals: "a goal",
  notes: "a note",
  tasks: "a task",
  open_loops: "an open loop",
};
const EVENTS: Record<string, string> = {
  "session.opened": "Signed in",
  "session.revoked": "Ended a session",
  "households.exported": "Exported the list of households",
  "audit.exported": "Took out this household's part of the log",
  "audit.key_created": "The log began: its key was made",
  "import.committed": "Imported data",
  "import.reverted": "Took an import back",
  "identity.linked": "Linked an identity",
  "role.changed": "Changed a role",
  "api_key.created": "Made an API key",
  "brain.written": "Wrote a brain file",
  "brain.removed": "Removed a brain file",
  "key.created": "Made a key of the household",
  "key.rewrapped": "Wrapped a household's key anew",
  "retention.proposed": "Proposed a retention class",
  "retention.approved": "Approved a retention class",
  "hold.placed": "Placed a legal hold",
  "hold.released": "Released a legal hold",
  "erasure.requested": "Asked for the household to be erased",
  "erasure.declined": "Declined an erasure",
  "household.erased": "Erased the household",
};

/** What an entry says, in plain words. */
export function says(entry: AuditEntry): string {
  const noun = NOUNS[entry.entity ?? ""] ?? lowerFirst(sentence(entry.entity ?? "something"));
  const field = entry.field ? lowerFirst(sentence(entry.field)) : "a value";
  switch (entry.kind) {
    case "edit.create":
      return `Added ${noun}`;
    case "edit.change":
      return `Changed ${field} of ${noun}`;
    case "edit.hide":
      return `Removed ${noun}`;
    case "edit.restore":
      return `Brought back ${noun}`;
    case "value.revealed":
      return `Looked at the ${field} of ${noun}`;
    default:
      return EVENTS[entry.kind] ?? sentence(entry.kind.replace(".", " "));
  }
}

const SOURCES: Record<string, string> = {
  import: "by an import",
  api: "through the API",
  undo: "as an undo",
  restore: "as a restore",
  sample: "from the sample book",
  system: "by the product",
};
export const how = (entry: AuditEntry) => SOURCES[entry.source ?? ""];

export interface Touch {
  user: string;
  entries: number;
  reveals: number;
  last: string;
}

/** Who touched what these entries are about, most recent first. Entries come newest first. */
export function touches(entries: readonly AuditEntry[]): Touch[] {
  const by = new Map<string, Touch>();
  for (const entry of entries) {
    const user = entry.user_name ?? "The product itself";
    const touch = by.get(user) ?? { user, entries: 0, reveals: 0, last: entry.at };
    by.set(user, {
      ...touch,
      entries: touch.entries + 1,
      reveals: touch.reveals + (entry.kind === "value.revealed" ? 1 : 0),
    });
  }
  return [...by.values()];
}
