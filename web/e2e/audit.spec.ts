import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "./support/fixtures";
import { chord } from "./support/keyboard";

const run = promisify(execFile);

test("MO-5 BR-3 what somebody does appears in the log, is verified, and leaves as a sealed bundle", async ({
  seat,
  unique,
}) => {
  const will = await seat("Will");
  const made = await will.api.newHousehold(unique("Audited family"), { risk_profile: "Moderate" });
  await will.api.patch(`/api/households/${made.id}`, { version: made.version, risk_profile: "Growth" });

  const { page, api } = await seat("Priya", "/crm/");
  // The log takes up what happens a moment later, and the book that the firm began with before it.
  const logged = async () =>
    (await api.get<{ items: unknown[] }>(`/api/audit/entries?household_id=${made.id}`)).items.length;
  await expect.poll(logged, { timeout: 90_000 }).toBe(2);
  await chord(page, "gu");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Audit");
  await page.getByRole("combobox", { name: "Household" }).fill(made.name);
  const rows = page.getByTestId("entry");
  await expect(rows.first()).toContainText("Changed risk profile of the household");
  await expect(rows.nth(1)).toContainText("Added the household");
  await expect(page.getByTestId("touch")).toHaveCount(1);

  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("v");
  const verified = page.getByTestId("verified");
  await expect(verified).toContainText("Nothing was changed", { timeout: 60_000 });
  await expect(verified).toContainText("entries were computed again");

  await page.getByRole("button", { name: "Save bundle" }).click();
  const dialog = page.getByRole("dialog");
  const key = (await dialog.getByTestId("bundle-key").textContent())?.trim() ?? "";
  expect(key).toMatch(/^[0-9a-f]{64}$/);
  const saved = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Save bundle" }).click();
  const folder = mkdtempSync(path.join(tmpdir(), "magfin-bundle-"));
  const file = path.join(folder, "bundle.zip");
  await (await saved).saveAs(file);
  await run("python3", ["-m", "zipfile", "-e", file, folder]);
  expect(readFileSync(path.join(folder, "log.key"), "utf8")).toContain("audit.magfin/");
  const manifest = JSON.parse(readFileSync(path.join(folder, "bundle", "manifest.json"), "utf8"));
  expect(manifest.leaves).toHaveLength(3);
  rmSync(folder, { recursive: true });

  // Taking it out is itself an entry.
  await dialog.getByRole("button", { name: "Close" }).first().click();
  await page.reload();
  await expect(rows.first()).toContainText("Took out this household's part of the log");
});

test("AU-3 MO-5 an advisor is not told of the log", async ({ seat }) => {
  const will = await seat("Will");
  await expect(will.page.getByRole("heading", { level: 1 })).toHaveText("Today, Will");
  await expect(will.page.getByRole("link", { name: "Audit" })).toHaveCount(0);
  expect((await will.api.ask("GET", "/api/audit/entries")).status).toBe(403);
  expect((await will.api.ask("POST", "/api/audit/verify")).status).toBe(403);
});
