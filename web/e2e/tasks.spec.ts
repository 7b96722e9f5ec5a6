import type { Locator, Page, Route } from "@playwright/test";
import { expect, test } from "./support/fixtures";
import { chord } from "./support/keyboard";

const rowOf = (page: Page, title: string) => page.getByTestId("task").filter({ hasText: title });

test("ST-1 a line becomes a task by keyboard: what is understood is seen before it is saved", async ({
  seat,
  unique,
}) => {
  const { page, api } = await seat("Will");
  const made = await api.newHousehold(unique("Quick family"));
  const title = unique("Call about the RMD");
  await page.goto("/crm/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await chord(page, "gk");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Tasks");
  await page.keyboard.press("t");
  const line = page.getByRole("textbox", { name: "Add a task" });
  await expect(line).toBeFocused();
  await page.keyboard.type(`${title} tomorrow 9am !high @matt #"${made.name}"`);
  const said = page.getByTestId("understood");
  await expect(said).toContainText("9 am");
  await expect(said).toContainText("High");
  await expect(said).toContainText(/Matt/);
  await expect(said).toContainText(made.name);
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("toast").filter({ hasText: "Task added" })).toBeVisible();
  await expect(line).toHaveValue("");
  const [task] = (await api.record(made.id)).tasks;
  expect(task).toMatchObject({ title, due_time: "09:00", priority: 1 });
});

test("ST-1 a task that repeats: ticked by Space it is followed by the next one, and the undo takes that back", async ({
  seat,
  unique,
}) => {
  const { page, api } = await seat("Will");
  const { user } = await api.me();
  const made = await api.newHousehold(unique("Repeating family"));
  const title = unique("Quarterly fees");
  await api.post(`/api/households/${made.id}/tasks`, {
    title,
    due_on: "2026-01-05",
    repeats: "FREQ=MONTHLY;INTERVAL=3",
    assignee_id: user.id,
  });
  await page.goto("/crm/tasks");
  const row = rowOf(page, title);
  await expect(row).toContainText("every 3 months on the 5th");
  const tick = row.getByRole("checkbox");
  await tick.focus();
  await page.keyboard.press("Space");
  await expect(tick).toBeChecked();
  await expect.poll(async () => (await api.record(made.id)).tasks.length).toBe(2);
  await page.getByTestId("toast").getByRole("button", { name: "Undo" }).click();
  await expect(tick).not.toBeChecked();
  await expect.poll(async () => (await api.record(made.id)).tasks.length).toBe(1);
});

test("ST-1 the keys of a task: priority, put off, day, and the walk from row to row", async ({
  seat,
  unique,
}) => {
  const { page, api } = await seat("Will");
  const { user } = await api.me();
  const made = await api.newHousehold(unique("Keyed family"));
  const title = unique("Send the form");
  const body = { title, due_on: "2026-01-05", assignee_id: user.id };
  const task = await api.post<{ id: string }>(`/api/households/${made.id}/tasks`, body);
  const stored = async () => (await api.record(made.id)).tasks.find((t) => t.id === task.id);
  await page.goto("/crm/tasks");
  const tick = rowOf(page, title).getByRole("checkbox");
  await tick.focus();
  await page.keyboard.press("1");
  await expect.poll(async () => (await stored())?.priority).toBe(1);
  await page.keyboard.press("z");
  await expect(page.getByRole("dialog", { name: "Put off" })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await stored())?.snoozed_until).toBeTruthy();
  const snoozed = page.getByRole("region", { name: "Snoozed" });
  await expect(snoozed.getByTestId("task").filter({ hasText: title })).toBeVisible();
  await snoozed.getByRole("checkbox", { name: `Done: ${title}` }).focus();
  await page.keyboard.press("Shift+D");
  const day = page.getByRole("dialog").getByLabel("By", { exact: true });
  await expect(day).toBeFocused();
  await day.fill("2026-02-06");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await stored())?.due_on).toBe("2026-02-06");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await expect(page.locator("[data-row]:focus-within")).toHaveCount(1);
});

test("ST-1 a card of the board is moved by keys, by its menu and by the mouse, and keeps the focus", async ({
  seat,
  unique,
}) => {
  const { page, api } = await seat("Will");
  const { user } = await api.me();
  const made = await api.newHousehold(unique("Board family"));
  const title = unique("Open the account");
  // Early, so that the card is not below everything that others have planned.
  await api.post(`/api/households/${made.id}/tasks`, { title, due_on: "2020-01-06", assignee_id: user.id });
  const stored = async () => (await api.record(made.id)).tasks[0];
  await page.goto("/crm/tasks");
  await page.getByRole("button", { name: "Board", exact: true }).click();
  await expect(page).toHaveURL(/view=board/);
  const column = (name: string) => page.getByRole("region", { name, exact: true });
  const card = (name: string) => column(name).getByTestId("task").filter({ hasText: title });
  await card("To do").getByRole("checkbox").focus();
  await page.keyboard.press(">");
  await expect(card("In progress").getByRole("checkbox")).toBeFocused();
  await page.keyboard.press(">");
  await expect(card("Waiting").getByRole("checkbox")).toBeFocused();
  await expect.poll(async () => (await stored())?.status).toBe("waiting");
  await page.keyboard.press(">");
  await expect(card("Done").getByRole("checkbox")).toBeFocused();
  await expect.poll(async () => (await stored())?.done_at).toBeTruthy();
  await page.keyboard.press("<");
  await expect(card("Waiting")).toBeVisible();
  await expect.poll(stored).toMatchObject({ status: "waiting", done_at: null });
  await card("Waiting")
    .getByRole("button", { name: `Actions for ${title}` })
    .click();
  await page.getByRole("menuitem", { name: "Move to In progress" }).click();
  await expect(card("In progress")).toBeVisible();
  await expect.poll(async () => (await stored())?.status).toBe("doing");
  await card("In progress").dragTo(column("To do"), { targetPosition: { x: 80, y: 20 } });
  await expect(card("To do")).toBeVisible();
  await expect.poll(async () => (await stored())?.status).toBe("todo");
  const said = page.getByTestId("toast").filter({ hasText: "Moved to To do." });
  await said.getByRole("button", { name: "Undo" }).click();
  await expect(card("In progress")).toBeVisible();
  const { items } = await api.get<{ items: { field: string }[] }>(`/api/households/${made.id}/edits`);
  expect(items.filter((e) => e.field === "status").length).toBeGreaterThanOrEqual(5);
});

test("ST-1 the views and their filter are in the address", async ({ seat }) => {
  const { page } = await seat("Will");
  await page.goto("/crm/tasks");
  await page.getByRole("button", { name: /^By household/ }).click();
  await expect(page).toHaveURL(/view=household/);
  await page.getByLabel("Whose tasks").selectOption("anybody");
  await expect(page).toHaveURL(/who=anybody/);
  await page.reload();
  await expect(page.getByRole("button", { name: /^By household/ })).toHaveAttribute("aria-current", "page");
  await expect(page.getByLabel("Whose tasks")).toHaveValue("anybody");
});

test("FE-5 on a phone the chosen tab of a strip stays in sight when the font comes after everything else", async ({
  seat,
}) => {
  const { page } = await seat("Will");
  // A font is asked for when its letters are first drawn, which may be after everything else is there.
  let held: Route[] | null = [];
  await page.route(/\.woff2$/, (route) => (held ? void held.push(route) : route.continue()));
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/crm/tasks?view=done", { waitUntil: "commit" });
  const views = page.getByRole("navigation", { name: "Views of tasks" });
  await expect(views.locator(".num")).toHaveCount(2);
  await expect.poll(() => held?.length ?? 0).toBeGreaterThan(0);
  const late = held;
  held = null;
  await Promise.all(late.map((font) => font.continue()));
  await page.evaluate(() => document.fonts.ready);
  await expect(views.locator("[aria-current=page]")).toBeInViewport({ ratio: 0.95 });
});

test("FE-5 on a phone the chosen tab of a strip is in sight: by address, by choice, and with the counts there", async ({
  seat,
}) => {
  const { page, api } = await seat("Will");
  await page.setViewportSize({ width: 390, height: 844 });
  const [home] = await api.households();
  // Its lower edge lies on the line below the strip.
  const inSight = (chosen: Locator) => expect(chosen).toBeInViewport({ ratio: 0.95 });
  const views = page.getByRole("navigation", { name: "Views of tasks" });
  const chosen = views.locator("[aria-current=page]");
  for (const [view, name] of [
    ["done", /^Done/],
    ["board", /^Board/],
    ["my-day", /^My day/],
  ] as const) {
    await page.goto(`/crm/tasks?view=${view}`);
    await expect(chosen).toHaveText(name);
    await expect(views.locator(".num")).toHaveCount(2);
    await inSight(chosen);
  }
  await views.getByRole("button", { name: /^Done/ }).focus();
  await page.keyboard.press("Enter");
  await expect(chosen).toHaveText(/^Done/);
  await inSight(chosen);
  await page.goto(`/crm/households/${home?.id}?tab=history`);
  const tab = page.getByRole("tab", { selected: true });
  await expect(tab).toHaveText("History");
  await inSight(tab);
});
