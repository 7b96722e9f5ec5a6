import type { FactSpec } from "@/features/edits";

export const professionalSpec: FactSpec = {
  noun: "professionals",
  singular: "professional",
  fields: () => [
    { name: "name", label: "Name", kind: "text", required: true, half: true },
    {
      name: "kind",
      label: "What they do",
      kind: "text",
      required: true,
      half: true,
      hint: "Such as attorney or CPA.",
    },
    { name: "organization", label: "Organization", kind: "text" },
    { name: "email", label: "Email", kind: "email", half: true },
    { name: "phone", label: "Phone", kind: "tel", half: true },
  ],
};
