/** From what somebody chose or dropped to what is uploaded. */
import { isRead, type Packed, tar } from "./tar";

export interface Chosen {
  kind: "folder" | "archive";
  label: string;
  blob: Blob;
  /** Tells this folder or archive from others, so that a broken upload goes on. */
  fingerprint: string;
}
interface Listed {
  path: string;
  file: File;
}

/** A choice that cannot be uploaded, in words fit to show. */
export class BadChoice extends Error {}

async function fingerprint(lines: string[]) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(lines.join("\n")));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const line = ({ path, file }: Listed) => JSON.stringify([path, file.size, file.lastModified]);

export async function chosenFolder(listed: Listed[]): Promise<Chosen> {
  const files = [...listed].sort((a, b) => (a.path < b.path ? -1 : 1));
  if (!files.some((f) => f.path.split("/").at(-1) === "localstorage.json"))
    throw new BadChoice(
      "There is no localstorage.json in this folder. Choose the folder that holds that file.",
    );
  const label = files[0]?.path.split("/")[0] || "folder";
  const packed: Packed[] = files.map(({ path, file }) => ({ path, file: isRead(path) ? file : null }));
  return {
    kind: "folder",
    label,
    blob: tar(packed),
    fingerprint: await fingerprint(["folder", ...files.map(line)]),
  };
}

export async function chosenArchive(file: File): Promise<Chosen> {
  if (!/\.(zip|tgz|tar\.gz|tar)$/i.test(file.name))
    throw new BadChoice(
      "This is no .zip, .tar.gz or .tar archive. Choose one of those, or the folder itself.",
    );
  if (file.size === 0) throw new BadChoice("This archive is empty.");
  const lines = ["archive", line({ path: file.name, file })];
  return { kind: "archive", label: file.name, blob: file, fingerprint: await fingerprint(lines) };
}

/** The files of a chosen folder, as the browser lists them. */
export const fromInput = (files: FileList): Listed[] =>
  [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));

function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  return new Promise((resolve, reject) => {
    // A folder comes in batches; an empty one says that it was the last.
    const next = () =>
      reader.readEntries((batch) => {
        if (batch.length === 0) return resolve(all);
        all.push(...batch);
        next();
      }, reject);
    next();
  });
}

async function walk(entry: FileSystemEntry, found: Listed[]) {
  if (entry.isDirectory) {
    for (const child of await entriesOf(entry as FileSystemDirectoryEntry)) await walk(child, found);
    return;
  }
  const file = await new Promise<File>((resolve, reject) =>
    (entry as FileSystemFileEntry).file(resolve, reject),
  );
  found.push({ path: entry.fullPath.replace(/^\//, ""), file });
}

/** What was dropped: one folder, or one archive. */
export async function chosenDrop(items: DataTransferItemList): Promise<Chosen> {
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const [entry, second] = entries;
  if (!entry || second) throw new BadChoice("Drop one folder or one archive.");
  const found: Listed[] = [];
  await walk(entry, found);
  const [file] = found;
  if (entry.isDirectory) return chosenFolder(found);
  if (!file) throw new BadChoice("Drop one folder or one archive.");
  return chosenArchive(file.file);
}
