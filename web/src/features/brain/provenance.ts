/** Where an imported text comes from, and what the files of today said of it. */
import { date } from "@/lib/dates";

export interface LogLine {
  /** As it stands there. */
  at: string;
  who: string;
  bytes: number;
}
export interface Provenance {
  path: string;
  flags: string[];
  manifestAt: string;
  /** What is wrong with the manifest, in a word; null when nothing is, undefined where nothing was noted. */
  manifestFault?: string | null;
  /** When the file was last changed, as its file system said. */
  modifiedAt?: string;
  log: LogLine[];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
const text = (value: unknown) => (typeof value === "string" ? value : "");
const list = (value: unknown) => (Array.isArray(value) ? (value as unknown[]) : []);

/** What the server says of it, or null where the text was written here. */
export function readProvenance(value: unknown): Provenance | null {
  if (!isObject(value) || text(value.path) === "") return null;
  const fault = value.manifest_fault;
  const log = list(value.log)
    .filter(isObject)
    .map((line) => ({ at: text(line.at), who: text(line.who), bytes: Number(line.bytes) }));
  return {
    path: text(value.path),
    flags: list(value.flags).map(text).filter(Boolean),
    manifestAt: text(value.manifest_at),
    ...(fault === null || typeof fault === "string" ? { manifestFault: fault } : {}),
    ...(text(value.modified_at) ? { modifiedAt: text(value.modified_at) } : {}),
    log,
  };
}

/** A moment that a file of today states, as a day; what is no moment, as it stands there. */
export const dayOf = (at: string) => (/^\d{4}-\d\d-\d\d/.test(at) ? date(at) : at);

/** The manifest by its day, where it states one. */
const manifest = ({ manifestAt }: Provenance) =>
  manifestAt ? `manifest of ${dayOf(manifestAt)}` : "manifest";

const FAULTS: Record<string, string> = {
  missing: "There was no manifest beside this file: nobody vouches for its text.",
  bad_signature:
    "The signature of the manifest beside this file is not its advisor's: nobody vouches for its text.",
};
const faulty = (fault: string) =>
  FAULTS[fault] ?? "The manifest beside this file is damaged: nobody vouches for its text.";

/** What was found, in plain words. One sentence each; none where everything agrees. */
export function objections(provenance: Provenance): string[] {
  const words: Record<string, string> = {
    not_in_manifest: `The ${manifest(provenance)} does not name this file.`,
    manifest_mismatch: `The ${manifest(provenance)} names another text for this file.`,
    log_mismatch: "The last line of the old log was written for another text.",
  };
  const noted = provenance.flags.map(
    (flag) => words[flag] ?? `The import noted: ${flag.replaceAll("_", " ")}.`,
  );
  return provenance.manifestFault ? [faulty(provenance.manifestFault), ...noted] : noted;
}

/** Whether the manifest vouches for the text: only where it was found to be whole and signed. */
export function agreement(provenance: Provenance): string | null {
  const { flags, manifestFault } = provenance;
  if (manifestFault !== null) return null;
  if (flags.includes("not_in_manifest") || flags.includes("manifest_mismatch")) return null;
  return `${manifest(provenance)} agrees`;
}
