import { expect, test } from "vitest";
import { householdSearch } from "./record-search";
import { householdsSearch } from "./search";

test("chips and order come from the address, nothing else does", () => {
  expect(householdsSearch({ type: "client", tier: "A", team: "t", sort: "-aum", q: "whitfield" })).toEqual({
    type: "client",
    tier: "A",
    team: "t",
    sort: "-aum",
  });
  expect(householdsSearch({ type: "spy", sort: "x", tier: 7 })).toEqual({});
});
test("a record's address names a known tab and an id, or neither", () => {
  expect(householdSearch({ tab: "history", person: "0193-ab" })).toEqual({
    tab: "history",
    person: "0193-ab",
  });
  expect(householdSearch({ tab: "overview", person: "<x>" })).toEqual({});
});
