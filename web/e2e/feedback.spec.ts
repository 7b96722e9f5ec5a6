import { expect, test } from "./support/fixtures";

test("MO-4 feedback from any page names the kind of page and lands in the admins' list, whose answer comes back", async ({
  seat,
  unique,
}) => {
  const will = await seat("Will");
  const made = await will.api.newHousehold(unique("Feedback family"));
  const text = unique("The list jumps");
  await will.page.goto(`/crm/households/${made.id}?tab=notes`);
  await expect(will.page.getByRole("heading", { level: 1 })).toHaveText(made.name);
  await will.page.keyboard.press("Shift+F");
  const dialog = will.page.getByRole("dialog", { name: "Send feedback" });
  await expect(dialog).toContainText("/households/$id");
  await dialog.getByRole("textbox").fill(text);
  const sent = will.page.waitForRequest((r) => r.url().endsWith("/api/feedback") && r.method() === "POST");
  await dialog.getByRole("textbox").press("Control+Enter");
  const body = (await sent).postData() ?? "";
  expect(body).toContain('"page":"/households/$id"');
  expect(body, "no id of a family").not.toContain(made.id);
  await expect(dialog).toHaveCount(0);
  const priya = await seat("Priya", "/crm/feedback");
  const card = priya.page.getByTestId("feedback").filter({ hasText: text });
  await card.getByLabel("Status").selectOption("Done");
  await card.getByLabel("Answer").fill("Fixed today");
  await card.getByRole("button", { name: "Save" }).click();
  // Its badge; the choices beside it say "Done" from the beginning.
  await expect(card.locator("span").filter({ hasText: /^Done$/ })).toBeVisible();
  await will.page.goto("/crm/feedback");
  await expect(will.page.getByTestId("feedback").filter({ hasText: text })).toContainText("Fixed today");
  const matt = await seat("Matt", "/crm/feedback");
  await expect(matt.page.getByRole("heading", { level: 1 })).toHaveText("Feedback");
  await expect(matt.page.locator("[aria-busy=true]")).toHaveCount(0);
  await expect(matt.page.getByText(text)).toHaveCount(0);
});
