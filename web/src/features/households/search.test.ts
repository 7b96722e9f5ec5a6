import { expect, test } from "vitest";
import { dayBefore, endOfDay } from "@/lib/dates";
import { householdSearch } from "./record-search";
import { householdsAddress, householdsSearch } from "./search";

test("chips and order come from the address, nothing else does", () => {
  expect(householdsSearch({ type: "client", tier: "A", team: "t", sort: "-aum", q: "whitfield" })).toEqual({
    type: "client",
    tier: "A",
    team: "t",
    sort: "-aum",
  });
  expect(householdsSearch({ type: "spy", sort: "x", tier: {}, cols: "ssn" })).toEqual({});
  expect(householdsSearch({ tier: 1, cols: "touch,aum,touch,x" })).toEqual({ tier: "1", cols: "touch,aum" });
});
test("the list's address may name the household whose panel is open, by its id", () => {
  const id = "01900000-0000-7000-8000-000000000000";
  expect(householdsAddress({ sort: "-aum", open: id, q: "whitfield" })).toEqual({ sort: "-aum", open: id });
  expect(householdsAddress({ open: "Whitfield Family" })).toEqual({});
  // A saved view is a way to look at the list, whoever is open in it.
  expect(householdsSearch({ sort: "-aum", open: id })).toEqual({ sort: "-aum" });
});
test("a record's address names a known tab and an id, or neither", () => {
  expect(householdSearch({ tab: "history", person: "0193-ab" })).toEqual({
    tab: "history",
    person: "0193-ab",
  });
  expect(householdSearch({ tab: "overview", person: "<x>" })).toEqual({});
});

test("BR-8 a brain file and its version come from the address, on the tab that shows them", () => {
  const address = { tab: "brain", file: "0193-ab", version: 3 };
  expect(householdSearch(address)).toEqual(address);
  expect(householdSearch({ ...address, tab: "notes" })).toEqual({ tab: "notes" });
  expect(householdSearch({ ...address, version: -1 })).toEqual({ tab: "brain", file: "0193-ab" });
  expect(householdSearch({ tab: "brain", file: "../x", version: 2 })).toEqual({ tab: "brain" });
});

test("HH-2 the day that the past is shown of comes from the address, and is asked for up to its end", () => {
  expect(householdSearch({ known: "2026-03-14" })).toEqual({ known: "2026-03-14" });
  expect(householdSearch({ known: "2026-03-14T09:26:53.589Z" })).toEqual({
    known: "2026-03-14T09:26:53.589Z",
  });
  expect(householdSearch({ known: "yesterday" })).toEqual({});
  expect(new Date(endOfDay("2026-03-14")).getTime()).toBe(new Date(2026, 2, 14, 23, 59, 59, 999).getTime());
  expect(dayBefore("2026-03-01")).toBe("2026-02-28");
});
