import type { Page } from "@playwright/test";
import { expect, type Seat, test } from "./support/fixtures";
import { chord } from "./support/keyboard";

const composer = (page: Page) => page.getByRole("textbox", { name: "Write a note" });
const status = (page: Page) => page.getByTestId("draft-status").first();
/** A note that says so; one that is being rewritten says nothing yet. */
const note = (page: Page, text: string) =>
  page.getByTestId("note").filter({ hasText: text, hasNot: page.getByRole("textbox") });

/** A household of a team that Will and Matt share. */
async function shared(will: Seat, name: string) {
  const team = (await will.api.me()).teams.find((t) => t.name.includes(" + "));
  return will.api.newHousehold(name, { team_id: team?.id });
}
const notesOf = (id: string) => `/crm/households/${id}?tab=notes`;

test("ST-5 a draft survives the tab that was closed in the middle of a word, and is gone with the note", async ({
  seat,
  unique,
}) => {
  const will = await seat("Will");
  const made = await will.api.newHousehold(unique("Closed tab family"));
  await will.page.goto(notesOf(made.id));
  await composer(will.page).fill("They want to sell the mi");
  // No pause for the draft to be sent by itself: closing the page sends it.
  await will.page.close({ runBeforeUnload: false });
  await expect.poll(async () => (await will.api.drafts(made.id)).length).toBe(1);
  const again = await seat("Will", notesOf(made.id));
  await expect(again.page.getByTestId("draft-restored")).toContainText(
    /Unsaved draft from .*\d\d:\d\d restored/,
  );
  await expect(composer(again.page)).toHaveValue("They want to sell the mi");
  await composer(again.page).press("End");
  await composer(again.page).pressSequentially("ll");
  await expect(status(again.page)).toContainText("Draft saved");
  await composer(again.page).press("Control+Enter");
  await expect(note(again.page, "They want to sell the mill")).toBeVisible();
  await again.page.reload();
  await expect(note(again.page, "They want to sell the mill")).toBeVisible();
  await expect(composer(again.page)).toHaveValue("");
  await expect(again.page.getByTestId("draft-restored")).toHaveCount(0);
});

test("ST-5 a note that was being rewritten opens again with what was typed; discarding brings the note back", async ({
  seat,
  unique,
}) => {
  const will = await seat("Will");
  const made = await will.api.newHousehold(unique("Rewritten family"));
  await will.api.post(`/api/households/${made.id}/notes`, { body: "Met on Monday" });
  await will.page.goto(notesOf(made.id));
  await will.page.getByRole("button", { name: "Actions for note" }).click();
  await will.page.getByRole("menuitem", { name: "Edit" }).click();
  await will.page.getByRole("textbox", { name: "Edit note" }).fill("Met on Tuesday");
  await expect(will.page.getByRole("form", { name: "Edit note" }).getByTestId("draft-status")).toContainText(
    "Draft saved",
  );
  await will.page.close();
  const again = await seat("Will", notesOf(made.id));
  await expect(again.page.getByRole("textbox", { name: "Edit note" })).toHaveValue("Met on Tuesday");
  await expect(again.page.getByTestId("draft-restored")).toBeVisible();
  await again.page.getByRole("button", { name: "Discard changes" }).click();
  await expect(note(again.page, "Met on Monday")).toBeVisible();
  await again.page.getByRole("button", { name: "Actions for note" }).click();
  await again.page.getByRole("menuitem", { name: "Edit" }).click();
  await again.page.getByRole("textbox", { name: "Edit note" }).fill("Met on Friday");
  await again.page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(note(again.page, "Met on Friday")).toBeVisible();
  await again.page.getByRole("button", { name: "Actions for note" }).click();
  await again.page.getByRole("menuitem", { name: "Versions" }).click();
  const versions = again.page.getByTestId("version");
  await expect(versions.first().locator("del")).toHaveText("Monday");
  await expect(versions.first().locator("ins")).toHaveText("Friday");
  await expect(versions).toHaveCount(2);
});

test("ST-5 what another window of the same user wrote is shown, and neither text is lost", async ({
  seat,
  unique,
}) => {
  const will = await seat("Will");
  const made = await will.api.newHousehold(unique("Two windows family"));
  const other = await will.context.newPage();
  await will.page.goto(notesOf(made.id));
  // It has read that there is no draft before there is one.
  const read = other.waitForResponse((r) => r.url().endsWith("/drafts") && r.request().method() === "GET");
  await other.goto(notesOf(made.id));
  await read;
  await composer(will.page).fill("From the desk");
  await expect(status(will.page)).toContainText("Draft saved");
  await composer(other).fill("From the train");
  const card = other.getByTestId("draft-contested");
  await expect(card).toContainText("From the desk");
  await expect(composer(other)).toHaveValue("From the train");
  await card.getByRole("button", { name: "Keep this one" }).click();
  await expect(card).toHaveCount(0);
  await expect(status(other)).toContainText("Draft saved");
  await composer(will.page).pressSequentially(", later");
  await expect(will.page.getByTestId("draft-contested")).toContainText("From the train");
  await will.page.getByRole("button", { name: "Take the other" }).click();
  await expect(composer(will.page)).toHaveValue("From the train");
});

test("ST-5 while nothing can be sent the writer is told, and it is sent when it can be", async ({
  seat,
  unique,
}) => {
  const { page, context, api } = await seat("Will");
  const made = await api.newHousehold(unique("Offline family"));
  await page.goto(notesOf(made.id));
  await context.route("**/drafts", (route) =>
    route.request().method() === "PUT" ? route.abort() : route.continue(),
  );
  await composer(page).fill("Said in the tunnel");
  await expect(status(page)).toContainText("Draft not saved, will retry");
  await context.unroute("**/drafts");
  await expect(status(page)).toContainText("Draft saved");
});

test("ST-6 a mention is seen live by the colleague, leads to the note, and goes with it", async ({
  seat,
  unique,
}) => {
  const will = await seat("Will");
  const matt = await seat("Matt");
  const made = await shared(will, unique("Mention family"));
  const me = (await matt.api.me()).user;
  await matt.api.post("/api/notifications/read");
  await expect(matt.page.getByRole("heading", { level: 1 })).toContainText("Today");
  await expect(matt.page.getByRole("button", { name: /^Notifications(?!.*unread)/ })).toBeVisible();
  await will.page.goto(notesOf(made.id));
  await composer(will.page).pressSequentially("Please look at this @mat");
  const list = will.page.getByRole("listbox", { name: "Mention a colleague" });
  await expect(list.getByRole("option")).toHaveText([new RegExp(me.name)]);
  await composer(will.page).press("Enter");
  await expect(composer(will.page)).toHaveValue(`Please look at this @${me.name} `);
  await composer(will.page).press("Control+Enter");
  await expect(will.page.locator("[data-mention]")).toHaveText(`@${me.name}`);
  // On the other screen, without a reload: the bell, and the card of Today.
  await expect(matt.page.getByRole("button", { name: /^Notifications, [1-9]\d* unread/ })).toBeVisible();
  await expect(matt.page.getByRole("region", { name: "You were mentioned" })).toContainText(made.name);
  await matt.page.getByRole("heading", { level: 1 }).click();
  await chord(matt.page, "gn");
  const told = matt.page.getByRole("dialog", { name: "Notifications" });
  await expect(told.getByTestId("notification").first()).toContainText("Please look at this");
  await told.getByRole("link").first().click();
  await expect(note(matt.page, "Please look at this")).toBeInViewport();
  await expect(matt.page.getByRole("button", { name: "Notifications", exact: true })).toBeVisible();
  await will.page.getByRole("button", { name: "Actions for note" }).click();
  await will.page.getByRole("menuitem", { name: "Remove" }).click();
  await expect(note(matt.page, "Please look at this")).toHaveCount(0);
  const left = await matt.api.get<{ items: { household_name: string }[] }>("/api/notifications");
  expect(left.items.map((n) => n.household_name)).not.toContain(made.name);
});

test("AU-3 a colleague who cannot see the household is not offered and is refused", async ({
  seat,
  unique,
}) => {
  const { page, api } = await seat("Will");
  const evan = (await (await seat("Evan")).api.me()).user;
  const made = await api.newHousehold(unique("Own family"));
  await page.goto(notesOf(made.id));
  await composer(page).pressSequentially(`Ask @${evan.name.split(" ")[0]}`);
  await expect(page.getByRole("listbox")).toHaveCount(0);
  await composer(page).fill(`Ask @[${evan.name}](user:${evan.id})`);
  await composer(page).press("Control+Enter");
  await expect(page.getByRole("alert")).toContainText(`Mentions ${evan.name}, who cannot see this household`);
  await expect(composer(page)).toHaveValue(`Ask @${evan.name}`);
});

test("AU-3 a private note stays with its author", async ({ seat, unique }) => {
  const will = await seat("Will");
  const matt = await seat("Matt");
  const made = await shared(will, unique("Private family"));
  await will.page.goto(notesOf(made.id));
  await composer(will.page).fill("Between me and compliance");
  await will.page.getByRole("button", { name: "Team", exact: true }).click();
  await composer(will.page).press("Control+Enter");
  await expect(note(will.page, "Between me and compliance")).toContainText("Only author and compliance");
  for (const tab of ["notes", "timeline", "history"]) {
    await matt.page.goto(`/crm/households/${made.id}?tab=${tab}`);
    await expect(matt.page.getByRole("tabpanel")).toBeVisible();
    await expect(matt.page.locator("[aria-busy=true]")).toHaveCount(0);
    await expect(matt.page.getByText("Between me and compliance")).toHaveCount(0);
  }
});

test("AU-3 a note that becomes private leaves a colleague's open screen", async ({ seat, unique }) => {
  const will = await seat("Will");
  const matt = await seat("Matt");
  const made = await shared(will, unique("Confiding family"));
  const path = `/api/households/${made.id}/notes`;
  const { id, version } = await will.api.post<{ id: string; version: number }>(path, {
    body: "Said in trust",
  });
  await matt.page.goto(notesOf(made.id));
  await expect(note(matt.page, "Said in trust")).toBeVisible();
  await will.api.patch(`/api/notes/${id}`, { version, privacy: "private" });
  await expect(note(matt.page, "Said in trust")).toHaveCount(0);
  await matt.page.getByRole("tab", { name: "History" }).click();
  await expect(matt.page.getByTestId("history-row").first()).toBeVisible();
  await expect(matt.page.getByText("Said in trust")).toHaveCount(0);
});

test("a note begins with a template: by its key, by typing, and from the empty page", async ({
  seat,
  unique,
}) => {
  const { page, api } = await seat("Will");
  const made = await api.newHousehold(unique("Template family"));
  await page.goto(notesOf(made.id));
  await page.getByRole("tabpanel").getByRole("button", { name: "Annual review" }).click();
  await expect(composer(page)).toHaveValue(/## Annual review/);
  await composer(page).fill("");
  await composer(page).press("Control+/");
  await page.getByRole("menuitem", { name: "Phone call" }).click();
  await expect(composer(page)).toHaveValue(/\*\*Call with\*\*/);
  await expect(composer(page)).toBeFocused();
  await composer(page).fill("");
  await composer(page).pressSequentially("/template");
  await page.getByRole("menuitem", { name: "Onboarding" }).press("Enter");
  await expect(composer(page)).toHaveValue(/## First meeting/);
  await expect(composer(page)).not.toHaveValue(/\/template/);
});

test("notes are found by what they say and by their author", async ({ seat, unique }) => {
  const will = await seat("Will");
  const matt = await seat("Matt");
  const made = await shared(will, unique("Searched family"));
  await will.api.post(`/api/households/${made.id}/notes`, { body: "Il a choisi un café à Zürich" });
  await matt.api.post(`/api/households/${made.id}/notes`, { body: "Plain words" });
  await will.page.goto(notesOf(made.id));
  await expect(will.page.getByTestId("note")).toHaveCount(2);
  await will.page.getByRole("searchbox", { name: "Search notes" }).fill("zurich");
  await expect(will.page.getByTestId("note")).toHaveText([/Zürich/]);
  await will.page.getByRole("searchbox", { name: "Search notes" }).fill("");
  await will.page
    .getByRole("combobox", { name: "Author" })
    .selectOption({ label: (await matt.api.me()).user.name });
  await expect(will.page.getByTestId("note")).toHaveText([/Plain words/]);
});

test("a firm admin writes templates that an advisor can use", async ({ seat, unique }) => {
  const priya = await seat("Priya", "/crm/settings/templates");
  const name = unique("Tax meeting");
  await priya.page.getByRole("button", { name: "New template" }).click();
  await priya.page.getByLabel("Name").fill(name);
  await priya.page.getByLabel("Text").fill("**Tax year** ");
  await priya.page.getByRole("button", { name: "Add template" }).click();
  await expect(priya.page.getByTestId("template").filter({ hasText: name })).toBeVisible();
  const will = await seat("Will", "/crm/settings/templates");
  await expect(will.page.getByTestId("template").filter({ hasText: name })).toBeVisible();
  await expect(will.page.getByRole("button", { name: "New template" })).toHaveCount(0);
  await priya.page.getByRole("button", { name: `Edit ${name}` }).click();
  await priya.page.getByRole("button", { name: "Remove" }).click();
  await expect(priya.page.getByTestId("template").filter({ hasText: name })).toHaveCount(0);
});
