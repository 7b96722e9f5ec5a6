import type { FactSpec } from "@/features/edits";
import type { FormField } from "@/lib/fields";
import { MEMBER_ROLES } from "@/lib/words";

export const PERSON_FIELDS = {
  first_name: { name: "first_name", label: "First name", kind: "text", half: true },
  middle_name: { name: "middle_name", label: "Middle name", kind: "text", half: true },
  last_name: { name: "last_name", label: "Last name", kind: "text", half: true },
  suffix: { name: "suffix", label: "Suffix", kind: "text", half: true },
  preferred_name: { name: "preferred_name", label: "Preferred name", kind: "text", half: true },
  native_name: { name: "native_name", label: "Name in own script", kind: "text", half: true },
  birth_date: { name: "birth_date", label: "Birth date", kind: "sealed", sealedDate: true, half: true },
  tax_id: {
    name: "tax_id",
    label: "Tax id",
    kind: "sealed",
    half: true,
    hint: "Nine digits, such as 000-00-0000.",
  },
  employer: { name: "employer", label: "Employer", kind: "text", half: true },
  occupation: { name: "occupation", label: "Occupation", kind: "text", half: true },
  deceased_on: { name: "deceased_on", label: "Died on", kind: "date", half: true },
} as const satisfies Record<string, FormField>;

export const MEMBERSHIP_FIELDS = {
  role: {
    name: "role",
    label: "Role in the household",
    kind: "select",
    options: MEMBER_ROLES,
    required: true,
    half: true,
    initial: "other",
  },
  joined_on: { name: "joined_on", label: "Joined on", kind: "date", half: true },
  left_on: { name: "left_on", label: "Left on", kind: "date", half: true },
} as const satisfies Record<string, FormField>;

/** Adding a person adds the membership with them. */
export const personSpec: FactSpec = {
  noun: "people",
  singular: "person",
  fields: () => {
    const { first_name, last_name, preferred_name, birth_date, employer, occupation } = PERSON_FIELDS;
    return [
      first_name,
      last_name,
      preferred_name,
      MEMBERSHIP_FIELDS.role,
      birth_date,
      MEMBERSHIP_FIELDS.joined_on,
      employer,
      occupation,
    ];
  },
};
export const membershipSpec: FactSpec = {
  noun: "memberships",
  singular: "membership",
  fields: () => Object.values(MEMBERSHIP_FIELDS),
};
