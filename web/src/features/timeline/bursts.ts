/** Reads the edit stream as a story: what happened, with the many small edits of one sitting told as one line. */
import type { Edit } from "@/api/types";

export const BURST_MS = 2 * 60_000;

export interface Burst {
  id: string;
  edits: Edit[];
  /** When the newest of them happened. */
  at: string;
}

const actor = (edit: Edit) => `${edit.user_id}|${edit.source}|${edit.import_id ?? ""}`;

/**
 * Groups edits, newest first, that one person made in one way with never more than two minutes between one and the next.
 * Notes stand alone: each is worth reading by itself.
 */
export function groupBursts(edits: readonly Edit[]): Burst[] {
  const bursts: Burst[] = [];
  for (const edit of edits) {
    const open = bursts.at(-1);
    const previous = open?.edits.at(-1);
    if (open && previous && joins(previous, edit)) open.edits.push(edit);
    else bursts.push({ id: edit.id, edits: [edit], at: edit.at });
  }
  return bursts;
}

function joins(newer: Edit, older: Edit) {
  if (standsAlone(newer) || standsAlone(older)) return false;
  // What was given a reason is told with it, apart from what was done before and after.
  if (newer.reason !== older.reason) return false;
  return actor(newer) === actor(older) && Date.parse(newer.at) - Date.parse(older.at) <= BURST_MS;
}
const standsAlone = (edit: Edit) =>
  edit.entity === "notes" && edit.op === "create" && edit.source !== "import";

export const KINDS = {
  note: "Notes",
  task: "Tasks",
  loop: "Open loops",
  account: "Accounts",
  person: "People",
  change: "Other changes",
} as const;
export type Kind = keyof typeof KINDS;

const KIND_OF: Record<string, Kind> = {
  notes: "note",
  tasks: "task",
  open_loops: "loop",
  accounts: "account",
  account_owners: "account",
  beneficiaries: "account",
  balances: "account",
  people: "person",
  memberships: "person",
  contact_points: "person",
};
export const kindOf = (edit: Edit): Kind => KIND_OF[edit.entity] ?? "change";
