import { expect, test } from "./support/fixtures";
import { enter, tabTo } from "./support/keyboard";
import { coming, connection, family, gate } from "./support/offline";
import { keptByBrowser } from "./support/people";

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
  expect(await api.drafts(made.id)).toEqual([]);
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
