import { expect, test } from "vitest";
import { agreement, objections, readProvenance } from "./provenance";

const said = (over: object = {}) => ({
  path: "advisor_will/clients/fennimore/profile.md",
  source_sha256: "5d1b",
  flags: [],
  manifest_at: "2026-06-12T06:00:00Z",
  log: [{ at: "2025-04-08T06:44:00Z", who: "will", sha256: "2ae4", bytes: -3 }],
  ...over,
});
const read = (over?: object) => {
  const provenance = readProvenance(said(over));
  if (!provenance) throw new Error("no provenance");
  return provenance;
};

test("BR-8 an imported text says which file it was, and that the manifest agrees", () => {
  expect(read()).toEqual({
    path: "advisor_will/clients/fennimore/profile.md",
    flags: [],
    manifestAt: "2026-06-12T06:00:00Z",
    log: [{ at: "2025-04-08T06:44:00Z", who: "will", bytes: -3 }],
  });
  expect(agreement(read())).toBe("manifest of 12 Jun 2026 agrees");
  expect(objections(read())).toEqual([]);
});
test.each([
  ["not_in_manifest", "The manifest of 12 Jun 2026 does not name this file.", null],
  ["manifest_mismatch", "The manifest of 12 Jun 2026 names another text for this file.", null],
  [
    "log_mismatch",
    "The last line of the old log was written for another text.",
    "manifest of 12 Jun 2026 agrees",
  ],
  ["seal_broken", "The import noted: seal broken.", "manifest of 12 Jun 2026 agrees"],
])("BR-8 %s is told in plain words", (flag, words, agrees) => {
  const provenance = read({ flags: [flag] });
  expect(objections(provenance)).toEqual([words]);
  expect(agreement(provenance)).toBe(agrees);
});
test("BR-8 a manifest without its day is told without one", () => {
  expect(agreement(read({ manifest_at: "" }))).toBe("signed manifest agrees");
});
test("BR-8 what was written here has no provenance", () => {
  expect(readProvenance(null)).toBeNull();
  expect(readProvenance({})).toBeNull();
});
