import { expect, test } from "vitest";
import { type FormField, initialValues, splitTags, toBody, toStored } from "./fields";

const FIELDS: FormField[] = [
  { name: "name", label: "Name", kind: "text", required: true },
  { name: "tags", label: "Tags", kind: "tags" },
  { name: "months", label: "Months", kind: "number" },
  { name: "amount", label: "Amount", kind: "money" },
  { name: "priority", label: "Priority", kind: "select", numeric: true, initial: "2" },
  { name: "tax_id", label: "Tax id", kind: "sealed" },
  { name: "pinned", label: "Pinned", kind: "checkbox" },
];

test("a create sends what was filled in and leaves the rest out", () => {
  const values = { ...initialValues(FIELDS), name: " Novak ", amount: "$1,200.50" };
  expect(toBody(FIELDS, values)).toEqual({ name: "Novak", amount: "1200.50", priority: 2 });
});
test("a change sends only what differs, and null for what was cleared", () => {
  const start = initialValues(FIELDS, {
    name: "Novak",
    tags: ["a"],
    months: 6,
    amount: null,
    priority: 2,
    pinned: true,
  });
  const values = { ...start, months: "", tags: "a, b", pinned: false };
  expect(toBody(FIELDS, values, start)).toEqual({ months: null, tags: ["a", "b"], pinned: false });
});
test("a sealed value that is left empty is left alone", () => {
  const start = initialValues(FIELDS, { tax_id: { masked: "••••4412" } });
  expect(start.tax_id).toBe("");
  expect(toBody(FIELDS, start, start)).toEqual({});
  expect(toBody(FIELDS, { ...start, tax_id: "123-45-6789" }, start)).toEqual({ tax_id: "123-45-6789" });
});
test("a change that would store what is stored already is none", () => {
  const start = initialValues(FIELDS, { name: "Novak", tags: ["a", "b"], amount: "1200.50", pinned: false });
  const values = { ...start, name: " Novak ", tags: "a,b,", amount: "$1,200.50", tax_id: " " };
  expect(toBody(FIELDS, values, start)).toEqual({});
});
test("tags are trimmed and kept once", () => {
  expect(splitTags(" lake house, golf ,, golf")).toEqual(["lake house", "golf"]);
});
test("money keeps its digits as text", () => {
  const field: FormField = { name: "a", label: "A", kind: "money" };
  expect(toStored(field, "9,007,199,254,740,993.25")).toBe("9007199254740993.25");
  expect(toStored(field, "−5")).toBe("-5");
});
test("a field that does not apply is not sent", () => {
  const fields: FormField[] = [
    { name: "kind", label: "Kind", kind: "select" },
    { name: "city", label: "City", kind: "text", when: (v) => v.kind === "address" },
  ];
  expect(toBody(fields, { kind: "phone", city: "Charlotte" })).toEqual({ kind: "phone" });
});
