import { expect, test } from "vitest";
import { sameLook } from "./match";

test("HL a view is recognised whatever the order of its parts, and what is empty is not there", () => {
  expect(sameLook({ type: "client", tier: "A" }, { tier: "A", type: "client", team: undefined })).toBe(true);
  expect(sameLook({ type: "client" }, { type: "client", sort: "-aum" })).toBe(false);
  expect(sameLook({}, { type: "" })).toBe(true);
  const condition = { field: "tier", op: "is", value: "A" };
  const stored = { op: "is", field: "tier", value: "A" };
  expect(sameLook({ filter: { all: [condition] } }, { filter: { all: [stored] } })).toBe(true);
  expect(sameLook({ filter: { all: [condition] } }, { filter: { any: [stored] } })).toBe(false);
});
