import { expect, test } from "./support/fixtures";

test("notes are written as Markdown, with Ctrl+Enter, and stay", async ({ seat, unique }) => {
  const will = await seat("Will");
  const made = await will.api.newHousehold(unique("Talkative family"));
  const { page } = will;
  await page.goto(`/crm/households/${made.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(made.name);
  await page.keyboard.press("n");
  const composer = page.getByRole("textbox", { name: "Write a note" });
  await expect(composer).toBeFocused();
  await composer.fill("They **want** to <img src=x onerror=alert(1)> move");
  await page.keyboard.press("Control+Enter");
  const note = page.getByTestId("note").filter({ hasText: "to move" }).or(page.getByTestId("note"));
  await expect(note.first().locator("strong")).toHaveText("want");
  await expect(note.first().locator("img")).toHaveCount(0);
  await expect(note.first()).toContainText("<img src=x");
  await page.reload();
  await expect(page.getByTestId("note").first()).toContainText("want");
  await page.getByRole("tab", { name: "Timeline" }).click();
  await expect(page.getByTestId("timeline-item").first()).toContainText("They want to");
});

test("a task is added, shows on the Tasks page, is done there and opens again", async ({ seat, unique }) => {
  const will = await seat("Will");
  const made = await will.api.newHousehold(unique("Busy family"));
  const { page } = will;
  const what = unique("Send the papers");
  await page.goto(`/crm/households/${made.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(made.name);
  await page.keyboard.press("t");
  await page.getByLabel("What to do").fill(what);
  await page.getByLabel("By", { exact: true }).fill("2020-01-02");
  await page.getByRole("button", { name: "Add task", exact: true }).last().click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByTestId("task").filter({ hasText: what })).toContainText("days overdue");

  await page.getByRole("link", { name: "Tasks" }).first().click();
  const row = page.getByTestId("task").filter({ hasText: what });
  await expect(row.getByRole("link")).toHaveText(made.name);
  await row.getByRole("checkbox").click();
  await expect.poll(async () => (await will.api.record(made.id)).tasks[0]?.done_at ?? null).not.toBeNull();

  await page.goto(`/crm/households/${made.id}?tab=tasks`);
  await page.getByRole("checkbox", { name: `Done: ${what}` }).click();
  await expect.poll(async () => (await will.api.record(made.id)).tasks[0]?.done_at ?? null).toBeNull();
});

test("a loop is added, waits and is closed", async ({ seat, unique }) => {
  const will = await seat("Will");
  const made = await will.api.newHousehold(unique("Open family"));
  const { page } = will;
  const what = unique("Answer on the annuity");
  await page.goto(`/crm/households/${made.id}?tab=tasks`);
  await page.getByRole("button", { name: "Add open loop", exact: true }).click();
  await page.getByLabel("What was promised or asked").fill(what);
  await page.getByRole("dialog").getByRole("button", { name: "Add open loop" }).click();
  const loop = page.getByTestId("loop").filter({ hasText: what });
  await loop.getByRole("button", { name: `Actions for ${what}` }).click();
  await page.getByRole("menuitem", { name: "Waiting for an answer" }).click();
  await expect(loop).toContainText("waiting");
  await loop.getByRole("checkbox").click();
  await expect.poll(async () => (await will.api.record(made.id)).open_loops[0]?.status).toBe("done");
});

test("totals open into the parts that add up to them", async ({ seat }) => {
  const will = await seat("Will");
  const [known] = await will.api.households({ sort: "-aum" });
  const { totals } = await will.api.record(known?.id ?? "");
  await will.page.goto(`/crm/households/${known?.id}`);
  await will.page.getByRole("button", { name: /^Assets with us .*: what adds up to this$/ }).click();
  const table = will.page.getByRole("dialog").getByRole("table", { name: "Parts of Assets with us" });
  const parts = totals.parts.filter((p) => p.counted_in === "aum");
  expect(parts.length).toBeGreaterThan(1);
  // One row a part, one head, one foot.
  await expect(table.getByRole("row")).toHaveCount(parts.length + 2);
  const cents = (text: string) => Number(text.replace(/[^\d-]/g, ""));
  const amounts = await table.locator("tbody td:last-child").allTextContents();
  const total = (await table.locator("tfoot td").textContent()) ?? "";
  expect(amounts.reduce((sum, text) => sum + cents(text), 0)).toBe(cents(total));
  await will.page.keyboard.press("Escape");
  await expect(will.page.getByRole("dialog")).toHaveCount(0);
});

test("a birth date is masked, shown for a reason, and gone with the dialog", async ({ seat, unique }) => {
  const will = await seat("Will");
  const made = await will.api.newHousehold(unique("Private family"));
  await will.api.newPerson(made.id, { first_name: "Ada", last_name: "Quill", birth_date: "1961-03-14" });
  const { page } = will;
  await page.goto(`/crm/households/${made.id}`);
  await expect(page.getByTestId("person-card")).toContainText("1961");
  await expect(page.locator("body")).not.toContainText("14 Mar 1961");
  await page.getByRole("button", { name: "Show birth date of Ada Quill" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: "Show" })).toBeDisabled();
  await dialog.getByLabel(/Why do you need to see it/).fill("Preparing the review");
  await dialog.getByRole("button", { name: "Show" }).click();
  await expect(page.getByTestId("revealed")).toHaveText("14 Mar 1961");
  await dialog.getByRole("button", { name: "Hide again" }).click();
  await expect(page.locator("body")).not.toContainText("14 Mar 1961");
});

test("FE-5 dialogs keep the focus, close on Escape and give it back", async ({ seat, unique }) => {
  const will = await seat("Will");
  const made = await will.api.newHousehold(unique("Focused family"));
  const { page } = will;
  await page.goto(`/crm/households/${made.id}`);
  const opener = page.getByRole("button", { name: "Add goal" });
  await opener.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("textbox", { name: "Goal" })).toBeFocused();
  for (let i = 0; i < 12; i++) await page.keyboard.press("Tab");
  await expect(dialog.locator(":focus")).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(opener).toBeFocused();
});
