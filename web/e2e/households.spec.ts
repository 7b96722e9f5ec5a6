import { expect, test } from "./support/fixtures";

test("FE-5 the household list is filtered, walked and opened by keyboard alone", async ({ seat, unique }) => {
  const will = await seat("Will", "/crm/households");
  const family = unique("Keystroke");
  for (const name of [`${family} one`, `${family} two`]) await will.api.newHousehold(name);
  const { page } = will;
  const named = (name: string) => page.getByRole("link", { name, exact: true }).filter({ visible: true });
  await expect(page.getByTestId("count")).toContainText("households");
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox", { name: "Filter households" })).toBeFocused();
  await page.keyboard.type(family);
  await expect(page.getByTestId("count")).toHaveText(/^2 households/);
  // The count and the list are two answers.
  await expect(page.getByRole("row")).toHaveCount(3);
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await expect(named(`${family} one`)).toBeFocused();
  await page.keyboard.press("j");
  await expect(named(`${family} two`)).toBeFocused();
  await page.keyboard.press("k");
  await expect(named(`${family} one`)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${family} one`);
  await page.keyboard.press("]");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${family} two`);
});

test("the list sorts by assets, filters by type, and says when nothing matches", async ({ seat }) => {
  const will = await seat("Will", "/crm/households");
  const { page } = will;
  const header = page.getByRole("columnheader", { name: "Assets" });
  await header.getByRole("button").click();
  await expect(header).toHaveAttribute("aria-sort", "descending");
  const [richest] = await will.api.households({ sort: "-aum" });
  await expect(page.getByRole("row").nth(1)).toContainText(richest?.name ?? "");
  await page.getByRole("group", { name: "Type" }).getByRole("button", { name: "Prospects" }).click();
  await expect(page).toHaveURL(/type=prospect/);
  const prospects = await will.api.households({ type: ["prospect"] });
  await expect(page.getByTestId("count")).toHaveText(new RegExp(`^${prospects.length} household`));
  await page.getByRole("searchbox", { name: "Filter households" }).fill("nobody has this name");
  await expect(page.getByText("No household matches")).toBeVisible();
  // What was typed is a client's name: it never shows in an address.
  await expect(page).not.toHaveURL(/nobody/);
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(page.getByRole("row").nth(1)).toContainText(richest?.name ?? "");
});

test("a household is created with its name alone, removed, and brought back", async ({ seat, unique }) => {
  const { page } = await seat("Will", "/crm/households");
  const name = unique("Brand-new family");
  await expect(page.getByTestId("count")).toContainText("households");
  await page.keyboard.press("c");
  await page.getByLabel(/^Name/).fill(name);
  await page.getByRole("button", { name: "Create household" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  const address = page.url();
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Remove household" }).click();
  await expect(page).toHaveURL(/\/crm\/households$/);
  await page.getByRole("searchbox", { name: "Filter households" }).fill(name);
  await expect(page.getByText("No household matches")).toBeVisible();
  await page.goto(address);
  await page.getByRole("button", { name: "Restore household" }).click();
  await expect(page.getByRole("button", { name: "Restore household" })).toHaveCount(0);
});
