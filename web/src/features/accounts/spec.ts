import { personName } from "@/api/queries/names";
import type { HouseholdRecord } from "@/api/types";
import type { FactSpec } from "@/features/edits";
import { today } from "@/lib/dates";
import { ACCOUNT_SOURCES, DESIGNATIONS } from "@/lib/words";

export const accountSpec: FactSpec = {
  noun: "accounts",
  singular: "account",
  fields: () => [
    { name: "name", label: "Name", kind: "text", required: true },
    {
      name: "registration",
      label: "Registration",
      kind: "text",
      half: true,
      hint: "Such as Traditional IRA.",
    },
    { name: "custodian", label: "Custodian", kind: "text", half: true },
    { name: "number", label: "Account number", kind: "sealed", half: true },
    {
      name: "source",
      label: "Where it is held",
      kind: "select",
      options: ACCOUNT_SOURCES,
      required: true,
      half: true,
      initial: "manual",
    },
    { name: "opened_on", label: "Opened on", kind: "date", half: true },
    { name: "closed_on", label: "Closed on", kind: "date", half: true },
  ],
};

export const balanceSpec: FactSpec = {
  noun: "balances",
  singular: "balance",
  fields: () => [
    { name: "amount", label: "Amount (USD)", kind: "money", required: true, half: true },
    { name: "as_of", label: "As of", kind: "date", required: true, half: true, initial: today() },
  ],
};

const holders = (record: HouseholdRecord) => ({
  people: record.people.map((m) => [m.person.id, personName(m.person)] as const),
  entities: record.entities.map((e) => [e.id, e.name] as const),
});

export const ownerSpec: FactSpec = {
  noun: "account-owners",
  singular: "owner",
  fields: (record) => [
    {
      name: "person_id",
      label: "Person",
      kind: "select",
      options: holders(record).people,
      createOnly: true,
      half: true,
      when: (v) => !v.entity_id,
    },
    {
      name: "entity_id",
      label: "Entity",
      kind: "select",
      options: holders(record).entities,
      createOnly: true,
      half: true,
      when: (v) => !v.person_id,
    },
    { name: "share_pct", label: "Share (%)", kind: "percent", half: true },
  ],
};

export const beneficiarySpec: FactSpec = {
  noun: "beneficiaries",
  singular: "beneficiary",
  fields: (record) => [
    {
      name: "person_id",
      label: "Person",
      kind: "select",
      options: holders(record).people,
      createOnly: true,
      half: true,
      when: (v) => !v.entity_id && !v.name,
    },
    {
      name: "entity_id",
      label: "Entity",
      kind: "select",
      options: holders(record).entities,
      createOnly: true,
      half: true,
      when: (v) => !v.person_id && !v.name,
    },
    {
      name: "name",
      label: "Or by name",
      kind: "text",
      createOnly: true,
      when: (v) => !v.person_id && !v.entity_id,
    },
    {
      name: "designation",
      label: "Designation",
      kind: "select",
      options: DESIGNATIONS,
      required: true,
      half: true,
      initial: "primary",
    },
    { name: "share_pct", label: "Share (%)", kind: "percent", half: true },
    { name: "per_stirpes", label: "Passes down to their children (per stirpes)", kind: "checkbox" },
  ],
};
