import { expect, type Seat, test } from "./support/fixtures";
import { view } from "./support/view";

// Runs in light, in dark and at 390 px: a family with something of everything that the record draws.

async function fullFamily({ api }: Seat, name: string) {
  const home = await api.newHousehold(name, { client_since: "2009-05-01" });
  const rows = `/api/households/${home.id}`;
  const add = async (first_name: string, role: string, joined_on?: string) =>
    (
      await api.newPerson(home.id, {
        first_name,
        last_name: "Whitfield",
        role,
        joined_on,
        birth_date: "1961-03-14",
      })
    ).person.id;
  const ada = await add("Eleanor", "primary", "2009-05-01");
  const ben = await add("James", "spouse", "2012-08-20");
  const cy = await add("Clara", "child");
  await add("Theodore", "child", "2014-01-01");
  const trust = await api.post<{ id: string }>(`${rows}/entities`, {
    kind: "trust",
    name: "Whitfield Revocable Trust",
  });
  await api.post(`${rows}/entity-roles`, {
    entity_id: trust.id,
    person_id: ada,
    role: "trustee",
    since: "2010-01-01",
  });
  await api.post(`${rows}/entity-roles`, {
    entity_id: trust.id,
    name: "First Bank of Asheville",
    role: "successor_trustee",
  });
  await api.post(`${rows}/professionals`, { kind: "CPA", name: "Dana Holt", organization: "Holt LLP" });
  const ira = await api.post<{ id: string }>(`${rows}/accounts`, {
    name: "Rollover IRA",
    source: "linked",
    custodian: "Schwab",
  });
  await api.post(`${rows}/account-owners`, { account_id: ira.id, person_id: ada });
  await api.post(`${rows}/beneficiaries`, { account_id: ira.id, person_id: ben, share_pct: "60" });
  await api.post(`${rows}/balances`, { account_id: ira.id, amount: "1250000.25", as_of: "2026-06-30" });
  await api.post(`${rows}/liabilities`, { name: "Mortgage", balance: "310000", as_of: "2026-02-01" });
  await api.post(`${rows}/liabilities`, { name: "Flat in Paris", balance: "90000", currency: "EUR" });
  await api.post(`${rows}/notes`, { body: "They sold the mill." });
  await api.post(`${rows}/family-events`, {
    event: "left",
    person_id: cy,
    on: "2024-09-01",
    new_household: `${name} Clara`,
  });
  await api.post(`${rows}/family-events`, { event: "divorce", person_id: ben, on: "2026-03-01" });
  return home;
}

test("FE-5 a family drawn as a map and over time", async ({ seat, unique }, info) => {
  const will = await seat("Will");
  const { page } = will;
  const home = await fullFamily(will, unique("Whitfield"));
  await page.goto(`/crm/households/${home.id}`);
  await expect(page.getByTestId("hint").first()).toBeVisible();
  await view(page, info, "family-overview");
  await page.goto(`/crm/households/${home.id}?tab=people`);
  await expect(page.getByTestId("map")).toBeVisible();
  await page.getByRole("checkbox", { name: "Accounts" }).check();
  await view(page, info, "family-map");
  await page.getByTestId("membership-bars").scrollIntoViewIfNeeded();
  await view(page, info, "family-time");
  await page.getByRole("group", { name: "Show the map as" }).getByRole("button", { name: "List" }).click();
  await page.getByRole("group", { name: "Show it as" }).getByRole("button", { name: "Table" }).click();
  await view(page, info, "family-lists");
  for (const tab of ["timeline", "accounts", "history"]) {
    await page.goto(`/crm/households/${home.id}?tab=${tab}`);
    await expect(page.getByTestId(/timeline-item|account|history-row/).first()).toBeVisible();
    await view(page, info, `family-${tab}`);
  }
});

test("FE-5 what opens over a family", async ({ seat, unique }, info) => {
  const will = await seat("Will");
  const { page } = will;
  const home = await fullFamily(will, unique("Opened"));
  await page.goto(`/crm/households/${home.id}`);
  const dialog = page.getByRole("dialog");
  for (const [name, button] of [
    ["sum-liabilities", /^Liabilities .*: what adds up to this$/],
    ["sum-net", /^net worth/],
    ["sum-touch", /^Last touch/],
    ["sum-review", /^no cadence set|^every/],
  ] as const) {
    await page.getByRole("button", { name: button }).click();
    await expect(dialog).toBeVisible();
    await view(page, info, name);
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
  }
  await page.getByRole("button", { name: "More actions" }).click();
  await view(page, info, "more-actions");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toHaveCount(0);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Who can see this" }).click();
  await expect(page.getByTestId("access")).toBeVisible();
  await view(page, info, "access");
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Change the family…" }).click();
  await dialog.getByRole("radio", { name: /^Death/ }).check();
  await dialog.getByLabel(/^Who\?/).selectOption({ label: "Eleanor Whitfield" });
  await view(page, info, "change-family");
  await dialog.getByRole("button", { name: "Record" }).click();
  await expect(page.getByTestId("family-done")).toBeVisible();
  await view(page, info, "family-done");
});
