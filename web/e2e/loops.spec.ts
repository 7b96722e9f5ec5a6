import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures";
import { chord } from "./support/keyboard";

/** By its words: the server can have it before the page says so, with the message of what was done before still there. */
const undo = (page: Page, text: string) =>
  page.getByTestId("toast").filter({ hasText: text }).getByRole("button", { name: "Undo" }).click();

test("AI-7 a loop is closed from the board by keyboard, its evidence proposed and kept, and opened again", async ({
  seat,
  unique,
}) => {
  const { page, api } = await seat("Will");
  const text = unique("Send the revised trust agreement");
  const made = await api.newHousehold(unique("Loop family"));
  await api.post(`/api/households/${made.id}/open-loops`, {
    text,
    direction: "we_owe",
    opened_on: "2020-01-06",
  });
  const sentence = "The revised trust agreement went out by courier.";
  await api.post(`/api/households/${made.id}/notes`, { body: `Busy morning. ${sentence} Lunch.` });
  await page.goto("/crm/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await chord(page, "gl");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Open loops");
  const row = page.getByTestId("open-loop").filter({ hasText: text });
  const tick = page.getByRole("checkbox", { name: `Close: ${text}` });
  await tick.focus();
  await page.keyboard.press("d");
  await expect(tick).toBeChecked();
  const proposed = row.getByTestId("proposed-evidence");
  await expect(proposed).toContainText(sentence);
  await proposed.getByRole("button", { name: "Keep as evidence" }).click();
  await expect(row.getByTestId("evidence")).toContainText(sentence);
  const kept = async () => (await api.record(made.id)).open_loops[0];
  await expect.poll(kept).toMatchObject({ status: "done", evidence_kind: "note", evidence_quote: sentence });
  await row.getByRole("link", { name: "Open the note" }).click();
  await expect(page.getByRole("tab", { name: /^Notes/ })).toHaveAttribute("aria-selected", "true");
  await expect(page.getByText(sentence)).toBeVisible();
  await page.goBack();
  await page.goto("/crm/open-loops?view=closed");
  await expect(page.getByTestId("open-loop").filter({ hasText: text }).getByTestId("evidence")).toContainText(
    sentence,
  );
  await page.getByRole("checkbox", { name: `Close: ${text}` }).click();
  await expect.poll(async () => (await api.record(made.id)).open_loops[0]?.status).toBe("open");
  expect((await api.record(made.id)).open_loops[0]?.evidence_id).toBe(null);
});

test("AI-7 a duplicate is merged, a loop becomes a task, and each is undone as a whole", async ({
  seat,
  unique,
}) => {
  const { page, api } = await seat("Will");
  const [first, second] = [unique("Quote for care"), unique("The care quote")];
  const made = await api.newHousehold(unique("Double family"));
  for (const [text, opened_on] of [
    [first, "2020-01-06"],
    [second, "2020-02-06"],
  ])
    await api.post(`/api/households/${made.id}/open-loops`, { text, direction: "we_owe", opened_on });
  const loops = async () => (await api.record(made.id)).open_loops;
  const open = async () => (await loops()).filter((l) => l.status === "open").map((l) => l.text);
  await page.goto("/crm/open-loops?view=list");
  await page.getByRole("checkbox", { name: `Close: ${second}` }).focus();
  await page.keyboard.press("w");
  await expect(page.getByTestId("open-loop").filter({ hasText: second })).toContainText("waiting");
  await expect.poll(open).toEqual([first]);
  await page.keyboard.press("w");
  await expect.poll(open).toEqual([first, second]);
  await page.getByRole("checkbox", { name: `Close: ${second}` }).focus();
  await page.keyboard.press("m");
  await page.getByRole("dialog").getByRole("button", { name: first }).click();
  await expect.poll(open).toEqual([first]);
  await undo(page, "Loops merged.");
  await expect.poll(open).toEqual([first, second]);
  // On screen as well: a list that is still being read anew moves under an open menu.
  await expect(page.getByRole("checkbox", { name: `Close: ${second}` })).toBeVisible();

  await page.getByRole("button", { name: `Actions for ${first}` }).click();
  await page.getByRole("menuitem", { name: "Make it a task" }).click();
  await expect.poll(async () => (await api.record(made.id)).tasks.map((t) => t.title)).toEqual([first]);
  await undo(page, "The loop became a task.");
  await expect.poll(open).toEqual([first, second]);
  expect((await api.record(made.id)).tasks).toEqual([]);
});

test("AI-7 a loop is dropped with its reason and opened from the page by keyboard", async ({
  seat,
  unique,
}) => {
  const { page, api } = await seat("Will");
  const made = await api.newHousehold(unique("New loop family"));
  const text = unique("Which trustee do they want");
  await page.goto("/crm/open-loops");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("l");
  const dialog = page.getByRole("dialog", { name: "New open loop" });
  await dialog.getByLabel(/^Household/).fill(made.name);
  await expect(dialog.getByRole("button", { name: made.name })).toBeVisible();
  await page.keyboard.press("Enter");
  await dialog.getByLabel(/^What was promised or asked/).fill(text);
  await dialog.getByRole("button", { name: "Open loop" }).click();
  await expect(dialog).toHaveCount(0);
  await expect.poll(async () => (await api.record(made.id)).open_loops[0]?.text).toBe(text);
  await page.goto(`/crm/households/${made.id}?tab=tasks`);
  await page.getByRole("button", { name: `Actions for ${text}` }).click();
  await page.getByRole("menuitem", { name: "Drop" }).click();
  await page.getByRole("dialog").getByLabel(/^Why/).fill("They decided themselves");
  await page.getByRole("dialog").getByRole("button", { name: "Drop" }).click();
  await expect
    .poll(async () => (await api.record(made.id)).open_loops[0])
    .toMatchObject({ status: "dropped", dropped_reason: "They decided themselves" });
});
