/** Where the stand-in keeps the rows of each noun inside a record. */
import type { HouseholdRecord } from "@/api/types";
import { base, newId } from "./seed";

export type Doc = Record<string, unknown>;
export const ROW_LISTS = [
  "entities",
  "professionals",
  "contact_points",
  "accounts",
  "liabilities",
  "insurance_policies",
  "goals",
  "notes",
  "tasks",
  "open_loops",
] as const;

/** What most tasks and loops do not have. */
export const NO_TASK = {
  status: "todo" as const,
  due_time: null,
  snoozed_until: null,
  repeats: null,
  repeats_on: null,
  follows_id: null,
  outcome: null,
  remind_at: null,
  remind_again_at: null,
  needs_evidence: false,
  evidence_kind: null,
  evidence_id: null,
  evidence_quote: null,
  source_kind: null,
  source_id: null,
};
export const NO_LOOP = {
  ask_on: null,
  dropped_reason: null,
  evidence_kind: null,
  evidence_id: null,
  evidence_quote: null,
  merged_into_id: null,
};

const DEFAULTS: Record<string, Doc> = {
  tasks: { ...NO_TASK, due_on: null, done_at: null, priority: 2, assignee_id: null },
  open_loops: {
    ...NO_LOOP,
    status: "open",
    due_on: null,
    owner_id: null,
    closed_on: null,
    opened_on: "2026-11-22",
  },
  notes: { author_id: "u-will", occurred_at: "2026-11-22T22:00:00Z", pinned: false, privacy: "team" },
  accounts: { owners: [], beneficiaries: [], balance: null, currency: "USD", number: null },
  entities: { roles: [], tax_id: null, formed_on: null },
  goals: { amount: null, target_on: null, currency: "USD", position: 9 },
};

/** Any live row of a record, found by its id wherever it is. */
export function findRow(node: unknown, id: string): Doc | null {
  if (typeof node !== "object" || node === null) return null;
  if (!Array.isArray(node) && (node as Doc).id === id) return node as Doc;
  for (const value of Object.values(node)) {
    const found = findRow(value, id);
    if (found) return found;
  }
  return null;
}

/** Puts a new row where the record keeps its kind. */
export function createdRow(record: HouseholdRecord, noun: string, body: Doc): Doc | null {
  const household_id = record.household.id;
  const table = noun.replaceAll("-", "_");
  if (table === "people") {
    const person = { ...base(), ...body, birth_date: null, tax_id: null };
    const membership = {
      ...base(),
      household_id,
      person_id: person.id,
      role: body.role ?? "other",
      joined_on: null,
      left_on: null,
    };
    const member = { membership, person, contact_points: [], other_households: [] };
    record.people.push(member as never);
    return member;
  }
  if (table === "balances") {
    const account = record.accounts.find((a) => a.id === body.account_id);
    if (account)
      account.balance = {
        ...base(),
        household_id,
        account_id: account.id,
        amount: String(body.amount),
        currency: "USD",
        as_of: String(body.as_of),
      };
    return account ? { ...base(), id: newId(), ...body } : null;
  }
  const list = (record as unknown as Record<string, Doc[]>)[table];
  if (!list) return null;
  const row = { ...base(), household_id, ...DEFAULTS[table], ...body };
  if (table === "contact_points" && body.person_id)
    record.people.find((m) => m.person.id === body.person_id)?.contact_points.push(row as never);
  else list.unshift(row);
  return row;
}

/** A record without the rows that were removed. */
export function visible(record: HouseholdRecord): HouseholdRecord {
  const live = (row: object) => !("deleted_at" in row && row.deleted_at);
  const lists = Object.fromEntries(ROW_LISTS.map((name) => [name, (record[name] as object[]).filter(live)]));
  const people = record.people.filter((m) => live(m.membership) && live(m.person));
  return {
    ...record,
    ...lists,
    people: people.map((m) => ({ ...m, contact_points: m.contact_points.filter(live) })),
  };
}

/** A household that nothing is known about yet. */
export function emptyRecord(household: HouseholdRecord["household"]): HouseholdRecord {
  const lists = Object.fromEntries([...ROW_LISTS, "people"].map((name) => [name, []]));
  return {
    household,
    team: { id: household.team_id, name: household.team_id === "team-b" ? "Ferro" : "Arden" },
    totals: {
      aum_usd: "0.00",
      held_away_usd: "0.00",
      liabilities_usd: "0.00",
      net_usd: "0.00",
      debts: [],
      parts: [],
      left_out: [],
      oldest_as_of: null,
    },
    hints: [],
    ...lists,
  } as unknown as HouseholdRecord;
}

/** What adds up to the totals, with something left out. */
export function totalsOf(record: HouseholdRecord) {
  const parts = record.accounts.flatMap((a) =>
    a.balance
      ? [
          {
            account_id: a.id,
            name: a.name,
            registration: a.registration,
            custodian: a.custodian,
            amount: a.balance.amount,
            currency: a.balance.currency,
            as_of: a.balance.as_of,
            counted_in: a.source === "linked" ? "aum" : "held_away",
          },
        ]
      : [],
  );
  return {
    aum_usd: record.totals.aum_usd,
    held_away_usd: record.totals.held_away_usd,
    liabilities_usd: record.totals.liabilities_usd,
    net_usd: record.totals.net_usd,
    debts: record.totals.debts,
    oldest_as_of: record.totals.oldest_as_of,
    parts,
    left_out: [
      {
        account_id: newId(),
        name: "Geneva custody",
        amount: "410000.00",
        currency: "CHF",
        reason: "not in US dollars",
      },
    ],
  };
}
