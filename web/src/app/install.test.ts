import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const read = (file: string) => fs.readFileSync(path.resolve(__dirname, "../..", file), "utf8");
const manifest = JSON.parse(read("public/manifest.webmanifest"));
const tokens = read("src/styles/tokens.css");
const [light = "", dark = ""] = tokens.split('[data-theme="dark"]');
const token = (theme: string, name: string) => new RegExp(`--mf-${name}: (#[0-9a-f]{6});`).exec(theme)?.[1];

test("the colours of an installed app are those of the tokens, in both themes", () => {
  expect(token(light, "rail")).toBeDefined();
  expect(manifest.theme_color).toBe(token(light, "rail"));
  expect(manifest.background_color).toBe(token(light, "paper"));
  expect(read("index.html")).toContain(`name="theme-color" content="${token(light, "rail")}"`);
  expect(read("public/theme.js")).toContain(`"${token(dark, "rail")}" : "${token(light, "rail")}"`);
});

test("an installed app stays below its own path", () => {
  for (const key of ["id", "start_url", "scope"]) expect(manifest[key]).toBe("/crm/");
  for (const { src } of manifest.icons)
    expect(fs.existsSync(path.resolve(__dirname, "../../public", src))).toBe(true);
});
