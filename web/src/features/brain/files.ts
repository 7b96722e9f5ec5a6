/** Which files there are, in which order, and in whose words. */
import type { BrainFile, BrainProof, BrainVersion } from "@/api/queries/brain";
import type { Tone } from "@/ui/card";

/** Made by the product from the household's record. */
export const PROFILE = "profile.md";
export const FACTS = "facts.md";

export interface Folder {
  /** Empty for the files that lie in no folder. */
  name: string;
  files: BrainFile[];
}

const folderOf = (path: string) => path.slice(0, path.lastIndexOf("/") + 1).replace(/\/$/, "");
export const nameOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);

/** The files by folder: those in none first, then the folders by name. */
export function byFolder(files: readonly BrainFile[]): Folder[] {
  const folders = new Map<string, BrainFile[]>([["", []]]);
  for (const file of files) {
    const name = folderOf(file.path);
    folders.set(name, [...(folders.get(name) ?? []), file]);
  }
  return [...folders]
    .filter(([, inside]) => inside.length > 0)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, inside]) => ({ name, files: inside }));
}

/** The file that opens by itself. */
export function firstFile(files: readonly BrainFile[]) {
  const at = (path: string) => files.find((file) => file.path === path);
  return at(FACTS) ?? at(PROFILE) ?? byFolder(files)[0]?.files[0];
}

const SOURCES: Record<string, string> = {
  ui: "written here",
  api: "through the API",
  import: "imported",
  restore: "restored",
  undo: "import taken back",
  system: "made by magfin",
};
const sourceWords = (source: string) => SOURCES[source] ?? source;

/** Who wrote a version; nobody did what the product made. */
export const whoOf = ({ user_name, source }: BrainVersion) =>
  source === "system" ? "magfin" : (user_name ?? (source === "import" ? "An import" : "magfin"));

/** How a version came about, in a few words. */
export const wayOf = ({ removed, source }: BrainVersion) =>
  removed && source !== "undo" ? "removed" : sourceWords(source);

/** The last of these versions, newest first, that was there at a moment. */
export function versionAt(versions: readonly BrainVersion[], moment: string) {
  return versions.find((version) => Date.parse(version.at) <= Date.parse(moment));
}

/** What a proof comes to, in a few words. */
export function verdict(proof: BrainProof): { tone: Tone; words: string } {
  if (proof.fault || !proof.intact)
    return { tone: "neg", words: `Not proved: ${proof.fault ?? "the stored object does not open"}` };
  if (proof.leaf === null || proof.checkpoint === null)
    return { tone: "info", words: "Intact · waiting for the log" };
  return { tone: "pos", words: `Proved · checkpoint ${proof.checkpoint}` };
}
