import { readFile } from "node:fs/promises";
import { expect, test } from "./support/fixtures";

test("HL the list is exported as it is filtered, by those who may", async ({ newSeat, unique }) => {
  const { page, api } = await newSeat("Will");
  const name = unique("Export family");
  await api.newHousehold(name, { tier: "Z" });
  await page.goto("/crm/households");
  await page.getByRole("searchbox", { name: "Filter households" }).fill(name);
  await expect(page.getByTestId("count")).toHaveText(/^1 household,/);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export", exact: true }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("households.csv");
  const lines = (await readFile(await file.path(), "utf8")).trimEnd().split("\n");
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^name,tier,primary_name,primary_phone,aum_usd,/);
  expect(lines[1]).toContain(`${name},Z,`);
  await expect(page.getByText("The export is recorded")).toBeVisible();
});
