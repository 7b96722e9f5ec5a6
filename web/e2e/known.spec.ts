import { expect, test } from "./support/fixtures";

test("HH-2 a household is shown as it was known on a day, read-only, and back", async ({ seat, unique }) => {
  const { page, api } = await seat("Will");
  const name = unique("Past family");
  const made = await api.newHousehold(name, { stage: "Review" });
  await page.goto(`/crm/households/${made.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  await page.keyboard.press("y");
  const banner = page.getByTestId("known-on");
  await expect(banner).toContainText("As it was known on");
  await expect(page.getByRole("alert")).toContainText("Not in your book");
  const today = new Date();
  const day = [today.getFullYear(), today.getMonth() + 1, today.getDate()]
    .map((n) => String(n).padStart(2, "0"))
    .join("-");
  await banner.getByLabel("Day").fill(day);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  await expect(page.getByRole("button", { name: "Write a note" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Edit Stage", exact: true })).toHaveCount(0);
  await expect(page.getByRole("tab", { name: "History" })).toHaveCount(0);
  await banner.getByRole("button", { name: "Back to now" }).click();
  await expect(page.getByRole("button", { name: "Write a note" })).toBeVisible();
});
