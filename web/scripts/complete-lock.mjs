// Where a package mirror serves only the linux-glibc builds of native packages, npm leaves the other platforms out of the
// lock and `npm ci` then refuses it. This adds them back as optional entries (os, cpu and libc read from the name); npm
// never fetches them on linux-glibc. Run it after every `npm install` and commit the result.
import fs from "node:fs";

const OS = "android darwin freebsd linux netbsd openbsd openharmony sunos win32 wasi wasm32".split(" ");
const CPU = "arm64 x64 arm ia32 ppc64 riscv64 s390x loong64 wasm32".split(" ");

function platform(name) {
  const tail = name.split("/").pop();
  const os = OS.find((o) => tail.includes(o));
  if (!os) return null;
  if (/wasm32|wasi/.test(tail)) return { cpu: ["wasm32"] };
  const cpu = CPU.find((c) => new RegExp(`(^|[-.])${c}`).test(tail));
  const libc = /musl/.test(tail) ? ["musl"] : os === "linux" ? ["glibc"] : null;
  return { os: [os], ...(cpu ? { cpu: [cpu] } : {}), ...(libc ? { libc } : {}) };
}

const file = process.argv[2] ?? "package-lock.json";
const lock = JSON.parse(fs.readFileSync(file, "utf8"));
let added = 0;
for (const [at, pkg] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(pkg.optionalDependencies ?? {})) {
    const nested = `${at ? `${at}/` : ""}node_modules/${name}`;
    const top = `node_modules/${name}`;
    if (lock.packages[nested] || lock.packages[top]) continue;
    const where = platform(name);
    if (!where) {
      console.error("left out, no platform in its name:", name, range);
      continue;
    }
    const dev = pkg.dev || at === "" ? { dev: true } : {};
    lock.packages[top] = { version: range.replace(/^[^\d]*/, ""), ...dev, optional: true, ...where };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
fs.writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log("added", added);
