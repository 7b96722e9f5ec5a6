import type { Page } from "@playwright/test";
import { expect, type Seat, test } from "./support/fixtures";
import { invite, joinWith } from "./support/people";

const brainOf = (id: string) => `/crm/households/${id}?tab=brain`;
const title = (page: Page, path: string) => page.getByRole("heading", { level: 2, name: path, exact: true });
const text = (page: Page) => page.getByRole("textbox", { name: "Text" });
const proof = (page: Page) => page.getByTestId("proof");
const saved = (page: Page, version: number) =>
  expect(page.getByRole("region", { name: "Messages" })).toContainText(`Saved as version ${version}.`);

/** A household of a team that Will and Matt share. */
async function shared(will: Seat, name: string) {
  const team = (await will.api.me()).teams.find((t) => t.name.includes(" + "));
  return will.api.newHousehold(name, { team_id: team?.id });
}

test("BR-8 facts.md is written, changed, compared, proved and brought back, by keyboard", async ({
  seat,
  unique,
}) => {
  const { page, api } = await seat("Will");
  const made = await api.newHousehold(unique("Remembered family"));
  await page.goto(`/crm/households/${made.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(made.name);
  await page.keyboard.press("6");
  await expect(title(page, "profile.md")).toBeVisible();
  await page.getByRole("button", { name: "Write facts.md" }).press("Enter");
  await expect(text(page)).toBeFocused();
  await page.keyboard.insertText("# Facts\n\nThe boat is **Wren**.\nThe dog is Otto.\n");
  await page.getByRole("button", { name: "Preview" }).press("Enter");
  await expect(page.getByRole("region", { name: "Preview" }).locator("strong")).toHaveText("Wren");
  await page.getByRole("button", { name: "Write", exact: true }).press("Enter");
  await text(page).press("Control+Enter");
  await saved(page, 1);
  await expect(title(page, "facts.md")).toBeFocused();
  await expect(page.getByTestId("brain-version")).toContainText(
    /version 1 · Will Arrowsmith · \d+ \w+ \d{4}/,
  );

  await page.keyboard.press("e");
  await text(page).fill("# Facts\n\nThe boat is **Heron**.\nThe dog is Otto.\n");
  await page.getByRole("textbox", { name: "Reason" }).fill("Their call of Monday");
  await page.keyboard.press("Control+Enter");
  await saved(page, 2);
  await expect(page.getByTestId("brain-version")).toContainText("version 2");
  await expect(page.getByText("Reason: Their call of Monday")).toBeVisible();

  await page.getByRole("button", { name: "Changes" }).press("Enter");
  await expect(page.getByTestId("line-gone")).toContainText("The boat is **Wren**.");
  await expect(page.getByTestId("line-new")).toContainText("The boat is **Heron**.");
  await expect(page.getByTestId("line-new")).not.toContainText("Otto");
  await page.getByRole("button", { name: "Changes" }).press("Enter");

  await expect(proof(page)).toContainText(/Intact · waiting for the log|Proved · checkpoint \d+/);
  await proof(page).press("Enter");
  await expect(page.getByTestId("proof-explained")).toContainText("It is the one that was written.");
  await page.keyboard.press("Escape");
  await expect(proof(page)).toBeFocused();

  await page.getByTestId("version").filter({ hasText: "Version 1" }).press("Enter");
  await expect(page).toHaveURL(/version=1/);
  await expect(page.getByText("An earlier version: 1 of 2")).toBeVisible();
  await expect(page.getByRole("article").locator("strong")).toHaveText("Wren");
  await page.getByRole("button", { name: "Restore this version" }).press("Enter");
  await page.getByRole("dialog").getByRole("textbox", { name: "Reason" }).fill("Heron was the old boat");
  await page.keyboard.press("Enter");
  await saved(page, 3);
  await expect(page.getByRole("article").locator("strong")).toHaveText("Wren");
  await expect(page.getByTestId("version")).toHaveCount(3);
  await expect(page.getByTestId("version").first()).toContainText("restored");
  await expect(page).not.toHaveURL(/version=/);
});

test("BR-8 a file is removed with a reason, read as it was, and brought back, by keyboard", async ({
  seat,
  unique,
}) => {
  const { page, api } = await seat("Will");
  const made = await api.newHousehold(unique("Forgetful family"));
  await api.writeBrain(made.id, { path: "facts.md", body: "The boat is Wren.\n" });
  await page.goto(brainOf(made.id));
  await expect(title(page, "facts.md")).toBeVisible();
  await page.getByRole("button", { name: "Remove facts.md" }).press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("textbox", { name: "Reason" })).toBeFocused();
  await page.keyboard.type("Filed twice");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Messages" })).toContainText("facts.md is removed.");
  await expect(page.getByRole("heading", { name: "Brain files" })).toBeFocused();
  await expect(page.getByTestId("brain-file").filter({ visible: true })).toHaveText([/profile\.md/]);

  await page.getByText("1 removed file").press("Enter");
  await page.getByRole("list", { name: "Removed files" }).getByRole("link").press("Enter");
  await expect(page.getByText("This file was removed.")).toBeVisible();
  await expect(page.getByText("Reason: Filed twice")).toBeVisible();
  await expect(page.getByTestId("version").first()).toContainText("removed");
  await page.getByTestId("version").filter({ hasText: "Version 1" }).press("Enter");
  await expect(page.getByRole("article")).toContainText("The boat is Wren.");
  await page.getByRole("button", { name: "Newest version" }).press("Enter");
  await expect(title(page, "facts.md")).toBeFocused();
  await page.getByRole("button", { name: "Bring it back" }).press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Restore" }).press("Enter");
  await saved(page, 3);
  await expect(page.getByRole("article")).toContainText("The boat is Wren.");
  await expect(page.getByText("This file was removed.")).toHaveCount(0);
  await expect(page.getByText("removed file")).toHaveCount(0);
});

test("BR-8 an imported file is proved against the signed log, and says where it comes from", async ({
  seat,
}) => {
  const { page, api } = await seat("Will");
  const [family] = await api.households({ sort: "-aum", type: ["client"] });
  await page.goto(brainOf(family?.id ?? ""));
  await expect(title(page, "profile.md")).toBeVisible();
  await expect(page.getByTestId("front-matter")).toContainText("Review cadence months");
  await expect(page.getByText("Made from the household's record")).toBeVisible();
  await expect(page.getByRole("button", { name: "Edit", exact: true })).toHaveCount(0);
  // The version that came with today's files; the record made later ones.
  await page.getByTestId("version").last().click();
  await expect(page).toHaveURL(/version=1/);
  // A checkpoint is signed every half minute.
  await expect(proof(page)).toContainText(/Proved · checkpoint \d+/, { timeout: 60_000 });
  await proof(page).click();
  await expect(page.getByTestId("proof-explained")).toContainText(
    /holds it as leaf \d+, in the tree that was signed as checkpoint \d+ on/,
  );
  await page.keyboard.press("Escape");
  const provenance = page.getByTestId("provenance");
  await expect(provenance).toContainText(
    /From today's brain: advisor_\w+\/clients\/.*profile\.md, manifest of \d+ \w+ \d{4} agrees/,
  );
  await provenance.getByText(/^Old log/).click();
  await expect(provenance.getByRole("listitem").first()).toContainText("bytes");
});

test("BR-8 a colleague's version is not written over unasked, and what was typed stays", async ({
  seat,
  unique,
}) => {
  const will = await seat("Will");
  const made = await shared(will, unique("Shared memory"));
  await will.api.writeBrain(made.id, { path: "facts.md", body: "One boat\n" });
  await will.page.goto(brainOf(made.id));
  await will.page.getByRole("button", { name: "Edit", exact: true }).click();
  await text(will.page).fill("Two boats\n");
  const matt = await seat("Matt");
  await matt.api.writeBrain(made.id, { path: "facts.md", body: "One boat, sold\n", seen: 1 });
  await will.page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(will.page.getByTestId("conflict")).toContainText(/Matt Kestrel wrote version 2 of facts\.md/);
  await expect(text(will.page)).toHaveValue("Two boats\n");
  await will.page.getByRole("button", { name: "Show theirs" }).click();
  await expect(
    will.page.getByRole("region", { name: "Their version" }).getByTestId("line-new"),
  ).toContainText("One boat, sold");
  await will.page.getByRole("button", { name: "Save mine over it" }).click();
  await saved(will.page, 3);
  await expect(will.page.getByRole("article")).toContainText("Two boats");
  await expect(will.page.getByTestId("version").nth(1)).toContainText("Matt Kestrel");
});

test("BR-8 a restore over a version that came meanwhile is refused, and says by whom", async ({
  seat,
  unique,
}) => {
  const will = await seat("Will");
  const made = await shared(will, unique("Restored memory"));
  const { id } = await will.api.writeBrain(made.id, { path: "facts.md", body: "First" });
  await will.api.writeBrain(made.id, { path: "facts.md", body: "Second", seen: 1 });
  await will.page.goto(`${brainOf(made.id)}&file=${id}&version=1`);
  await will.page.getByRole("button", { name: "Restore this version" }).click();
  const matt = await seat("Matt");
  await matt.api.writeBrain(made.id, { path: "facts.md", body: "Third", seen: 2 });
  await will.page.getByRole("button", { name: "Restore", exact: true }).click();
  await expect(will.page.getByTestId("conflict")).toContainText(/Matt Kestrel wrote version 3/);
  await will.page.getByRole("button", { name: "Read the newest version" }).click();
  await expect(will.page.getByRole("article")).toContainText("Third");
});

test("BR-8 a text that is not saved is not left unasked, and is kept by no browser", async ({
  seat,
  unique,
}) => {
  const { page, api } = await seat("Will");
  const made = await api.newHousehold(unique("Unsaved memory"));
  await page.goto(brainOf(made.id));
  await page.getByRole("button", { name: "Write facts.md" }).click();
  await text(page).fill("Half a thought");
  await page.getByRole("tab", { name: "Notes" }).click();
  const dialog = page.getByRole("dialog", { name: "Leave without saving?" });
  await expect(dialog).toContainText("What you typed in facts.md is not saved.");
  await dialog.getByRole("button", { name: "Go on writing" }).click();
  await expect(text(page)).toHaveValue("Half a thought");
  await expect(text(page)).toBeFocused();
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  expect(kept).not.toContain("Half a thought");
  const asked = page.waitForEvent("dialog").then(async (asks) => {
    await asks.dismiss();
    return asks.type();
  });
  await page.close({ runBeforeUnload: true });
  expect(await asked).toBe("beforeunload");
  await page.getByRole("tab", { name: "Notes" }).click();
  await dialog.getByRole("button", { name: "Discard what I typed" }).click();
  await expect(page.getByRole("textbox", { name: "Write a note" })).toBeVisible();
  const { items } = await api.get<{ items: { path: string }[] }>(`/api/households/${made.id}/brain`);
  expect(items.map((file) => file.path)).toEqual(["profile.md"]);
});

test("BR-8 a new file needs a path, and a path that is taken is told", async ({ seat, unique }) => {
  const { page, api } = await seat("Will");
  const made = await api.newHousehold(unique("Folders"));
  await api.writeBrain(made.id, { path: "facts.md", body: "There already" });
  await page.goto(brainOf(made.id));
  await page.getByRole("button", { name: "New file" }).click();
  const path = page.getByRole("textbox", { name: /^Path/ });
  await expect(path).toBeFocused();
  await path.fill("Review of March");
  await text(page).fill("They agreed.");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText(/must be a path such as/)).toBeVisible();
  await path.fill("facts.md");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByTestId("conflict")).toContainText("facts.md already, in version 1");
  await path.fill("meetings/2026-03-14-review.md");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await saved(page, 1);
  await expect(title(page, "meetings/2026-03-14-review.md")).toBeVisible();
  const list = page.getByRole("navigation", { name: "Brain files" });
  await expect(list.getByRole("heading", { name: "meetings" })).toBeVisible();
  await expect(list.locator("[aria-current=page]")).toContainText("2026-03-14-review.md");
});

test("BR-8 a day of the past shows the versions of that day, to read only", async ({ seat, unique }) => {
  const { page, api } = await seat("Will");
  const made = await api.newHousehold(unique("Past memory"));
  await api.writeBrain(made.id, { path: "facts.md", body: "Of that day" });
  await api.writeBrain(made.id, { path: "facts.md", body: "Of a later day", seen: 1 });
  await api.writeBrain(made.id, { path: "preferences.md", body: "Of a later day too" });
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString();
  // Nobody can wait for another day: the newest version of each file is told to be of four days from now.
  await page.route(/\/brain$/, async (route) => {
    const answer = await route.fetch();
    const { items } = await answer.json();
    for (const item of items) item.at = day(4);
    await route.fulfill({ response: answer, json: { items } });
  });
  await page.route(/\/versions$/, async (route) => {
    const answer = await route.fetch();
    const { items } = await answer.json();
    items[0].at = day(4);
    await route.fulfill({ response: answer, json: { items } });
  });
  await page.goto(`${brainOf(made.id)}&known=${day(1).slice(0, 10)}`);
  await expect(page.getByRole("article")).toContainText("Of that day");
  await expect(page.getByTestId("brain-version")).toContainText("version 1");
  await expect(page.getByTestId("brain-file")).toHaveCount(1);
  await expect(page.getByTestId("version")).toHaveCount(1);
  for (const button of ["Edit", "New file", "Restore this version"])
    await expect(page.getByRole("button", { name: button, exact: true })).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("article")).toContainText("Of a later day");
  await expect(page.getByTestId("brain-file")).toHaveCount(3);
});

test("BR-8 who may only read sees files and proofs, and no way to write", async ({
  newSeat,
  seat,
  unique,
  browser,
}) => {
  const will = await seat("Will");
  const made = await will.api.newHousehold(unique("Supervised memory"));
  const { id } = await will.api.writeBrain(made.id, { path: "facts.md", body: "First" });
  await will.api.writeBrain(made.id, { path: "facts.md", body: "Second", seen: 1 });
  const priya = await newSeat("Priya", "/crm/settings/people");
  const name = unique("Ida Reader");
  const link = await invite(priya.page, name, "compliance");
  const context = await browser.newContext();
  const page = await context.newPage();
  await joinWith(page, link, name);
  await page.goto(`${brainOf(made.id)}&file=${id}`);
  await expect(page.getByRole("article")).toContainText("Second");
  await expect(proof(page)).toBeVisible();
  await page.getByTestId("version").filter({ hasText: "Version 1" }).click();
  await expect(page.getByRole("article")).toContainText("First");
  for (const button of ["Edit", "New file", "Restore this version"])
    await expect(page.getByRole("button", { name: button, exact: true })).toHaveCount(0);
  await context.close();
});
