import { expect, type Seat, test } from "./support/fixtures";

async function trustees({ api }: Seat, name: string) {
  const home = await api.newHousehold(name);
  const rows = `/api/households/${home.id}`;
  const ada = (await api.newPerson(home.id, { first_name: "Ada", last_name: "Quill", role: "primary" }))
    .person.id;
  await api.newPerson(home.id, { first_name: "Cy", last_name: "Quill", role: "child" });
  const trust = await api.post<{ id: string }>(`${rows}/entities`, { kind: "trust", name: "Quill Trust" });
  await api.post(`${rows}/entity-roles`, { entity_id: trust.id, person_id: ada, role: "trustee" });
  await api.post(`${rows}/professionals`, { kind: "CPA", name: "Dana Holt" });
  return home;
}

test("HH-4 the relationship map is walked by arrow keys, opened by Enter, and is a list as well", async ({
  seat,
  unique,
}) => {
  const will = await seat("Will");
  const { page } = will;
  const home = await trustees(will, unique("Mapped family"));
  await page.goto(`/crm/households/${home.id}`);
  await page.getByRole("button", { name: /^Open the relationship map: 4 nodes/ }).click();
  const map = page.getByTestId("map");
  await map.getByRole("button", { name: /^Ada Quill/ }).focus();
  await expect(page.getByTestId("map-about")).toContainText("Trustee: Quill Trust");
  await expect(page.getByTestId("map-about")).toContainText("Ada Quill has no telephone number");
  await page.keyboard.press("ArrowUp");
  await expect(map.getByRole("button", { name: /^Quill Trust/ })).toBeFocused();
  await expect(page.getByTestId("map-about")).toContainText("Quill Trust has no successor trustee");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(map.getByRole("button", { name: /^Cy Quill/ })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Cy Quill" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("group", { name: "Show the map as" }).getByRole("button", { name: "List" }).click();
  const table = page.getByRole("table", { name: "Relationships" });
  await expect(table.getByRole("row", { name: /^Dana Holt/ })).toContainText("CPA: Ada Quill");
});

test("HH-4 what is missing leads to the form that puts it right", async ({ seat, unique }) => {
  const will = await seat("Will");
  const { page, api } = will;
  const home = await trustees(will, unique("Gaping family"));
  await page.goto(`/crm/households/${home.id}`);
  const hints = page.getByTestId("hint");
  await expect(hints.filter({ hasText: "No trusted contact is recorded" })).toBeVisible();
  await page.getByRole("button", { name: "Add: No trusted contact is recorded" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("What they do")).toHaveValue("Trusted contact");
  await dialog.getByLabel("Name").fill("Ida Holt");
  await dialog.getByRole("button", { name: "Add professional" }).click();
  await expect(hints.filter({ hasText: "No trusted contact" })).toHaveCount(0);
  expect((await api.record(home.id)).professionals.map((p) => p.kind)).toContain("Trusted contact");
  await page.getByRole("button", { name: "Set: The next review is not set" }).click();
  await page.getByRole("textbox", { name: "Next review" }).fill("2027-01-15");
  await page.keyboard.press("Enter");
  await expect(hints.filter({ hasText: "next review" })).toHaveCount(0);
});
