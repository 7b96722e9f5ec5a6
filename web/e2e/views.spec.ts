import { expect, test } from "./support/fixtures";

test("HL a view keeps filter, columns and order, and is changed to what it has become", async ({
  seat,
  unique,
}) => {
  const { page } = await seat("Will");
  const name = unique("Quiet clients");
  const filter = { all: [{ field: "last_touch", op: "older_than_days", value: 60 }] };
  const query = `filter=${encodeURIComponent(JSON.stringify(filter))}&cols=touch,tags&sort=last_touch&type=client`;
  await page.goto(`/crm/households?${query}`);
  await page.getByRole("button", { name: "Save view" }).click();
  await page.getByRole("dialog").getByLabel(/^Name/).fill(name);
  await page.getByRole("dialog").getByRole("button", { name: "Save view" }).click();
  const views = page.getByRole("navigation", { name: "Saved views" });
  await expect(views.getByRole("button", { name, exact: true })).toHaveAttribute("aria-pressed", "true");
  await page.goto("/crm/households");
  await views.getByRole("button", { name, exact: true }).click();
  await expect(page.getByTestId("sentence")).toContainText("Clients out of touch for more than 60 days.");
  await expect(page.getByRole("columnheader")).toHaveCount(4);
  await expect(views.getByRole("button", { name, exact: true })).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("button", { name: "Review overdue" }).click();
  await views.getByRole("button", { name: `Update “${name}”` }).click();
  await expect(views.getByRole("button", { name, exact: true })).toHaveAttribute("aria-pressed", "true");
  await page.goto("/crm/households");
  await views.getByRole("button", { name, exact: true }).click();
  await expect(page.getByTestId("sentence")).toContainText("and with an overdue review.");
  await page.getByRole("button", { name: `Remove the view ${name}` }).click();
});

test("HL a view is saved, shared with the team, opened by a colleague, removed and brought back", async ({
  seat,
  unique,
}) => {
  const will = await seat("Will");
  const matt = await seat("Matt");
  const name = unique("Prospects by size");
  const shared = (await will.api.me()).teams.find((team) => team.name.includes(" + "));
  await will.page.goto("/crm/households?type=prospect&sort=-aum");
  await will.page.getByRole("button", { name: "Save view" }).click();
  const dialog = will.page.getByRole("dialog");
  await dialog.getByLabel(/^Name/).fill(name);
  await dialog.getByLabel(/^Who sees it/).selectOption(shared?.id ?? "");
  await dialog.getByRole("button", { name: "Save view" }).click();
  const views = (page: typeof will.page) => page.getByRole("navigation", { name: "Saved views" });
  await expect(views(will.page).getByRole("button", { name, exact: true })).toHaveAttribute(
    "aria-pressed",
    "true",
  );

  await matt.page.goto("/crm/households");
  await views(matt.page).getByRole("button", { name, exact: true }).click();
  await expect(matt.page).toHaveURL(/type=prospect/);
  await expect(matt.page).toHaveURL(/sort=-aum/);
  await expect(matt.page.getByRole("button", { name: `Remove the view ${name}` })).toHaveCount(0);

  await will.page.getByRole("button", { name: `Remove the view ${name}` }).click();
  await expect(views(will.page).getByRole("button", { name, exact: true })).toHaveCount(0);
  await will.page.getByTestId("toast").getByRole("button", { name: "Undo" }).click();
  await expect(views(will.page).getByRole("button", { name, exact: true })).toBeVisible();
  await views(will.page).getByRole("button", { name, exact: true }).click();
  await will.page.getByRole("button", { name: `Remove the view ${name}` }).click();
});
