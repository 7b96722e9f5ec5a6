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
  log: LogLine[];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
const text = (value: unknown) => (typeof value === "string" ? value : "");
const list = (value: unknown) => (Array.isArray(value) ? (value as unknown[]) : []);

/** What the server says of it, or null where the text was written here. */
export function readProvenance(value: unknown): Provenance | null {
  if (!isObject(value) || text(value.path) === "") return null;
  const log = list(value.log)
    .filter(isObject)
    .map((line) => ({ at: text(line.at), who: text(line.who), bytes: Number(line.bytes) }));
  return {
    path: text(value.path),
    flags: list(value.flags).map(text).filter(Boolean),
    manifestAt: text(value.manifest_at),
    log,
  };
}

/** A moment that a file of today states, as a day; what is no moment, as it stands there. */
export const dayOf = (at: string) => (/^\d{4}-\d\d-\d\d/.test(at) ? date(at) : at);

/** The manifest by its day, where it states one. */
const manifest = ({ manifestAt }: Provenance) =>
  manifestAt ? `manifest of ${dayOf(manifestAt)}` : "signed manifest";

/** What was found, in plain words. One sentence each; none where everything agrees. */
export function objections(provenance: Provenance): string[] {
  const words: Record<string, string> = {
    not_in_manifest: `The ${manifest(provenance)} does not name this file.`,
    manifest_mismatch: `The ${manifest(provenance)} names another text for this file.`,
    log_mismatch: "The last line of the old log was written for another text.",
  };
  return provenance.flags.map((flag) => words[flag] ?? `The import noted: ${flag.replaceAll("_", " ")}.`);
}

/** Whether the manifest vouches for the text. */
export function agreement(provenance: Provenance): string | null {
  const { flags } = provenance;
  if (flags.includes("not_in_manifest") || flags.includes("manifest_mismatch")) return null;
  return `${manifest(provenance)} agrees`;
}
