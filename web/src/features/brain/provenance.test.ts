import { expect, test } from "vitest";
import { agreement, objections, readProvenance } from "./provenance";

const said = (over: object = {}) => ({
  path: "advisor_will/clients/fennimore/profile.md",
  source_sha256: "5d1b",
  flags: [],
  manifest_at: "2026-06-12T06:00:00Z",
  manifest_fault: null,
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
    manifestFault: null,
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
  expect(agreement(read({ manifest_at: "" }))).toBe("manifest agrees");
});
test.each([
  ["missing", "There was no manifest beside this file: nobody vouches for its text."],
  [
    "bad_signature",
    "The signature of the manifest beside this file is not its advisor's: nobody vouches for its text.",
  ],
  ["bad_root", "The manifest beside this file is damaged: nobody vouches for its text."],
])("BR-8 a manifest that is wrong (%s) agrees with nothing", (fault, words) => {
  const provenance = read({ manifest_fault: fault, manifest_at: "" });
  expect(agreement(provenance)).toBeNull();
  expect(objections(provenance)).toEqual([words]);
});
test("BR-8 an import that noted nothing of its manifest claims nothing of it", () => {
  const provenance = read({ manifest_fault: undefined });
  expect(agreement(provenance)).toBeNull();
  expect(objections(provenance)).toEqual([]);
});
test("BR-8 an imported text says when its file was last changed", () => {
  expect(read({ modified_at: "2025-05-02T22:15:00Z" }).modifiedAt).toBe("2025-05-02T22:15:00Z");
  expect(read()).not.toHaveProperty("modifiedAt");
});
test("BR-8 what was written here has no provenance", () => {
  expect(readProvenance(null)).toBeNull();
  expect(readProvenance({})).toBeNull();
});
