// Writes a .gz and a .br beside every text asset of a build, so the server sends stored bytes and compresses nothing at run time.
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

const root = process.argv[2] ?? "dist";
const compressible = /\.(js|css|html|svg|json)$/;
const brotli = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11 } };
let files = 0;
for (const entry of fs.readdirSync(root, { recursive: true, withFileTypes: true })) {
  const file = path.join(entry.parentPath, entry.name);
  if (!entry.isFile() || file.includes(`${path.sep}.vite${path.sep}`) || !compressible.test(file)) continue;
  const raw = fs.readFileSync(file);
  fs.writeFileSync(`${file}.gz`, zlib.gzipSync(raw, { level: 9 }));
  fs.writeFileSync(`${file}.br`, zlib.brotliCompressSync(raw, brotli));
  files += 1;
}
console.log(`precompressed ${files} files`);
