import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures";

const field = (page: Page) => page.getByRole("combobox", { name: /^Search households/ });
const options = (page: Page) => page.getByRole("listbox", { name: "Results" }).getByRole("option");
const title = (page: Page) => page.getByRole("heading", { level: 1 });

test("a person is found by a misspelt name without accents, and opened by keyboard alone", async ({
  seat,
  unique,
}) => {
  const { page, api } = await seat("Will");
  const made = await api.newHousehold(unique("Quijano family"));
  await api.newPerson(made.id, { first_name: "Íñigo", last_name: "Mondragón", role: "primary" });
  await page.goto("/crm/");
  await expect(title(page)).toBeVisible();
  await page.keyboard.press("Control+k");
  await expect(field(page)).toBeFocused();
  await field(page).fill("inigo mondargon");
  const first = options(page).first();
  await expect(first).toContainText("Íñigo Mondragón");
  await expect(first).toHaveAttribute("aria-selected", "true");
  await expect(first.locator("mark").last()).toHaveText("Mondragón");
  await expect(page.getByRole("status").filter({ hasText: /result/ })).toBeAttached();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: /Mondragón/ })).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`/households/${made.id}\\?person=`));
  expect(page.url()).not.toMatch(/mondr/i);
});

test("PH-4 a number is found in another format than it was written in", async ({ seat, unique }) => {
  const { page, api } = await seat("Will");
  const line = String(1000 + (Math.floor(Date.now() / 7) % 9000));
  const made = await api.newHousehold(unique("Dialler family"));
  const { person } = await api.newPerson(made.id, {
    first_name: "Ada",
    last_name: unique("Dialler"),
    role: "primary",
  });
  await api.post(`/api/households/${made.id}/contact-points`, {
    kind: "phone",
    person_id: person.id,
    value: `+1 (212) 664-${line} x12`,
  });
  await page.goto("/crm/households");
  await page.getByRole("button", { name: "Search households, people, notes" }).click();
  await field(page).fill(`212.664.${line}`);
  await expect(options(page).first()).toContainText(`(212) 664-${line}`);
  await expect(options(page).first()).toContainText("Ada Dialler");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/households/${made.id}\\?person=${person.id}`));
});

test("keys typed at once after Ctrl+K are kept, and Enter waits for the answer", async ({ seat, unique }) => {
  const { page, api } = await seat("Will");
  const name = unique("Zephyrine");
  const made = await api.newHousehold(name);
  await page.goto("/crm/");
  await expect(title(page)).toBeVisible();
  // In one go, without a look at the page in between.
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press("Control+k");
  await page.keyboard.type(name);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/households/${made.id}$`));
  await expect(title(page)).toHaveText(name);
});

test("notes and tasks are found by their words, and show where", async ({ seat, unique }) => {
  const { page, api } = await seat("Will");
  const made = await api.newHousehold(unique("Paper family"));
  const word = unique("zibeline").replaceAll(" ", "").toLowerCase();
  await api.post(`/api/households/${made.id}/notes`, { body: `She asked again about the ${word} trust.` });
  await api.post(`/api/households/${made.id}/tasks`, { title: `Order the ${word} form` });
  await page.goto("/crm/");
  await expect(title(page)).toBeVisible();
  await page.keyboard.press("Control+k");
  await field(page).fill(word);
  const list = page.getByRole("listbox", { name: "Results" });
  await expect(list.getByRole("group", { name: "Tasks" }).getByRole("option")).toContainText("Paper family");
  await expect(list.getByRole("group", { name: "Notes" }).locator("mark")).toHaveText(word);
  await page.keyboard.press("ArrowDown");
  await expect(list.getByRole("group", { name: "Notes" }).getByRole("option")).toHaveAttribute(
    "aria-selected",
    "true",
  );
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/households/${made.id}\\?tab=notes`));
});

test("AU-3 a colleague's private family is never found, nor counted", async ({ seat, unique }) => {
  const will = await seat("Will");
  const matt = await seat("Matt");
  const word = unique("Obsidienne").replaceAll(" ", "");
  const made = await will.api.newHousehold(word);
  await will.api.newPerson(made.id, { first_name: "Private", last_name: word, role: "primary" });
  await will.api.post(`/api/households/${made.id}/notes`, { body: `About ${word}` });
  const groups = (at: typeof will, text: string) =>
    at.api.post<{ groups: unknown[] }>("/api/search", { text });
  expect((await groups(will, word)).groups).toHaveLength(3);
  for (const text of [word, word.slice(0, -1), word.replace("sid", "sdi")]) {
    expect(await groups(matt, text)).toEqual({ groups: [] });
  }
  await matt.page.goto("/crm/");
  await expect(title(matt.page)).toBeVisible();
  await matt.page.keyboard.press("Control+k");
  await field(matt.page).fill(word);
  await expect(matt.page.getByText("Nothing in your book matches")).toBeVisible();
  await expect(matt.page.getByRole("status").filter({ hasText: "Nothing found" })).toBeAttached();
});

test("commands of the page are run by name, and what was open before is at hand", async ({
  seat,
  unique,
}) => {
  const { page, api } = await seat("Will");
  const made = await api.newHousehold(unique("Recent family"));
  await page.goto(`/crm/households/${made.id}`);
  await expect(title(page)).toHaveText(made.name);
  await page.keyboard.press("Control+k");
  await field(page).fill("write a note");
  await expect(options(page).first()).toContainText("Write a note");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("form", { name: "New note" }).getByRole("textbox")).toBeFocused();
  // Also while one types.
  await page.keyboard.press("Control+k");
  await page.keyboard.type("tasks");
  await page.keyboard.press("Enter");
  await expect(title(page)).toHaveText("Tasks");
  await page.keyboard.press("Control+k");
  await expect(options(page).first()).toContainText(made.name);
  await page.keyboard.press("Escape");
  await expect(field(page)).toHaveCount(0);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("new household");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog").getByLabel("Name")).toBeVisible();
});
