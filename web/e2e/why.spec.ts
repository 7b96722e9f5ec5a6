import { expect, test } from "./support/fixtures";

test("ST-2 w on a card asks which value is meant, tells where it came from, and leads to the edit", async ({
  seat,
  unique,
}) => {
  const { page, api } = await seat("Will");
  const home = await api.newHousehold(unique("Curious family"));
  const { person } = await api.newPerson(home.id, {
    first_name: "Ada",
    last_name: "Quill",
    occupation: "Pilot",
    role: "primary",
  });
  await page.goto(`/crm/households/${home.id}`);
  await page.getByTestId("person-card").getByRole("button", { name: "Ada Quill" }).focus();
  await page.keyboard.press("w");
  const why = page.getByTestId("why");
  await expect(why.getByRole("list", { name: "Which value?" })).toBeVisible();
  await why.getByRole("button", { name: /^Occupation/ }).press("Enter");
  await expect(why).toContainText("Pilot");
  await expect(why.getByRole("listitem").first()).toContainText((await api.me()).user.name);
  await expect(why).toContainText("Request ");
  await why.getByRole("link", { name: "Show in the history" }).click();
  const row = page.locator("[data-testid=history-row][aria-current=true]");
  await expect(row).toContainText("Person");
  await expect(row).toBeFocused();
  expect(person.id).toBeTruthy();
});

test("ST-2 w works on the value that the pointer rests on, and Escape gives the focus back", async ({
  seat,
  unique,
}) => {
  const { page, api } = await seat("Will");
  const home = await api.newHousehold(unique("Pointed family"));
  const rows = `/api/households/${home.id}`;
  const account = await api.post<{ id: string }>(`${rows}/accounts`, {
    name: "Brokerage",
    custodian: "Schwab",
    source: "linked",
  });
  await api.post(`${rows}/balances`, { account_id: account.id, amount: "1250.50", as_of: "2026-06-30" });
  await page.goto(`/crm/households/${home.id}?tab=accounts`);
  await page.getByTestId("account").getByText("$1,250.50").hover();
  await page.keyboard.press("w");
  await expect(page.getByTestId("why")).toContainText("Created with $1,250.50");
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("why")).toHaveCount(0);
  const menu = page.getByRole("button", { name: "Actions for Brokerage" });
  await menu.focus();
  await page.keyboard.press("w");
  await page
    .getByTestId("why")
    .getByRole("button", { name: /^Custodian/ })
    .click();
  await expect(page.getByTestId("why")).toContainText("Schwab");
  await page.keyboard.press("Escape");
  await expect(menu).toBeFocused();
});

test("ST-7 the history is narrowed by person and source on the server", async ({ seat, unique }) => {
  const will = await seat("Will");
  const priya = await seat("Priya");
  const home = await will.api.newHousehold(unique("Sifted family"), { tier: "B" });
  await priya.api.patch(`/api/households/${home.id}`, { version: home.version, tier: "A" });
  await will.page.goto(`/crm/households/${home.id}?tab=history`);
  const rows = will.page.getByTestId("history-row");
  await expect(rows).toHaveCount(2);
  await will.page.getByLabel("Filter by person").selectOption({ label: (await priya.api.me()).user.name });
  await expect(rows).toHaveCount(1);
  await will.page.getByLabel("Filter by source").selectOption("import");
  await expect(will.page.getByText("No changes match")).toBeVisible();
});

test("ST-2 the timeline is searched, turned round, and makes tasks", async ({ seat, unique }) => {
  const { page, api } = await seat("Will");
  const home = await api.newHousehold(unique("Storied family"));
  await api.post(`/api/households/${home.id}/notes`, { body: "They sold the café in Lyon." });
  await api.post(`/api/households/${home.id}/goals`, { title: "A sailing boat" });
  await page.goto(`/crm/households/${home.id}?tab=timeline`);
  const lines = page.getByTestId("timeline-item");
  await expect(lines.first()).toContainText("sailing boat");
  await page.getByLabel("Order").selectOption("oldest");
  await expect(lines.first()).toContainText("Household added");
  await page.getByLabel("Search the timeline").fill("CAFE lyon");
  await expect(lines).toHaveCount(1);
  await lines.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Make a task" }).click();
  await expect(page.getByLabel("What to do")).toHaveValue("Follow up: They sold the café in Lyon.");
  await page.keyboard.press("Escape");
  await page.getByLabel("Search the timeline").fill("");
  await page.getByLabel("Order").selectOption("newest");
});
