import { expect, test } from "./support/fixtures";

test("AU-3 two advisors at two browsers each see only the families of their own teams", async ({
  newSeat,
}) => {
  const will = await newSeat("Will", "/crm/households");
  const matt = await newSeat("Matt", "/crm/households");
  const own = async (at: typeof will) => {
    const me = await at.api.me();
    await expect(at.page.getByTestId("count")).toHaveText(/^\d+ households?, \$/);
    const shown = at.page.getByRole("table", { name: "Households" }).getByRole("row");
    await expect(shown.nth(1)).toBeVisible();
    const families = await at.api.households();
    const teams = new Set(me.teams.map((team) => team.id));
    expect(families.filter((h) => !teams.has(h.team_id))).toEqual([]);
    return families;
  };
  // Will's last: what another test moves from his team to Matt's meanwhile is in one of the two at most.
  const theirs = await own(matt);
  const his = await own(will);
  expect(his.length).toBeGreaterThan(10);
  expect(theirs.length).toBeGreaterThan(10);
  const ids = new Set(his.map((h) => h.id));
  // What both see belongs to the team of the two of them, and nothing else.
  const shared = theirs.filter((h) => ids.has(h.id));
  expect(shared.length).toBeGreaterThan(0);
  expect(shared.filter((h) => !h.team_name.includes(" + "))).toEqual([]);
});

test("AU-3 a foreign household's address shows not found, in the app as in the API", async ({ seat }) => {
  const will = await seat("Will");
  const matt = await seat("Matt");
  const families = await will.api.households({ sort: "-aum" });
  const foreign = families.find((h) => !h.team_name.includes(" + "));
  if (!foreign) throw new Error("Will has no household");
  await matt.page.goto(`/crm/households/${foreign.id}`);
  await expect(matt.page.getByRole("alert")).toContainText("Not in your book");
  await expect(matt.page.locator("body")).not.toContainText(foreign.name);
  for (const path of ["", "/edits", "/totals", "/notes"])
    expect((await matt.api.ask("GET", `/api/households/${foreign.id}${path}`)).status).toBe(404);
  const change = await matt.api.ask("PATCH", `/api/households/${foreign.id}`, { version: 1, tier: "Z" });
  expect(change.status).toBe(404);
});

test("AU-3 the firm admin sees every family, and one given to another team moves with it", async ({
  seat,
  unique,
}) => {
  const priya = await seat("Priya");
  const will = await seat("Will");
  const matt = await seat("Matt");
  const made = await will.api.newHousehold(unique("Moving family"));
  // Other tests make and remove families meanwhile: what Will has and Priya does not see a moment later, is gone.
  const wills = await will.api.households();
  const all = new Set((await priya.api.households()).map((h) => h.id));
  for (const h of wills.filter((one) => !all.has(one.id)))
    expect((await will.api.record(h.id)).household.deleted_at).not.toBeNull();

  await priya.page.goto(`/crm/households/${made.id}`);
  await priya.page.getByRole("button", { name: "Edit Team" }).click();
  const me = await matt.api.me();
  const team = me.teams.find(({ name }) => name === me.user.name);
  await priya.page.getByRole("combobox", { name: "Team" }).selectOption(team?.id ?? "");
  await priya.page.keyboard.press("Enter");
  await expect(priya.page.getByTestId("field-team_id")).toContainText(team?.name ?? "");

  await matt.page.goto(`/crm/households/${made.id}`);
  await expect(matt.page.getByRole("heading", { level: 1 })).toHaveText(made.name);
  await will.page.goto(`/crm/households/${made.id}`);
  await expect(will.page.getByRole("alert")).toContainText("Not in your book");
});
