import type { Edit } from "../src/api/types";
import { expect, test } from "./support/fixtures";
import { coming, connection, family, gate } from "./support/offline";
import { isOut, keptByBrowser, signIn } from "./support/people";
import { field, setStage } from "./support/record";

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
  await isOut(page);
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
  await isOut(other);
  await signIn(other, "Priya", "/crm/");
  gone = false;
  await expect(page.locator("body")).not.toContainText("For Will alone");
  await expect(page.getByRole("region", { name: "Connection" })).toHaveCount(0);
  expect((await api.me()).user.name).toContain("Priya");
  expect(sent).toEqual([]);
  expect((await api.record(made.id)).notes).toEqual([]);
});
