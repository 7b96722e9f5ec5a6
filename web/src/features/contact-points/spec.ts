import type { FactSpec } from "@/features/edits";
import type { FormField, Values } from "@/lib/fields";
import { CONTACT_KINDS } from "@/lib/words";

const isAddress = (v: Values) => v.kind === "address";
const reach = (v: Values) => v.kind !== "address";
const address = (name: string, label: string, half = true): FormField => ({
  name,
  label,
  kind: "text",
  half,
  when: isAddress,
});

/** The kind is chosen once; a row that is changed says its kind through `kind`, which is then not sent. */
export const contactPointSpec: FactSpec = {
  noun: "contact-points",
  singular: "contact detail",
  fields: () => [
    {
      name: "kind",
      label: "Kind",
      kind: "select",
      options: CONTACT_KINDS,
      required: true,
      half: true,
      initial: "phone",
      fixed: true,
    },
    { name: "label", label: "Label", kind: "text", half: true, hint: "Such as mobile, home or work." },
    { name: "value", label: "Number or address", kind: "text", when: reach },
    address("line1", "Street", false),
    address("line2", "Street, second line", false),
    address("city", "City"),
    address("state", "State"),
    address("postal_code", "Postal code"),
    address("country", "Country"),
    { name: "is_primary", label: "The one to use first", kind: "checkbox" },
  ],
};
