import { expect, test } from "vitest";
import type { AuditEntry } from "@/api/queries/audit";
import { auditFilter } from "./filter";
import { auditSearch } from "./search";
import { says, touches } from "./words";

const entry = (over: Partial<AuditEntry>) =>
  ({
    kind: "edit.change",
    at: "2026-05-12T10:00:00Z",
    entity: "people",
    field: "last_name",
    ...over,
  }) as AuditEntry;

test("MO-5 an address holds ids, words and days, and nothing else", () => {
  const id = "01900000-0000-7000-8000-000000000000";
  expect(
    auditSearch({ who: id, what: "reveals", household: id, from: "2026-05-12", to: "2026-05-13" }),
  ).toEqual({
    who: id,
    what: "reveals",
    household: id,
    from: "2026-05-12",
    to: "2026-05-13",
  });
  expect(
    auditSearch({ who: "Will", what: "other", household: "x", from: "12 May", to: "2026-99-99" }),
  ).toEqual({});
});
test("MO-5 the last day of a filter is among its days", () => {
  expect(auditFilter({ from: "2026-02-28", to: "2026-02-28" })).toEqual({
    from: "2026-02-28T00:00:00Z",
    to: "2026-03-01T00:00:00.000Z",
  });
  expect(auditFilter({ what: "reveals" })).toEqual({ kinds: "value.revealed" });
});
test("MO-5 BR-8 brain files are among the changes and the removals", () => {
  expect(auditFilter({ what: "removals" })).toEqual({ kinds: "edit.hide,brain.removed" });
  expect(auditFilter({ what: "changes" }).kinds?.split(",")).toEqual(
    expect.arrayContaining(["edit.hide", "brain.written", "brain.removed"]),
  );
});
test("MO-5 BR-6 what is done with keys is found among them, and told", () => {
  expect(auditFilter({ what: "access" }).kinds?.split(",")).toEqual(
    expect.arrayContaining(["api_key.created", "audit.key_created", "key.created", "key.rewrapped"]),
  );
  expect(says(entry({ kind: "key.created", entity: "household_keys" }))).toBe("Made a key of the household");
});
test("MO-5 an entry is told in plain words, also one of a kind that is new", () => {
  expect(says(entry({}))).toBe("Changed last name of a person");
  expect(says(entry({ kind: "edit.hide", entity: "notes" }))).toBe("Removed a note");
  expect(says(entry({ kind: "value.revealed", field: "tax_id" }))).toBe("Looked at the tax id of a person");
  expect(says(entry({ kind: "tier.renamed", entity: null }))).toBe("Tier renamed");
});
test("MO-5 who touched a household is counted by person", () => {
  const seen = [
    entry({ user_name: "Will", at: "2026-05-12T12:00:00Z" }),
    entry({ user_name: "Matt", at: "2026-05-12T11:00:00Z", kind: "value.revealed" }),
    entry({ user_name: "Will", at: "2026-05-12T10:00:00Z" }),
    entry({ user_name: null }),
  ];
  expect(touches(seen)).toEqual([
    { user: "Will", entries: 2, reveals: 0, last: "2026-05-12T12:00:00Z" },
    { user: "Matt", entries: 1, reveals: 1, last: "2026-05-12T11:00:00Z" },
    { user: "The product itself", entries: 1, reveals: 0, last: "2026-05-12T10:00:00Z" },
  ]);
});
