import { personName } from "@/api/queries/names";
import type { FactSpec } from "@/features/edits";
import { PREMIUM_PERIODS } from "@/lib/words";

export const insuranceSpec: FactSpec = {
  noun: "insurance-policies",
  singular: "insurance policy",
  fields: (record) => [
    {
      name: "kind",
      label: "Kind",
      kind: "text",
      required: true,
      half: true,
      hint: "Such as term life or umbrella.",
    },
    { name: "carrier", label: "Carrier", kind: "text", half: true },
    {
      name: "insured_person_id",
      label: "Insured",
      kind: "select",
      half: true,
      options: record.people.map((m) => [m.person.id, personName(m.person)] as const),
    },
    { name: "expires_on", label: "Expires on", kind: "date", half: true },
    { name: "coverage", label: "Coverage (USD)", kind: "money" },
    { name: "premium", label: "Premium (USD)", kind: "money", half: true },
    { name: "premium_period", label: "Paid", kind: "select", options: PREMIUM_PERIODS, half: true },
  ],
};
