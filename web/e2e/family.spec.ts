import { expect, type Seat, test } from "./support/fixtures";

/** A couple, of whom the husband is a beneficiary of an account. */
async function couple({ api }: Seat, name: string) {
  const home = await api.newHousehold(name);
  const add = (first_name: string, role: string) =>
    api.newPerson(home.id, { first_name, last_name: "Marsh", role, joined_on: "2012-05-01" });
  const ada = (await add("Ada", "primary")).person.id;
  const ben = (await add("Ben", "spouse")).person.id;
  const rows = `/api/households/${home.id}`;
  const account = await api.post<{ id: string }>(`${rows}/accounts`, {
    name: "Joint brokerage",
    source: "linked",
  });
  await api.post(`${rows}/beneficiaries`, { account_id: account.id, person_id: ben, designation: "primary" });
  return { ...home, ada, ben };
}

test("HH-3 a divorce is recorded by keyboard, told what to look at, seen as it was before, and undone as one", async ({
  seat,
  unique,
}) => {
  const will = await seat("Will");
  const { page, api } = will;
  const home = await couple(will, unique("Marsh family"));
  await page.goto(`/crm/households/${home.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(home.name);
  const before = new Date().toISOString();
  await page.keyboard.press("m");
  await page.getByRole("menuitem", { name: "Change the family…" }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("radio", { name: /^Divorce/ })).toBeChecked();
  await dialog.getByLabel(/^Who\?/).selectOption({ label: "Ben Marsh" });
  await dialog.getByLabel(/^On/).fill("2026-03-01");
  await dialog.getByLabel(/^Name of the new household/).fill("Ben Marsh Household");
  await dialog.getByLabel(/^Why/).fill("decree of the court");
  await expect(dialog.getByRole("region", { name: "What will be recorded" })).toContainText(
    "Ben Marsh Household is opened, with Ben Marsh as its primary contact.",
  );
  await dialog.getByRole("button", { name: "Record" }).press("Enter");
  const done = page.getByTestId("family-done");
  await expect(done.getByTestId("hint")).toContainText(
    "Ben Marsh, who has left the household, is a beneficiary of Joint brokerage",
  );

  // The new household says where he came from, and the old one where he is now.
  await done.getByRole("link", { name: "Ben Marsh Household" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ben Marsh Household");
  await expect(page.getByTestId("person-card")).toContainText(
    `Came from ${home.name}, spouse until 1 Mar 2026`,
  );
  await page.getByTestId("person-card").getByRole("link", { name: home.name }).click();
  const gone = page.getByTestId("person-card").filter({ hasText: "Ben Marsh" });
  await expect(gone).toContainText("left 1 Mar 2026");
  await expect(gone).toContainText("Now in Ben Marsh Household");

  // As it was known before: the couple, and nothing of what came later.
  const then = await api.get<{ people: { membership: { left_on: string | null } }[] }>(
    `/api/households/${home.id}?known_at=${before}`,
  );
  expect(then.people.map((m) => m.membership.left_on)).toEqual([null, null]);

  // Who belonged when is drawn, and is a table as well.
  await page.keyboard.press("p");
  await expect(page.getByTestId("membership-bars")).toHaveAccessibleName(
    /Ben Marsh: Spouse, from 1 May 2012 until 1 Mar 2026/,
  );
  await page.getByRole("group", { name: "Show it as" }).getByRole("button", { name: "Table" }).click();
  await expect(
    page.getByRole("table", { name: "Who belonged when" }).getByRole("row", { name: /Ben Marsh/ }),
  ).toContainText("1 Mar 2026");

  await page.getByRole("tab", { name: "Timeline" }).click();
  const line = page
    .getByTestId("timeline-item")
    .filter({ hasText: "Divorce on 2026-03-01: decree of the court" })
    .first();
  await line.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Undo" }).click();
  await expect
    .poll(async () => (await api.record(home.id)).people.map((m) => m.membership.left_on))
    .toEqual([null, null]);
});

test("HH-3 a death is recorded from the family tab, and the toast takes all of it back", async ({
  seat,
  unique,
}) => {
  const will = await seat("Will");
  const { page, api } = will;
  const home = await couple(will, unique("Mourning family"));
  await page.goto(`/crm/households/${home.id}?tab=people`);
  await page.getByRole("button", { name: "Change the family" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: /^Death/ }).check();
  await dialog.getByLabel(/^Who\?/).selectOption({ label: "Ada Marsh" });
  await dialog.getByLabel(/^On/).fill("2026-03-02");
  await expect(dialog.getByRole("region", { name: "What will be recorded" })).toContainText(
    "Ben Marsh becomes the primary contact.",
  );
  await dialog.getByRole("button", { name: "Record" }).click();
  await expect(page.getByTestId("person-card").first()).toContainText("Ben Marsh");
  await expect(page.getByTestId("person-card").last()).toContainText("died 2 Mar 2026");
  await page.getByTestId("toast").getByRole("button", { name: "Undo" }).click();
  await expect.poll(async () => (await api.record(home.id)).people[0]?.person.id).toBe(home.ada);
  expect((await api.record(home.id)).people[0]?.person.deceased).toBe(false);
});

test("AU-3 who can see a household and why is answered by the server", async ({ seat, unique }) => {
  const { page, api } = await seat("Will");
  const home = await api.newHousehold(unique("Watched family"));
  await page.goto(`/crm/households/${home.id}`);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Who can see this" }).click();
  const people = page.getByTestId("access").getByRole("listitem");
  const me = (await api.me()).user.name;
  await expect(people.filter({ hasText: me })).toContainText(`belongs to the team ${me}`);
  await expect(people.filter({ hasText: "Priya" })).toContainText("firm admins see every household");
  await expect(people.filter({ hasText: "Evan" })).toHaveCount(0);
});

test("HL next and previous walk the list one came from, in its order", async ({ seat, unique }) => {
  const { page, api } = await seat("Will");
  const tag = unique("walked");
  const all: { name: string }[] = [];
  for (const n of [1, 2, 3]) all.push(await api.newHousehold(`${tag} ${n}`, { tags: [tag] }));
  const filter = encodeURIComponent(JSON.stringify({ field: "tag", op: "is", value: tag }));
  await page.goto(`/crm/households?filter=${filter}`);
  await expect(page.getByRole("row")).toHaveCount(4);
  await page.getByRole("row").nth(2).getByRole("link").first().focus();
  await page.keyboard.press("o");
  const heading = page.getByRole("heading", { level: 1 });
  await expect(heading).toHaveText(all[1]?.name ?? "");
  await page.keyboard.press("]");
  await expect(heading).toHaveText(all[2]?.name ?? "");
  await page.keyboard.press("[");
  await expect(heading).toHaveText(all[1]?.name ?? "");
  await page.getByRole("button", { name: "Previous household of the list" }).click();
  await expect(heading).toHaveText(all[0]?.name ?? "");
  await expect(page.getByRole("button", { name: "Previous household of the list" })).toBeDisabled();
});
