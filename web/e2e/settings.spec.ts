import type { Page } from "@playwright/test";
import { test as base, expect, type Seat } from "./support/fixtures";
import { chord } from "./support/keyboard";
import { invite, isOut, signIn } from "./support/people";

/** Names of people and teams are used up for good, so a run on the same book as the last takes others. */
const test = base.extend({
  unique: async ({ unique }, use) => use((name) => `${unique(name)}${Date.now().toString(36).slice(-4)}`),
});

const main = (page: Page) => page.getByRole("navigation", { name: "Main" }).filter({ visible: true });

/** Opens a colleague on the page of people. */
async function openPerson({ page }: Seat, name: string) {
  await page.goto("/crm/settings/people");
  await page
    .getByRole("list", { name: "People" })
    .getByRole("button", { name: new RegExp(`^${name}`) })
    .click();
  await expect(page.getByRole("dialog", { name })).toBeVisible();
  return page.getByRole("dialog", { name });
}

test("AU-6 a firm admin invites somebody, who signs in with the link and is one of the firm", async ({
  newSeat,
  unique,
  browser,
}) => {
  const priya = await newSeat("Priya", "/crm/settings/people");
  const name = unique("Nora Blake");
  const link = await invite(priya.page, name, "advisor");
  expect(link).toMatch(/\/crm\/join#mfi_/);
  await priya.page.getByRole("dialog").getByRole("button", { name: "Done" }).click();
  await expect(priya.page.getByRole("button", { name: new RegExp(name) })).toContainText("Invited");

  const context = await browser.newContext();
  const page = await context.newPage();
  const join = async (as: string) => {
    await page.goto("about:blank");
    await page.goto(link);
    await page.getByRole("button", { name: "Sign in and join" }).click();
    await page.getByRole("textbox", { name: /^Somebody else/ }).fill(as);
    await page.getByRole("button", { name: "Continue" }).click();
  };
  await join(name);
  await expect(main(page)).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Nora");
  await page.goto("/crm/households");
  await expect(page.getByText(/no households/i).first()).toBeVisible();

  // The link is used up, for her and for everybody else.
  await page.goto("about:blank");
  await page.goto(link);
  await page.getByRole("button", { name: "Sign in and join" }).click();
  await expect(page.getByRole("alert")).toContainText("was used");
  await context.close();

  // And later she signs in like everybody.
  const later = await browser.newContext();
  const again = await later.newPage();
  await again.goto("/crm/");
  await again.getByRole("link", { name: "Sign in" }).click();
  await again.getByRole("textbox", { name: /^Somebody else/ }).fill(name);
  await again.getByRole("button", { name: "Continue" }).click();
  await expect(main(again)).toBeVisible();
  await again.goto("/crm/settings/profile");
  await expect(again.getByRole("heading", { name })).toBeVisible();
  await later.close();
});

test("AU-3 ST-6 a colleague put into a team sees its households at once, and loses them at once", async ({
  newSeat,
  unique,
}) => {
  const priya = await newSeat("Priya", "/crm/settings/people");
  const evan = await newSeat("Evan");
  const evanName = (await evan.api.me()).user.name;
  const team = unique("Night team");
  await priya.page.getByRole("button", { name: "New team" }).click();
  await priya.page.getByRole("dialog").getByLabel(/^Name/).fill(team);
  await priya.page.getByRole("dialog").getByRole("button", { name: "Make team" }).click();
  await expect(priya.page.getByRole("list", { name: "Teams" })).toContainText(team);
  const teams = await priya.api.get<{ items: { id: string; name: string }[] }>("/api/teams");
  const made = teams.items.find((t) => t.name === team);
  const family = unique("Moved family");
  const home = await priya.api.post<{ id: string }>("/api/households", {
    name: family,
    type: "client",
    team_id: made?.id,
  });

  await evan.page.goto(`/crm/households/${home.id}`);
  await expect(evan.page.getByText("Not in your book")).toBeVisible();
  const sheet = await openPerson(priya, evanName);
  await sheet.getByRole("checkbox", { name: team }).click();
  await expect(sheet.getByRole("alertdialog")).toContainText("sees 1 household more");
  await sheet.getByRole("button", { name: "Add to the team" }).click();
  await expect(sheet.getByRole("checkbox", { name: team })).toBeChecked();
  await expect(evan.page.getByRole("heading", { level: 1 })).toHaveText(family);

  await sheet.getByRole("checkbox", { name: team }).click();
  await expect(sheet.getByRole("alertdialog")).toContainText("sees 1 household fewer");
  await sheet.getByRole("button", { name: "Take out of the team" }).click();
  await expect(sheet.getByRole("checkbox", { name: team })).not.toBeChecked();
  await expect(evan.page.getByText("Not in your book")).toBeVisible();
  await expect(evan.page.getByText(family)).toHaveCount(0);
  await priya.page.keyboard.press("Escape");
  await expect(priya.page.getByRole("region", { name: "Changes" })).toContainText(
    `took ${evanName} out of ${team}`,
  );
});

test("AU-7 an old sign-in must be confirmed, in a small window, and what was typed is not lost", async ({
  open,
  unique,
}) => {
  const priya = await open(async (page, person, path) => {
    await page.goto(path);
    await page.getByRole("link", { name: "Sign in" }).click();
    await page.getByRole("checkbox", { name: "I have been signed in here for an hour" }).check();
    await page.getByRole("button", { name: new RegExp(`^${person} `) }).click();
    await expect(main(page)).toBeVisible();
  })("Priya", "/crm/settings/api-keys");
  const { page, context } = priya;
  const label = unique("Nightly feed");
  await page.getByRole("button", { name: "New key" }).click();
  await page
    .getByRole("dialog")
    .getByLabel(/^What it is for/)
    .fill(label);
  await page.getByRole("dialog").getByRole("button", { name: "Make key" }).click();
  const ask = page.getByRole("dialog", { name: "Confirm that it is you" });
  await expect(ask).toBeVisible();

  // Somebody else at the provider does not do.
  let waiting = context.waitForEvent("page");
  await ask.getByRole("button", { name: "Continue to sign-in" }).click();
  let small = await waiting;
  await small.getByRole("button", { name: /^Will / }).click();
  await expect(small.getByRole("alert")).toContainText("Somebody else");
  await small.close();

  waiting = context.waitForEvent("page");
  await ask.getByRole("button", { name: "Open the window again" }).click();
  small = await waiting;
  // The provider was asked to ask again: saying that one has been there for an hour changes nothing.
  await small.getByRole("checkbox", { name: "I have been signed in here for an hour" }).check();
  await small.getByRole("button", { name: /^Priya / }).click();
  await expect(page.getByRole("dialog", { name: `The key ${label}` })).toBeVisible();
  await expect(ask).toHaveCount(0);
  const secret = await page.getByRole("textbox", { name: "Key" }).inputValue();
  expect(secret).toMatch(/^mfk_/);
  const asKey = () =>
    context.request
      .get("/api/me", { headers: { authorization: `Bearer ${secret}` } })
      .then((r) => r.status());
  expect(await asKey()).toBe(200);
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: `End the key ${label}` }).click();
  await expect(page.getByRole("button", { name: `End the key ${label}` })).toHaveCount(0);
  expect(await asKey()).toBe(401);
});

test("EM-3 tone and signature are kept on the server, and a signature is previewed", async ({ newSeat }) => {
  const will = await newSeat("Will", "/crm/");
  await chord(will.page, "gs");
  await expect(will.page).toHaveURL(/\/settings\/profile$/);
  await will.page.getByRole("radio", { name: /^Formal/ }).check();
  await will.page.getByLabel("Signature", { exact: true }).fill("**Will** Adams\n\nQuiet Harbor");
  await will.page.getByLabel("Written in").selectOption("markdown");
  await expect(will.page.getByTestId("signature-preview").locator("strong")).toHaveText("Will");
  await will.page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(will.page.getByTestId("toast").filter({ hasText: "Profile saved" })).toBeVisible();
  const laptop = await newSeat("Will", "/crm/settings/profile");
  await expect(laptop.page.getByRole("radio", { name: /^Formal/ })).toBeChecked();
  await expect(laptop.page.getByLabel("Signature", { exact: true })).toHaveValue(/Quiet Harbor/);
  await will.api.patch("/api/me/profile", { email_tone: "professional-warm", signature: null });
});

test("AU-2 groups of the firm admin are not there for anybody else", async ({ seat }) => {
  const { page } = await seat("Will", "/crm/settings/profile");
  const groups = page.getByRole("navigation", { name: "Settings" });
  await expect(groups.getByRole("link", { name: "Profile" })).toBeVisible();
  await expect(groups.getByRole("link", { name: "People & teams" })).toHaveCount(0);
  for (const path of ["firm", "people", "tiers"]) {
    await page.goto(`/crm/settings/${path}`);
    await expect(page.getByText("This page does not exist")).toBeVisible();
  }
  await page.goto("/crm/sessions");
  await expect(page).toHaveURL(/\/settings\/sessions$/);
});

test("ST-4 a tier is renamed with its households, and one undo takes all of it back", async ({
  newSeat,
  unique,
}) => {
  const priya = await newSeat("Priya", "/crm/settings/tiers");
  const { page, api } = priya;
  const tier = unique("Tier");
  const made = await api.newHousehold(unique("Tiered family"), {
    tier,
    team_id: (await api.get<{ items: { id: string }[] }>("/api/teams")).items[0]?.id,
  });
  await page.reload();
  await page.getByRole("button", { name: `Add ${tier} as a tier` }).click();
  const row = page.getByRole("list", { name: "Tiers" }).getByRole("listitem").filter({ hasText: tier });
  await expect(row).toContainText("1 household");
  await row.getByRole("combobox").selectOption("3");
  await expect(page.getByTestId("toast").last()).toContainText("Saved");
  await row.getByRole("button", { name: /^Remove/ }).click();
  await expect(page.getByRole("alert")).toContainText("1 household has this tier");
  await row.getByRole("button", { name: /^Rename/ }).click();
  await page.getByRole("dialog").getByLabel(/^Name/).fill(`${tier}+`);
  await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
  const said = page.getByTestId("toast").filter({ hasText: `${tier} is ${tier}+ now, for 1 household` });
  await expect(said).toBeVisible();
  expect((await api.record(made.id)).household.tier).toBe(`${tier}+`);
  await said.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByTestId("toast").last()).toContainText("Undone");
  expect((await api.record(made.id)).household.tier).toBe(tier);
  await expect(row).toBeVisible();
});

test("AU-7 a deactivated colleague is signed out on their screen", async ({ newSeat, unique, browser }) => {
  const priya = await newSeat("Priya", "/crm/settings/people");
  const name = unique("Ivo Short");
  const user = await priya.api.post<{ id: string }>("/api/users", {
    name,
    email: `${name.toLowerCase().replace(/\W+/g, ".")}@quietharbor.example`,
    role: "advisor",
  });
  const { code } = await priya.api.post<{ code: string }>(`/api/users/${user.id}/invite`);
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`/crm/join#${code}`);
  await page.getByRole("button", { name: "Sign in and join" }).click();
  await page.getByRole("textbox", { name: /^Somebody else/ }).fill(name);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(main(page)).toBeVisible();
  const sheet = await openPerson(priya, name);
  await sheet.getByRole("button", { name: "Deactivate" }).click();
  await expect(sheet.getByRole("button", { name: "Activate" })).toBeVisible();
  // Nothing has to be pressed for it: its stream tells it.
  await expect(page.getByRole("link", { name: "Sign in" })).toBeVisible();
  await context.close();
});

test("AU-7 signing out goes by the identity provider and ends at the sign-in page", async ({ page }) => {
  await signIn(page, "Evan");
  const visited: string[] = [];
  page.on("request", (r) => r.isNavigationRequest() && visited.push(new URL(r.url()).pathname));
  await page.getByRole("button", { name: "Account" }).first().click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await isOut(page);
  expect(visited).toContain("/end-session");
});
