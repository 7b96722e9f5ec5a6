import { personName } from "@/api/queries/names";
import type { FactSpec } from "@/features/edits";
import { ENTITY_KINDS, ENTITY_ROLES } from "@/lib/words";

export const entitySpec: FactSpec = {
  noun: "entities",
  singular: "entity",
  fields: () => [
    { name: "name", label: "Legal name", kind: "text", required: true },
    {
      name: "kind",
      label: "Kind",
      kind: "select",
      options: ENTITY_KINDS,
      required: true,
      half: true,
      initial: "trust",
    },
    { name: "formed_on", label: "Formed on", kind: "date", half: true },
    { name: "tax_id", label: "Tax id", kind: "sealed", half: true, hint: "Nine digits, such as 00-0000000." },
  ],
};

/** A role is held by a member of the household, or by someone known only by name. */
export const entityRoleSpec: FactSpec = {
  noun: "entity-roles",
  singular: "role",
  fields: (record) => [
    {
      name: "role",
      label: "Role",
      kind: "select",
      options: ENTITY_ROLES,
      required: true,
      initial: "trustee",
    },
    {
      name: "person_id",
      label: "Held by",
      kind: "select",
      createOnly: true,
      half: true,
      options: record.people.map((m) => [m.person.id, personName(m.person)] as const),
      hint: "Leave empty for somebody who is not in the household.",
    },
    {
      name: "name",
      label: "Or by name",
      kind: "text",
      half: true,
      createOnly: true,
      when: (v) => !v.person_id,
    },
    { name: "since", label: "Since", kind: "date", half: true },
    { name: "until", label: "Until", kind: "date", half: true },
  ],
};
