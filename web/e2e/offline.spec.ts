import type { Page } from "@playwright/test";
import type { Edit } from "../src/api/types";
import { expect, type Seat, test } from "./support/fixtures";
import { enter, tabTo } from "./support/keyboard";
import { keptByBrowser, signIn } from "./support/people";

const connection = (page: Page) => page.getByRole("region", { name: "Connection" });
const field = (page: Page, name: string) => page.getByTestId(`field-${name}`);

/** Something that a test holds back until it has seen what it looks for. */
function gate() {
  let open = () => {};
  const passed = new Promise<void>((done) => {
    open = done;
  });
  return { passed, open: () => open() };
}

async function setStage(page: Page, value: string) {
  await page.getByRole("button", { name: "Edit Stage", exact: true }).click();
  const box = page.getByRole("textbox", { name: "Stage", exact: true });
  await box.fill(value);
  await box.press("Enter");
}

/** A household with a task and a loop, on screen. */
async function family({ page, api }: Seat, name: string, task: object = {}) {
  const made = await api.newHousehold(name, { stage: "Review" });
  const rows = `/api/households/${made.id}`;
  await api.post(`${rows}/tasks`, { title: "Send the papers", ...task });
  await api.post(`${rows}/open-loops`, { text: "Answer on the annuity", direction: "we_owe" });
  await page.goto(`/crm/households/${made.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  // The form comes right after the record, for as long as there is a connection.
  await page.waitForFunction(() =>
    performance.getEntriesByType("resource").some((r) => r.name.includes("/FactDialog-")),
  );
  return made;
}

test("ST-5 what is edited and ticked offline waits in memory, is listed, and is sent once the browser is back", async ({
  seat,
  unique,
}) => {
  const will = await seat("Will");
  const { page, api } = will;
  const made = await family(will, unique("Offline family"));
  await will.context.setOffline(true);
  await expect(connection(page)).toContainText("You are offline.");
  await setStage(page, "Signed");
  await expect(field(page, "stage")).toContainText("Signed");
  await expect(field(page, "stage")).toContainText("waiting");
  const task = page.getByRole("checkbox", { name: "Done: Send the papers" });
  const loop = page.getByRole("checkbox", { name: "Close: Answer on the annuity" });
  await task.click();
  await expect(connection(page)).toContainText("2 changes wait");
  await loop.click();
  await expect(connection(page)).toContainText("You are offline. 3 changes wait to be sent.");
  await connection(page).getByRole("button", { name: "Show them" }).click();
  const lines = connection(page).getByTestId("waiting-change");
  await expect(lines).toHaveCount(3);
  await expect(lines.nth(0)).toContainText("Stage: Signed");
  await expect(lines.nth(0)).toContainText(made.name);
  await expect(lines.nth(1)).toContainText(`Send the papers, ${made.name}`);
  await expect(loop).toBeChecked();
  await lines
    .nth(2)
    .getByRole("button", { name: /^Drop Status/ })
    .click();
  await expect(loop).not.toBeChecked();
  const kept = await keptByBrowser(page);
  expect([kept.session, kept.stores]).toEqual([{}, []]);
  expect(Object.keys(kept.local).filter((key) => key !== "mf-theme")).toEqual([]);

  const asked = page.waitForEvent("dialog");
  const closing = page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
  await closing;

  await will.context.setOffline(false);
  await expect(connection(page)).toHaveCount(0);
  await expect(field(page, "stage")).not.toContainText("waiting");
  const record = await api.record(made.id);
  expect(record.household.stage).toBe("Signed");
  expect(record.tasks[0]?.done_at).not.toBeNull();
  expect(record.open_loops[0]?.status).toBe("open");
  const { items } = await api.get<{ items: Edit[] }>(`/api/households/${made.id}/edits`);
  expect(items.filter((e) => e.field === "stage")).toHaveLength(1);
  // Nothing waits any more, so nothing is asked.
  const closed = page.waitForEvent("close");
  await page.close({ runBeforeUnload: true });
  await closed;
});

test("ST-5 a change whose answer was lost is sent again, and made once", async ({ seat, unique }) => {
  const will = await seat("Will");
  const { page, api } = will;
  const { user } = await api.me();
  const due = { due_on: "2026-01-05", repeats: "FREQ=MONTHLY;INTERVAL=3", assignee_id: user.id };
  const made = await family(will, unique("Lossy family"), due);
  const seen = gate();
  let lost = 0;
  await page.route("**/api/tasks/*", async (route) => {
    if (route.request().method() !== "PATCH") return route.continue();
    if (lost > 0) return seen.passed.then(() => route.continue());
    lost += 1;
    await route.fetch();
    await route.abort("connectionreset");
  });
  await page.getByRole("checkbox", { name: "Done: Send the papers" }).click();
  await expect(connection(page)).toContainText("1 change waits to be sent: the server does not answer.");
  seen.open();
  await expect(connection(page)).toHaveCount(0);
  // Done once: one follows, and not two.
  await expect.poll(async () => (await api.record(made.id)).tasks.length).toBe(2);
});

test("ST-4 ST-5 what a colleague changed meanwhile is asked about with both values, and mine goes on top", async ({
  seat,
  unique,
}) => {
  const will = await seat("Will");
  const { page, api } = will;
  const made = await family(will, unique("Contested offline"));
  const priya = await seat("Priya");
  await will.context.setOffline(true);
  await setStage(page, "Mine");
  await expect(field(page, "stage")).toContainText("waiting");
  await priya.api.patch(`/api/households/${made.id}`, { version: made.version, stage: "Theirs" });
  await will.context.setOffline(false);
  const card = connection(page).getByTestId("conflict");
  await expect(card).toContainText("Mine");
  await expect(card).toContainText("Theirs");
  await expect(field(page, "stage")).toContainText("Theirs");
  await card.getByRole("button", { name: "Keep mine" }).click();
  await expect(connection(page)).toHaveCount(0);
  await expect.poll(async () => (await api.record(made.id)).household.stage).toBe("Mine");
  await expect(field(page, "stage")).toContainText("Mine");
});

test("AU-7 signing out with what waits says so, and leaves nothing behind", async ({ newSeat, unique }) => {
  const will = await newSeat("Will");
  const { page } = will;
  const made = await family(will, unique("Leaving family"));
  await page.route("**/api/households/*", (route) =>
    route.request().method() === "PATCH" ? route.abort("connectionrefused") : route.continue(),
  );
  await setStage(page, "Signed");
  await expect(field(page, "stage")).toContainText("waiting");
  await page.getByRole("button", { name: "Account" }).first().click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  const said = page.getByTestId("toast").filter({ hasText: "1 change is not saved yet" });
  await said.getByRole("button", { name: "Sign out anyway" }).click();
  await expect(page).toHaveURL(/\/crm\/sign-in/);
  await expect(page.getByRole("link", { name: "Sign in" })).toBeVisible();
  await expect(page.locator("body")).not.toContainText(made.name);
  const kept = await keptByBrowser(page);
  expect([kept.session, kept.stores]).toEqual([{}, []]);
});

test("AU-7 what waits in one tab is not sent for whoever signs in in another, and not shown to them", async ({
  newSeat,
  unique,
}) => {
  const will = await newSeat("Will");
  const { page, context, api } = will;
  const made = await family(will, unique("Shared browser"));
  await page.getByRole("tab", { name: "Notes" }).click();
  const note = page.getByRole("textbox", { name: "Write a note" });
  const sent: string[] = [];
  let gone = true;
  await page.route(`**/api/households/${made.id}/notes`, (route) => {
    if (gone) return route.abort("connectionrefused");
    sent.push(route.request().postData() ?? "");
    return route.continue();
  });
  await note.fill("For Will alone");
  await page.getByRole("button", { name: "Team", exact: true }).click();
  await note.press("Control+Enter");
  await expect(coming(page)).toContainText("For Will alone");

  const other = await context.newPage();
  await other.goto("/crm/");
  await other.getByRole("button", { name: "Account" }).first().click();
  await other.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(other).toHaveURL(/\/crm\/sign-in/);
  await expect(other.getByRole("link", { name: "Sign in" })).toBeVisible();
  await signIn(other, "Priya", "/crm/");
  gone = false;
  await expect(page.locator("body")).not.toContainText("For Will alone");
  await expect(page.getByRole("region", { name: "Connection" })).toHaveCount(0);
  expect((await api.me()).user.name).toContain("Priya");
  expect(sent).toEqual([]);
  expect((await api.record(made.id)).notes).toEqual([]);
});

const coming = (page: Page) => page.getByTestId("coming");

test("ST-5 FE-5 a task, a loop and a note written down offline are shown as waiting, and are made once, in order, once the browser is back", async ({
  seat,
  unique,
}) => {
  const will = await seat("Will");
  const { page, api } = will;
  const made = await family(will, unique("Jotting family"));
  // What the tabs need comes while there is a connection.
  await page.getByRole("tab", { name: "Notes" }).click();
  const note = page.getByRole("textbox", { name: "Write a note" });
  await expect(note).toBeVisible();
  await will.context.setOffline(true);
  await note.fill("Rosalind asked about the annuity");
  await note.press("Control+Enter");
  await expect(note).toHaveValue("");
  await expect(coming(page)).toContainText("Rosalind asked about the annuity");
  await expect(
    page.getByTestId("toast").filter({ hasText: "The note waits for the server." }).first(),
  ).toBeVisible();

  await page.getByRole("tab", { name: "Tasks & loops" }).click();
  await page.getByRole("button", { name: "Add task" }).click();
  await page
    .getByRole("dialog")
    .getByLabel(/^What to do/)
    .fill("Order the annuity papers");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.getByRole("button", { name: "Add open loop" }).click();
  await page.getByRole("dialog").getByRole("textbox").first().fill("She sends the old policy");
  await page.getByRole("dialog").getByRole("button", { name: "Add open loop" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(coming(page)).toHaveText([/Order the annuity papers/, /She sends the old policy/]);
  await expect(coming(page).first()).toContainText("waiting");

  await expect(connection(page)).toContainText("You are offline. 3 changes wait to be sent.");
  await connection(page).getByRole("button", { name: "Show them" }).click();
  const lines = connection(page).getByTestId("waiting-change");
  await expect(lines).toHaveText([/New note: Rosalind/, /New task: Order/, /New open loop: She sends/]);
  await expect(lines.first()).toContainText(made.name);
  // A note goes back to where it is written; the rest is dropped.
  await lines.nth(2).getByRole("button", { name: "Drop: New open loop" }).click();
  await expect(coming(page)).toHaveText([/Order the annuity papers/]);
  await expect(lines.nth(1)).toBeFocused();
  await lines.nth(0).getByRole("button", { name: "Keep writing: New note" }).click();
  await expect(note).toBeFocused();
  await expect(note).toHaveValue("Rosalind asked about the annuity");
  await note.press("Control+Enter");
  await expect(coming(page)).toContainText("Rosalind asked about the annuity");
  const kept = await keptByBrowser(page);
  expect([kept.session, kept.stores]).toEqual([{}, []]);
  expect(JSON.stringify(kept.local)).not.toContain("annuity");

  await will.context.setOffline(false);
  await expect(connection(page)).toHaveCount(0);
  await expect(page.getByTestId("note")).toContainText("Rosalind asked about the annuity");
  await expect(coming(page)).toHaveCount(0);
  const record = await api.record(made.id);
  expect(record.tasks.map((t) => t.title).sort()).toEqual(["Order the annuity papers", "Send the papers"]);
  expect(record.open_loops).toHaveLength(1);
  expect(record.notes).toHaveLength(1);
  const task = record.tasks.find((t) => t.title.startsWith("Order"));
  expect(Date.parse(task?.created_at ?? "")).toBeLessThan(Date.parse(record.notes[0]?.created_at ?? ""));
  expect(await api.get(`/api/households/${made.id}/drafts`)).toMatchObject({ items: [] });
});

test("ST-5 a line whose answer was lost is sent again with its key, and one task is made of it", async ({
  seat,
  unique,
}) => {
  const { page, api } = await seat("Will", "/crm/tasks");
  const line = unique("Call back about the lost line");
  const seen = gate();
  let lost = 0;
  const keys: (string | undefined)[] = [];
  await page.route("**/api/tasks/quick-add", async (route) => {
    if (route.request().postDataJSON().preview) return route.continue();
    keys.push(route.request().headers()["idempotency-key"]);
    if (lost > 0) return seen.passed.then(() => route.continue());
    lost += 1;
    await route.fetch();
    await route.abort("connectionreset");
  });
  const box = page.getByRole("textbox", { name: "Add a task" });
  await box.fill(line);
  await box.press("Enter");
  await expect(box).toHaveValue("");
  await expect(coming(page)).toContainText(line);
  seen.open();
  await expect(connection(page)).toHaveCount(0);
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
  const { items } = await api.get<{ items: { title: string }[] }>("/api/tasks?view=open&limit=200");
  expect(items.filter((t) => t.title === line)).toHaveLength(1);
});

test("ST-5 a line that is dropped although the server had made its task is taken back", async ({
  seat,
  unique,
}) => {
  const { page, api } = await seat("Will", "/crm/tasks");
  const line = unique("Written twice by mistake");
  const open = async () => {
    const { items } = await api.get<{ items: { title: string }[] }>("/api/tasks?view=open&limit=200");
    return items.filter((t) => t.title === line).length;
  };
  let gone = true;
  await page.route("**/api/me", (route) => (gone ? route.abort("connectionrefused") : route.continue()));
  await page.route("**/api/tasks/quick-add", async (route) => {
    if (route.request().postDataJSON().preview) return route.continue();
    await route.fetch();
    await route.abort("connectionreset");
  });
  const box = page.getByRole("textbox", { name: "Add a task" });
  await box.fill(line);
  await box.press("Enter");
  await expect(coming(page)).toContainText(line);
  expect(await open()).toBe(1);
  await connection(page).getByRole("button", { name: "Show them" }).click();
  await connection(page).getByRole("button", { name: /^Drop/ }).click();
  await expect(connection(page)).toHaveCount(0);
  gone = false;
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await expect.poll(open).toBe(0);
});

test("ST-5 what the server will not take keeps its words: a line to be read, a note to be written on", async ({
  seat,
  unique,
}) => {
  const will = await seat("Will");
  const { page, api } = will;
  const made = await family(will, unique("Refused family"));
  // What both pages need comes while there is a connection.
  const tasks = page.getByRole("link", { name: "Tasks", exact: true }).first();
  const box = page.getByRole("textbox", { name: "Add a task" });
  await tasks.click();
  await expect(box).toBeVisible();
  await page.goBack();
  await page.getByRole("tab", { name: "Notes" }).click();
  const note = page.getByRole("textbox", { name: "Write a note" });
  await expect(note).toBeVisible();
  let gone = true;
  await page.route(`**/api/households/${made.id}/notes`, (route) => {
    const detail = "mentions somebody who cannot see this household";
    return gone
      ? route.abort("internetdisconnected")
      : route.fulfill({ status: 422, json: { status: 422, detail } });
  });
  await will.context.setOffline(true);
  await note.fill("They want to wait");
  await note.press("Control+Enter");
  await expect(coming(page)).toContainText("They want to wait");
  await tasks.click();
  await box.fill("tomorrow 9am");
  await box.press("Enter");
  await expect(coming(page)).toHaveText([/tomorrow 9am/]);
  gone = false;
  await will.context.setOffline(false);
  const lines = connection(page).getByTestId("waiting-change");
  await expect(lines).toHaveText([
    /They want to wait.*cannot see this household/,
    /tomorrow 9am.*not what to do/,
  ]);
  await expect(coming(page)).toHaveCount(0);
  await lines
    .nth(1)
    .getByRole("button", { name: /^Drop: New task/ })
    .click();
  await lines
    .nth(0)
    .getByRole("button", { name: /^Keep writing/ })
    .click();
  await expect(connection(page)).toHaveCount(0);
  await expect(note).toBeFocused();
  await expect(note).toHaveValue("They want to wait");
  await expect
    .poll(async () => (await api.get<{ items: object[] }>(`/api/households/${made.id}/drafts`)).items.length)
    .toBe(1);
});

test("ST-5 FE-5 a loop is opened offline by keyboard, on a household that the page has shown", async ({
  seat,
  unique,
}) => {
  const will = await seat("Will");
  const { page, api } = will;
  const made = await family(will, unique("Remembered family"));
  await page.getByRole("link", { name: "Open loops", exact: true }).first().click();
  await expect(page.getByRole("button", { name: "New loop" })).toBeVisible();
  await will.context.setOffline(true);
  await enter(page, page.getByRole("button", { name: "New loop" }));
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel(/^Household/)).toBeFocused();
  await page.keyboard.type(made.name.toLowerCase());
  await expect(dialog.getByRole("button", { name: made.name })).toBeVisible();
  await page.keyboard.press("Enter");
  await tabTo(page, dialog.getByLabel(/^What/));
  await page.keyboard.type("Ask for the deed");
  await enter(page, dialog.getByRole("button", { name: "Open loop" }));
  await expect(coming(page)).toContainText("Ask for the deed");
  await connection(page).getByRole("button", { name: "Show them" }).click();
  await expect(connection(page).getByTestId("waiting-change")).toContainText(made.name);
  await will.context.setOffline(false);
  await expect(connection(page)).toHaveCount(0);
  expect((await api.record(made.id)).open_loops.map((l) => l.text)).toContain("Ask for the deed");
});
