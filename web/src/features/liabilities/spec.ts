import type { FactSpec } from "@/features/edits";

export const liabilitySpec: FactSpec = {
  noun: "liabilities",
  singular: "liability",
  fields: () => [
    { name: "name", label: "Name", kind: "text", required: true },
    { name: "kind", label: "Kind", kind: "text", half: true, hint: "Such as mortgage or credit line." },
    { name: "lender", label: "Lender", kind: "text", half: true },
    { name: "balance", label: "Balance (USD)", kind: "money", half: true },
    { name: "as_of", label: "As of", kind: "date", half: true },
    { name: "rate_pct", label: "Rate (%)", kind: "percent", half: true },
    { name: "matures_on", label: "Matures on", kind: "date", half: true },
  ],
};
