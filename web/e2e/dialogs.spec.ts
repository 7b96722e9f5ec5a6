import { expect, test } from "./support/fixtures";
import { enter, tabTo } from "./support/keyboard";

test("FE-5 a dialog gives the focus back to what opened it: a button, a key on a row, an item of a menu", async ({
  seat,
  unique,
}) => {
  const { page, api } = await seat("Will");
  const made = await api.newHousehold(unique("Focused family"), {});
  const { user } = await api.me();
  const title = unique("Send the focused papers");
  await api.post(`/api/households/${made.id}/tasks`, { title, due_on: "2019-01-07", assignee_id: user.id });
  const dialog = page.getByRole("dialog");
  const left = async () => {
    await expect(dialog).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
  };

  await page.goto("/crm/open-loops");
  await enter(page, page.getByRole("button", { name: "New loop" }));
  await left();
  await expect(page.getByRole("button", { name: "New loop" })).toBeFocused();

  await page.goto("/crm/tasks");
  const row = page.getByTestId("task").filter({ hasText: title });
  const tick = row.getByRole("checkbox");
  await tabTo(page, tick);
  await page.keyboard.press("z");
  await left();
  await expect(tick).toBeFocused();
  const menu = row.getByRole("button", { name: /^Actions for/ });
  await enter(page, menu);
  await page.getByRole("menuitem", { name: "Edit" }).press("Enter");
  await left();
  await expect(menu).toBeFocused();

  await page.goto(`/crm/households/${made.id}?tab=tasks`);
  const add = page.getByRole("button", { name: "Add task" });
  await enter(page, add);
  await left();
  await expect(add).toBeFocused();
});
