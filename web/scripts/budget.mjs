// Refuses a build whose first visit or whose lazy routes weigh more than agreed. Reads Vite's manifest; sizes are gzip.
import fs from "node:fs";
import zlib from "node:zlib";

const LIMIT_KB = { initial: 180, route: 45 };
const dist = process.argv[2] ?? "dist";
const manifest = JSON.parse(fs.readFileSync(`${dist}/.vite/manifest.json`, "utf8"));

const gzip = (file) => zlib.gzipSync(fs.readFileSync(`${dist}/${file}`), { level: 9 }).length;

/** Every chunk that is loaded together with `key`. */
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) closure(next, seen);
  return seen;
}

function weigh(keys) {
  const files = new Set();
  for (const key of keys) {
    files.add(manifest[key].file);
    for (const css of manifest[key].css ?? []) files.add(css);
  }
  return [...files].reduce((total, file) => total + gzip(file), 0) / 1024;
}

let over = 0;
function report(name, kb, limit) {
  if (kb > limit) over += 1;
  console.log(
    `${kb > limit ? "OVER" : "ok  "} ${name.padEnd(44)} ${kb.toFixed(1).padStart(7)} of ${limit} KB gzip`,
  );
}

/** What is there already whenever a part of a page is asked for: the page that asks for it. A page itself finds the first visit. */
function before(key) {
  const askers = Object.keys(manifest).filter((k) => manifest[k].dynamicImports?.includes(key));
  const pages = Object.keys(manifest).filter((k) =>
    [...initial].some((i) => manifest[i].dynamicImports?.includes(k)),
  );
  if (pages.includes(key) || askers.some((asker) => initial.has(asker))) return initial;
  const loaded = pages.filter((page) => askers.some((asker) => closure(page).has(asker)));
  return new Set([...initial, ...(loaded.length === 1 ? closure(loaded[0]) : [])]);
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const initial = closure(entry);
report("first visit", weigh(initial), LIMIT_KB.initial);
for (const key of Object.keys(manifest).filter((k) => manifest[k].isDynamicEntry)) {
  const there = before(key);
  const extra = [...closure(key)].filter((k) => !there.has(k));
  report(`lazy ${key.split("/").pop()}`, weigh(extra), LIMIT_KB.route);
}
// What the first page imports comes with it, and not a round later.
const page = fs.readFileSync(`${dist}/index.html`, "utf8");
for (const key of initial) {
  if (key === entry || page.includes(manifest[key].file)) continue;
  over += 1;
  console.log(`LATE ${manifest[key].file} is not named by index.html`);
}
process.exit(over ? 1 : 0);
