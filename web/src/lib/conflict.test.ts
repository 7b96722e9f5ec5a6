import { expect, test } from "vitest";
import { Problem } from "@/api/problem";
import { keepMine, takeTheirs } from "./conflict";

const conflict = (field: string) => ({
  field,
  yours: "A",
  theirs: "C",
  changed_by: "Matt Ferro",
  changed_at: "2026-11-22T10:00:00Z",
  edit_id: "e1",
});
const problem = new Problem(409, { code: "conflict", conflicts: [conflict("tier")], current_version: 9 });

test("keeping mine sends every field again on the current version", () => {
  expect(keepMine({ tier: "A", stage: "won" }, problem)).toEqual({
    version: 9,
    fields: { tier: "A", stage: "won" },
  });
});
test("taking theirs sends only the fields that did not conflict", () => {
  expect(takeTheirs({ tier: "A", stage: "won" }, problem)).toEqual({ version: 9, fields: { stage: "won" } });
});
test("taking theirs sends nothing where nothing else was changed", () => {
  expect(takeTheirs({ tier: "A" }, problem)).toBeNull();
});
test("without a current version nothing is sent again", () => {
  expect(keepMine({ tier: "A" }, new Problem(409, {}))).toBeNull();
});
test("only a 409 that names its fields is a conflict to choose in", () => {
  expect(problem.isConflict).toBe(true);
  expect(new Problem(409, { detail: "already used" }).isConflict).toBe(false);
  expect(new Problem(422, { errors: [{ pointer: "/name", message: "is needed" }] }).fieldErrors).toEqual({
    name: "is needed",
  });
});
