import { expect, test } from "./support/fixtures";

test("AI-7 a loop is closed from the board by keyboard, stays to be seen, and is opened again", async ({
  seat,
  unique,
}) => {
  const { page, api } = await seat("Will");
  const text = unique("Send the revised trust");
  const made = await api.newHousehold(unique("Loop family"));
  await api.post(`/api/households/${made.id}/open-loops`, {
    text,
    direction: "we_owe",
    opened_on: "2020-01-06",
  });
  await page.goto("/crm/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("l");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Open loops");
  const tick = page.getByRole("checkbox", { name: `Close: ${text}` });
  await tick.focus();
  await page.keyboard.press("Space");
  await expect(tick).toBeChecked();
  const { open_loops } = await api.record(made.id);
  expect(open_loops[0]?.status).toBe("done");
  await page.getByTestId("toast").getByRole("button", { name: "Undo" }).click();
  await expect(tick).not.toBeChecked();
});
