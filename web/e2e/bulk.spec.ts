import { readFile } from "node:fs/promises";
import { expect, test } from "./support/fixtures";

test("HL many are selected by keyboard, changed after a preview, and undone as one", async ({
  seat,
  unique,
}) => {
  const { page, api } = await seat("Will");
  const family = unique("Bulk");
  const made = [];
  for (const n of [1, 2, 3])
    made.push(await api.newHousehold(`${family} ${n}`, { tier: n === 3 ? "A" : "B" }));
  await page.goto("/crm/households");
  await page.getByRole("searchbox", { name: "Filter households" }).fill(family);
  await expect(page.getByTestId("count")).toHaveText(/^3 households/);
  await expect(page.getByRole("row")).toHaveCount(4);
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("Shift+X");
  const bar = page.getByRole("group", { name: "Selected households" });
  await expect(bar).toContainText("2 selected");
  await page.keyboard.press("Control+a");
  await expect(bar).toContainText("3 selected, all that the filter leaves");

  await bar.getByRole("button", { name: "Tags" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Add tags").fill("q3, surge");
  await dialog.getByRole("button", { name: "Preview" }).click();
  await expect(dialog).toContainText("3 households change");
  await expect(dialog.getByRole("region", { name: "What changes" })).toContainText("q3, surge");
  expect((await api.record(made[0]?.id ?? "")).household.tags).toEqual([]);
  await dialog.getByRole("button", { name: "Change 3 households" }).click();
  await expect(dialog).toHaveCount(0);
  const done = page.getByTestId("toast").filter({ hasText: "3 households changed." });
  await expect(done).toBeVisible();
  for (const { id } of made) expect((await api.record(id)).household.tags).toEqual(["q3", "surge"]);
  await done.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByTestId("toast").filter({ hasText: "Undone." })).toBeVisible();
  for (const { id } of made) expect((await api.record(id)).household.tags).toEqual([]);
});

test("HL a change of more than 25 is confirmed by its number", async ({ seat, unique }) => {
  const { page, api } = await seat("Will");
  const tag = unique("many");
  for (let n = 0; n < 26; n += 1) await api.newHousehold(`${tag} ${n}`, { tags: [tag] });
  const filter = JSON.stringify({ field: "tag", op: "is", value: tag });
  await page.goto(`/crm/households?filter=${encodeURIComponent(filter)}`);
  await expect(page.getByTestId("count")).toHaveText(/^26 households/);
  // The count and the list are two answers.
  await expect(
    page.getByRole("link", { name: `${tag} 0`, exact: true }).filter({ visible: true }),
  ).toBeVisible();
  await page.keyboard.press("Control+a");
  await page.getByRole("button", { name: "Review cadence" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Review every (months)").fill("6");
  await dialog.getByRole("button", { name: "Preview" }).click();
  const change = dialog.getByRole("button", { name: "Change 26 households" });
  await expect(change).toBeDisabled();
  await dialog.getByLabel("Yes, change all 26 of them").check();
  await change.click();
  await expect(page.getByTestId("toast").filter({ hasText: "26 households changed." })).toBeVisible();
  const changed = await api.households({
    filter: { all: [JSON.parse(filter), { field: "review_cadence_months", op: "at_least", value: "6" }] },
  });
  expect(changed).toHaveLength(26);
  await page.keyboard.press("u");
  await expect(page.getByTestId("toast").filter({ hasText: "Undone." })).toBeVisible();
});

test("HL what is selected is exported with the columns that are shown", async ({ newSeat, unique }) => {
  const { page, api } = await newSeat("Will");
  const family = unique("Chosen");
  for (const n of [1, 2]) await api.newHousehold(`${family} ${n}`);
  await page.goto("/crm/households?cols=team,flags");
  await page.getByRole("searchbox", { name: "Filter households" }).fill(family);
  await expect(page.getByTestId("count")).toHaveText(/^2 households/);
  await page.getByLabel(`Select ${family} 2`).check();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export selected" }).click();
  const lines = (await readFile(await (await download).path(), "utf8")).trimEnd().split("\n");
  expect(lines).toHaveLength(2);
  expect(lines[0]).toBe("name,team,missing_beneficiaries");
  expect(lines[1]).toContain(`${family} 2,`);
});
