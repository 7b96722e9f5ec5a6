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
  await page.keyboard.press("o");
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
  // Others come and go meanwhile.
  await expect(async () => {
    const { length } = await will.api.households({ type: ["prospect"] });
    await expect(page.getByTestId("count")).toHaveText(new RegExp(`^${length} household`), {
      timeout: 2_000,
    });
  }).toPass();
  await page.getByRole("searchbox", { name: "Filter households" }).fill("nobody has this name");
  await expect(page.getByText("No household matches")).toBeVisible();
  // What was typed is a client's name: it never shows in an address.
  await expect(page).not.toHaveURL(/nobody/);
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(page.getByRole("row").nth(1)).toContainText(richest?.name ?? "");
});

test("HL a household is warned of its double, filled in from a card, and created whole", async ({
  seat,
  unique,
}) => {
  const { page, api } = await seat("Will", "/crm/households");
  const name = unique("Zellweger");
  await api.newHousehold(`The ${name} Family`);
  await expect(page.getByTestId("count")).toContainText("households");
  await page.keyboard.press("c");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(/^Name/).fill(name.toUpperCase());
  await expect(dialog.getByRole("status")).toContainText("similar name");
  await expect(dialog.getByRole("link", { name: `The ${name} Family` })).toBeVisible();
  await dialog.getByLabel(/^Name/).fill("");
  // What comes and goes moves what stands below it: a click in that moment would miss.
  await expect(dialog.getByRole("status")).toBeEmpty();
  await dialog.getByRole("button", { name: "Paste a vCard or a signature" }).click();
  await dialog
    .getByLabel("vCard or e-mail signature")
    .fill(`BEGIN:VCARD\nVERSION:3.0\nN:${name};Ada;;;\nTEL;TYPE=cell:(704) 555-0171\nEND:VCARD`);
  await dialog.getByRole("button", { name: "Read", exact: true }).click();
  const family = dialog.getByRole("region", { name: "Will be created with the household" });
  await expect(family).toContainText("(704) 555-0171");
  await expect(dialog.getByLabel(/^Name/)).toHaveValue(`Ada ${name}`);
  await expect(dialog.getByRole("link", { name: `The ${name} Family` })).toBeVisible();
  await dialog.getByRole("button", { name: "Create household" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Ada ${name}`);
  const made = await api.record(page.url().split("/").at(-1) ?? "");
  expect(made.people[0]?.contact_points[0]?.e164).toBe("+17045550171");
  // Nothing of it stands in an address.
  expect(page.url()).not.toContain("Zellweger");
});

test("HL tier, team, tags and cadence are edited where they stand, with undo, and a conflict shows both", async ({
  seat,
  unique,
}) => {
  const { page, api } = await seat("Will");
  const name = unique("Inline");
  const made = await api.newHousehold(name, { tier: "B" });
  await page.goto("/crm/households");
  await page.getByRole("searchbox", { name: "Filter households" }).fill(name);
  await expect(page.getByTestId("count")).toHaveText(/^1 household,/);
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await page.keyboard.press("e");
  const editor = page.getByRole("combobox", { name: `Tier of ${name}` });
  await expect(editor).toBeFocused();
  await editor.fill("Q");
  await page.keyboard.press("Enter");
  const tier = page.getByRole("button", { name: `Edit Tier of ${name}` });
  await expect(tier).toContainText("QTier saved");
  await expect(page.getByRole("link", { name, exact: true }).filter({ visible: true })).toBeFocused();
  await page.keyboard.press("u");
  await expect(tier).toContainText("B");
  const fresh = await api.record(made.id);
  expect(fresh.household.tier).toBe("B");

  await tier.click();
  const priya = await seat("Priya");
  await priya.api.patch(`/api/households/${made.id}`, { version: fresh.household.version, tier: "C" });
  await page.getByRole("combobox", { name: `Tier of ${name}` }).fill("D");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("conflict")).toContainText("C");
  await page.getByRole("button", { name: "Keep mine" }).click();
  await expect(tier).toContainText("D");
});

test("HL columns are chosen and ordered, kept for the reader on the server", async ({ newSeat }) => {
  const first = await newSeat("Evan", "/crm/households");
  const head = (page: typeof first.page) => page.getByRole("columnheader");
  await expect(head(first.page).filter({ hasText: "Tier" })).toBeVisible();
  await first.page.getByRole("button", { name: "Columns" }).click();
  const chooser = first.page.getByRole("dialog", { name: "Columns" });
  await chooser.getByRole("checkbox", { name: "City" }).click();
  await chooser.getByRole("button", { name: "Move City left" }).click();
  await expect(head(first.page).nth(-2)).toHaveText("City");
  await first.page.keyboard.press("Escape");
  await expect(first.page).toHaveURL(/households$/);
  // What is on screen is ahead of the server.
  const kept = async () => JSON.stringify(await first.api.get("/api/views"));
  await expect.poll(kept).toMatch(/"own_columns":"[\w,]+,place,\w+"/);

  const second = await newSeat("Evan", "/crm/households");
  await expect(head(second.page).nth(-2)).toHaveText("City");
  await second.page.getByRole("button", { name: "Columns" }).click();
  await second.page.getByRole("button", { name: "As delivered" }).click();
  await expect(head(second.page).filter({ hasText: "City" })).toHaveCount(0);
  await expect.poll(kept).not.toMatch(/"own_columns":"[\w,]*place/);
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
