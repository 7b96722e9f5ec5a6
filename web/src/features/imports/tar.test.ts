import { expect, test } from "vitest";
import { isRead, tar } from "./tar";

const bytes = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());
const text = (part: Uint8Array) => new TextDecoder().decode(part).replace(/\0.*$/s, "");

test("ST-3 a folder is packed as a tar that says what it holds", async () => {
  const packed = await bytes(
    tar([
      { path: "book/localstorage.json", file: new Blob(["{}"]) },
      { path: "book/scan.pdf", file: null },
    ]),
  );
  expect(packed.length).toBe(512 + 512 + 512 + 1024);
  expect(text(packed.subarray(0, 100))).toBe("book/localstorage.json");
  expect(text(packed.subarray(124, 136))).toBe("00000000002");
  expect(text(packed.subarray(512, 514))).toBe("{}");
  expect(text(packed.subarray(1024, 1124))).toBe("book/scan.pdf");
  // POSIX: the sum of the header's bytes, with blanks in the place of the sum itself.
  const header = packed.slice(0, 512);
  const stated = Number.parseInt(text(header.subarray(148, 156)), 8);
  header.fill(32, 148, 156);
  expect(header.reduce((a, b) => a + b, 0)).toBe(stated);
});
test("ST-3 long names are cut at a slash, or stand in a header of their own", async () => {
  const folder = "f".repeat(90);
  const cut = await bytes(tar([{ path: `${folder}/${"n".repeat(60)}`, file: null }]));
  expect(text(cut.subarray(345, 500))).toBe(folder);
  expect(text(cut.subarray(0, 100))).toBe("n".repeat(60));
  const long = `${"n".repeat(240)}.md`;
  const own = await bytes(tar([{ path: long, file: null }]));
  expect(String.fromCharCode(own[156] ?? 0)).toBe("x");
  const record = text(own.subarray(512, 1024));
  expect(record).toBe(`${record.length} path=${long}\n`);
});
test("ST-3 only what an import reads leaves the machine", () => {
  const read = [
    "book/localstorage.json",
    "identities.json",
    "book/brain.key",
    "b/brain/advisor_will/clients/hale/profile.md",
  ];
  const stays = [
    "book/brain/advisor_will/clients/hale/tax.md",
    "book/brain/advisor_will/documents/scan.pdf",
    ".local/zoom_tokens.sqlite",
    "brain/will/clients/hale/profile.md",
  ];
  expect(read.map(isRead)).toEqual(read.map(() => true));
  expect(stays.map(isRead)).toEqual(stays.map(() => false));
});
