/** One invented family with something of every kind. */
import type {
  Account,
  ContactPoint,
  Entity,
  Household,
  HouseholdRecord,
  Member,
  Note,
  OpenLoop,
  Task,
} from "@/api/types";
import { base, makeHousehold, newId } from "./seed";
import { NO_LOOP, NO_TASK } from "./standin-rows";

/** A row that belongs to an account; the stand-in never looks at which. */
const under = (household_id: string) => ({ ...base(), household_id, account_id: "" });

function contact(household_id: string, person_id: string | null, over: Partial<ContactPoint>): ContactPoint {
  return {
    ...base(),
    household_id,
    person_id,
    professional_id: null,
    entity_id: null,
    kind: "phone",
    label: "mobile",
    value: null,
    e164: null,
    extension: null,
    line1: null,
    line2: null,
    city: null,
    state: null,
    postal_code: null,
    country: null,
    is_primary: false,
    ...over,
  } as ContactPoint;
}

function member(
  household_id: string,
  first: string,
  last: string,
  role: Member["membership"]["role"],
  age: number,
  occupation: string,
  tail: string,
): Member {
  const person_id = newId();
  return {
    membership: { ...base(), household_id, person_id, role, joined_on: null, left_on: null },
    person: {
      ...base(),
      household_id,
      id: person_id,
      first_name: first,
      middle_name: null,
      last_name: last,
      suffix: null,
      preferred_name: null,
      native_name: null,
      birth_date: { masked: `•• ••• ${2026 - age}`, age },
      tax_id: role === "child" ? null : { masked: `••••${tail}`, age: null },
      employer: null,
      occupation,
      deceased: false,
      deceased_on: null,
    },
    contact_points: [
      contact(household_id, person_id, {
        value: `(704) 555-01${tail.slice(2)}`,
        e164: `+170455501${tail.slice(2)}`,
        is_primary: true,
      }),
      contact(household_id, person_id, {
        kind: "email",
        label: "home",
        value: `${first.toLowerCase()}@hearthmail.example`,
      }),
    ],
    other_households: [],
  };
}

function account(household_id: string, owner: Member, over: Partial<Account>): Account {
  return {
    ...base(),
    household_id,
    name: "Account",
    registration: "Joint brokerage",
    custodian: "Schwab",
    number: { masked: "••••4471", age: null },
    source: "linked",
    currency: "USD",
    opened_on: "2015-04-02",
    closed_on: null,
    balance: null,
    owners: [{ ...under(household_id), person_id: owner.person.id, entity_id: null, share_pct: "100.00" }],
    beneficiaries: [],
    ...over,
  };
}

const note = (household_id: string, body: string, occurred_at: string, pinned = false): Note => ({
  ...base(),
  household_id,
  body,
  author_id: "u-will",
  occurred_at,
  pinned,
  privacy: "team",
});
const task = (household_id: string, title: string, due_on: string | null, priority = 2): Task => ({
  ...base(),
  ...NO_TASK,
  household_id,
  title,
  due_on,
  done_at: null,
  priority,
  assignee_id: "u-will",
});
const loop = (
  household_id: string,
  text: string,
  direction: OpenLoop["direction"],
  opened_on: string,
  due_on: string | null,
): OpenLoop => ({
  ...base(),
  ...NO_LOOP,
  household_id,
  text,
  direction,
  status: "open",
  owner_id: "u-will",
  opened_on,
  due_on,
  closed_on: null,
});

function family(household: Household) {
  const id = household.id;
  const people = [
    member(id, "Eleanor", "Whitfield", "primary", 67, "retired surgeon", "4412"),
    member(id, "James", "Whitfield", "spouse", 69, "retired", "4413"),
    member(id, "Clara", "Whitfield", "child", 34, "architect", "4414"),
  ];
  const [eleanor, james, clara] = people as [Member, Member, Member];
  const trust: Entity = {
    ...base(),
    household_id: id,
    kind: "trust",
    name: "Whitfield Revocable Trust",
    tax_id: { masked: "••••9920", age: null },
    formed_on: "2021-06-14",
    roles: [
      {
        ...base(),
        household_id: id,
        entity_id: "",
        person_id: eleanor.person.id,
        name: null,
        role: "grantor",
        since: "2021-06-14",
        until: null,
      },
      {
        ...base(),
        household_id: id,
        entity_id: "",
        person_id: null,
        name: "Thomas Whitfield",
        role: "successor_trustee",
        since: null,
        until: null,
      },
    ],
  };
  const accounts = [
    account(id, eleanor, {
      name: "Family trust",
      registration: "Revocable trust",
      balance: { ...under(id), amount: "11204118.22", currency: "USD", as_of: "2026-11-20" },
    }),
    account(id, eleanor, {
      name: "Eleanor IRA",
      registration: "Traditional IRA",
      number: { masked: "••••0092", age: null },
      balance: { ...under(id), amount: "4118007.10", currency: "USD", as_of: "2026-11-20" },
      beneficiaries: [
        {
          ...under(id),
          person_id: james.person.id,
          entity_id: null,
          name: null,
          designation: "primary",
          share_pct: "100.00",
          per_stirpes: false,
        },
        {
          ...under(id),
          person_id: clara.person.id,
          entity_id: null,
          name: null,
          designation: "contingent",
          share_pct: "100.00",
          per_stirpes: true,
        },
      ],
    }),
    account(id, james, {
      name: "James 401(k)",
      registration: "401(k)",
      custodian: "Fidelity",
      source: "manual",
      number: null,
      balance: { ...under(id), amount: "640210.00", currency: "USD", as_of: "2026-06-30" },
    }),
  ];
  return { people, entities: [trust], accounts };
}

/** The household every test knows. */
export function whitfield(): HouseholdRecord {
  const household = makeHousehold("Whitfield Family", {
    tags: ["lake house", "philanthropy"],
    story:
      "Eleanor founded the practice James still jokes about.\n\nThey are closing on the **lake house** in March.",
  });
  const id = household.id;
  return {
    household,
    team: { id: "team-a", name: "Arden" },
    hints: [
      {
        kind: "no_trusted_contact",
        text: "No trusted contact is recorded",
        entity: "households",
        entity_id: id,
        person_id: null,
      },
    ],
    totals: {
      aum_usd: "15322125.32",
      held_away_usd: "640210.00",
      liabilities_usd: "412000.00",
      net_usd: "15550335.32",
      debts: [],
      parts: [],
      left_out: [],
      oldest_as_of: "2026-06-30",
    },
    ...family(household),
    professionals: [
      {
        ...base(),
        household_id: id,
        kind: "Attorney",
        name: "Ngozi Grantham",
        organization: "Grantham & Pell",
        email: "ngozi@granthampell.example",
        phone: "(704) 555-0199",
      },
    ],
    contact_points: [
      contact(id, null, {
        kind: "address",
        label: "home",
        line1: "118 Queens Road",
        city: "Charlotte",
        state: "NC",
        postal_code: "28207",
        is_primary: true,
      }),
    ],
    liabilities: [
      {
        ...base(),
        household_id: id,
        name: "Queens Road mortgage",
        kind: "mortgage",
        lender: "Cornerstone Bank",
        balance: "412000.00",
        currency: "USD",
        as_of: "2026-10-31",
        rate_pct: "3.125",
        matures_on: "2041-05-01",
      },
    ],
    insurance_policies: [
      {
        ...base(),
        household_id: id,
        kind: "Term life",
        carrier: "Northwestern",
        insured_person_id: null,
        coverage: "2000000.00",
        premium: "3100.00",
        premium_period: "year",
        currency: "USD",
        expires_on: "2031-04-01",
      },
    ],
    goals: [
      {
        ...base(),
        household_id: id,
        title: "Keep the lake house in the family",
        target_on: "2027-03-15",
        amount: "1100000.00",
        currency: "USD",
        status: "open",
        position: 0,
      },
      {
        ...base(),
        household_id: id,
        title: "Fund Clara’s studio",
        target_on: null,
        amount: "250000.00",
        currency: "USD",
        status: "reached",
        position: 1,
      },
    ],
    notes: [
      note(
        id,
        "**Annual review.** They want the lake house money out of the market until the closing.\n\n- Keep $1.1M in cash\n- Trustee change to Clara, see [the form](https://example.com/form)",
        "2026-11-12T15:00:00Z",
        true,
      ),
      note(id, "James called about the Q3 fee breakdown. Sent the same day.", "2026-10-30T14:20:00Z"),
      note(id, "Trust document received and filed.", "2026-10-21T10:05:00Z"),
    ],
    tasks: [
      task(id, "Send trustee change form to Clara", "2026-11-18", 1),
      task(id, "Ladder $1.1M in T-bills to March", "2026-12-02"),
      task(id, "Review 529 for Clara’s first year", "2027-01-15", 3),
    ],
    open_loops: [
      loop(id, "Which successor trustee do they want on file?", "client_owes", "2026-10-12", "2026-11-15"),
      loop(id, "Confirm closing date of the lake house with the attorney", "third_party", "2026-11-02", null),
      loop(id, "Fee schedule in writing", "we_owe", "2026-11-19", "2026-12-01"),
    ],
  };
}
