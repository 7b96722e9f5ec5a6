/**
 * Packs a chosen folder as a tar (POSIX ustar, with pax headers for long names) without reading it: the archive is a list of
 * slices of the files, and the browser reads each slice when it is sent.
 */
const BLOCK = 512;
const encoder = new TextEncoder();

export interface Packed {
  path: string;
  /** Null for a file of which only the name is sent. */
  file: Blob | null;
}

/** Whether an import reads the contents of this file. Of the others the name is enough, so their contents stay where they are. */
export function isRead(path: string) {
  const parts = path.split("/");
  const name = parts.at(-1) ?? "";
  if (["localstorage.json", "identities.json", "brain.key"].includes(name)) return true;
  const [brain, advisor, clients] = parts.slice(-5);
  return (
    name === "profile.md" &&
    brain === "brain" &&
    clients === "clients" &&
    (advisor?.startsWith("advisor_") ?? false)
  );
}

function write(header: Uint8Array, at: number, text: string | Uint8Array, length: number) {
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  header.set(bytes.subarray(0, length), at);
}

const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, "0")}\0`;

function header(name: Uint8Array, prefix: Uint8Array, size: number, kind: "0" | "x") {
  const bytes = new Uint8Array(BLOCK);
  write(bytes, 0, name, 100);
  write(bytes, 100, octal(0o644, 7), 8);
  write(bytes, 108, octal(0, 7), 8);
  write(bytes, 116, octal(0, 7), 8);
  write(bytes, 124, octal(size, 11), 12);
  // No times: the same folder is the same archive, so that a broken upload goes on.
  write(bytes, 136, octal(0, 11), 12);
  write(bytes, 148, "        ", 8);
  write(bytes, 156, kind, 1);
  write(bytes, 257, "ustar\x0000", 8);
  write(bytes, 345, prefix, 155);
  const sum = bytes.reduce((a, b) => a + b, 0);
  write(bytes, 148, `${sum.toString(8).padStart(6, "0")}\0 `, 8);
  return bytes;
}

const padding = (size: number) => new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK);

/** A long name: in the prefix where it can be cut at a slash, else in a pax header of its own. */
function named(path: string, size: number): Uint8Array<ArrayBuffer>[] {
  const bytes = encoder.encode(path);
  const none = new Uint8Array(0);
  if (bytes.length <= 100) return [header(bytes, none, size, "0")];
  for (let cut = Math.min(155, bytes.length - 1); cut >= bytes.length - 101 && cut > 0; cut -= 1) {
    if (bytes[cut] === 0x2f) return [header(bytes.subarray(cut + 1), bytes.subarray(0, cut), size, "0")];
  }
  const record = (length: number) => encoder.encode(`${length} path=${path}\n`);
  let length = bytes.length + 8;
  while (record(length).length !== length) length = record(length).length;
  const body = record(length);
  return [
    header(encoder.encode("pax"), none, body.length, "x"),
    body,
    padding(body.length),
    header(bytes.subarray(0, 100), none, size, "0"),
  ];
}

export function tar(files: Packed[]): Blob {
  const parts: BlobPart[] = [];
  for (const { path, file } of files) {
    const size = file?.size ?? 0;
    parts.push(...named(path, size));
    if (file && size > 0) parts.push(file, padding(size));
  }
  parts.push(new Uint8Array(2 * BLOCK));
  return new Blob(parts);
}
