import { expect, test } from "vitest";
import type { BrainProof } from "@/api/queries/brain";
import { brainFile as file } from "@/test/brain-file";
import { byFolder, firstFile, verdict, versionAt, wayOf, whoOf } from "./files";

test("BR-8 files are listed by folder, those in none first", () => {
  const files = [
    "estate/trusts.md",
    "facts.md",
    "meetings/2026-03-14-review.md",
    "profile.md",
    "meetings/a/b.md",
  ].map((path) => file(path));
  expect(byFolder(files).map((f) => [f.name, f.files.map((one) => one.path)])).toEqual([
    ["", ["facts.md", "profile.md"]],
    ["estate", ["estate/trusts.md"]],
    ["meetings", ["meetings/2026-03-14-review.md"]],
    ["meetings/a", ["meetings/a/b.md"]],
  ]);
});
test.each([
  [["audit_log.md", "facts.md", "profile.md"], "facts.md"],
  [["audit_log.md", "profile.md"], "profile.md"],
  [["meetings/a.md", "preferences.md"], "preferences.md"],
  [[], undefined],
])("BR-8 of %j %s opens first", (paths, first) => {
  expect(firstFile(paths.map((path) => file(path)))?.path).toBe(first);
});
test("BR-8 a day of the past shows the version of that day", () => {
  const versions = [
    file("facts.md", { version: 2, at: "2026-05-01T09:00:00Z" }),
    file("facts.md", { version: 1, at: "2026-03-14T09:00:00Z" }),
  ];
  expect(versionAt(versions, "2026-05-01T08:59:59Z")?.version).toBe(1);
  expect(versionAt(versions, "2026-05-01T11:00:00+02:00")?.version).toBe(2);
  expect(versionAt(versions, "2026-03-01T00:00:00Z")).toBeUndefined();
});
test("BR-8 what nobody wrote says how it came about", () => {
  expect(whoOf(file("facts.md"))).toBe("Will Arrowsmith");
  expect(whoOf(file("facts.md", { user_name: null, source: "import" }))).toBe("An import");
  expect(whoOf(file("profile.md", { user_name: null, source: "system" }))).toBe("magfin");
});

const proof: BrainProof = {
  version_id: "v",
  intact: true,
  leaf: 1753,
  checkpoint: 12,
  signed_at: "2026-11-24T11:23:16Z",
  fault: null,
};
test.each([
  [{}, "Proved · checkpoint 12", "pos"],
  [{ checkpoint: null, signed_at: null }, "Intact · waiting for the log", "info"],
  [{ leaf: null, checkpoint: null }, "Intact · waiting for the log", "info"],
  [{ fault: "its leaf is not in the signed tree" }, "Not proved: its leaf is not in the signed tree", "neg"],
  [{ intact: false }, "Not proved: the stored object does not open", "neg"],
])("BR-8 a proof %j reads as %s", (over, words, tone) => {
  expect(verdict({ ...proof, ...over })).toEqual({ tone, words });
});

test("BR-8 a version says how it came about, also that it removed the file", () => {
  expect(wayOf(file("facts.md"))).toBe("written here");
  expect(wayOf(file("facts.md", { removed: true }))).toBe("removed");
  expect(wayOf(file("facts.md", { source: "undo", removed: true }))).toBe("import taken back");
});
