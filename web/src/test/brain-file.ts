/** An invented brain file, for tests. */
import type { BrainFile } from "@/api/queries/brain";

export const brainFile = (path: string, over: Partial<BrainFile> = {}): BrainFile => ({
  id: path,
  household_id: "h",
  path,
  version_id: `${path}-1`,
  version: 1,
  bytes: 10,
  user_id: "u",
  user_name: "Will Arrowsmith",
  source: "ui",
  reason: null,
  at: "2026-03-14T09:00:00Z",
  sealed_sha256: "ab",
  removed: false,
  import_id: null,
  provenance: null,
  ...over,
});
