import { expect, test } from "./support/fixtures";

test("HL a filter is built by keyboard, read as a sentence, kept in the address, and cleared", async ({
  seat,
  unique,
}) => {
  const { page, api } = await seat("Will");
  const tag = unique("tag");
  const families = [
    { name: unique("Filtered"), tier: "A", tags: [tag] },
    { name: unique("Filtered"), tier: "B", tags: [tag] },
    { name: unique("Filtered"), tier: "C", tags: [tag] },
  ];
  for (const { name, ...fields } of families) await api.newHousehold(name, fields);
  await page.goto("/crm/households");
  await expect(page.getByTestId("count")).toContainText("households");
  await page.keyboard.press("f");
  const panel = page.getByRole("dialog", { name: "Filter households" });
  await panel.getByLabel("Field").selectOption("tag");
  await panel.getByLabel("Value").fill(tag);
  await expect(page.getByTestId("count")).toHaveText(/^3 households/);
  await panel.getByRole("button", { name: "Group", exact: true }).click();
  const group = panel.getByRole("group", { name: "Group of conditions, level 2" });
  await group.getByLabel("Value").fill("A");
  await group.getByRole("button", { name: "Condition", exact: true }).click();
  await group.getByLabel("Value").nth(1).fill("B");
  await expect(page.getByTestId("count")).toHaveText(/^2 households/);
  await expect(page.getByTestId("sentence")).toContainText(`Households tagged ${tag}, and in tier A or B.`);
  await group.getByLabel("How the conditions join").selectOption("none");
  await expect(page.getByTestId("count")).toHaveText(/^1 household,/);
  await expect(page.getByTestId("sentence")).toContainText("and neither in tier A nor in tier B.");
  await page.keyboard.press("Escape");
  await expect(panel).toHaveCount(0);

  const shared = await seat("Will", page.url().slice(new URL(page.url()).origin.length));
  await expect(shared.page.getByTestId("count")).toHaveText(/^1 household,/);
  await expect(shared.page.getByTestId("sentence")).toContainText("neither in tier A nor in tier B");

  // A chip joins the filter; nothing is left, and the way back is offered.
  await page.getByRole("button", { name: "Missing beneficiary" }).click();
  await expect(page.getByText("No household matches")).toBeVisible();
  await expect(page.getByText(/^Nothing for Households tagged/)).toContainText("account without beneficiary");
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(page).toHaveURL(/households$/);
  await expect(page.getByTestId("sentence")).toHaveCount(0);
});

test("HL what is typed of a family is in no address, whatever the address asks for", async ({ seat }) => {
  const name = encodeURIComponent(JSON.stringify({ field: "name", op: "contains", value: "Whitfield" }));
  const { page } = await seat("Will", `/crm/households?filter=${name}`);
  await expect(page.getByTestId("count")).toContainText("households");
  await expect(page.getByTestId("sentence")).toHaveCount(0);
  await page.getByRole("searchbox", { name: "Filter households" }).fill("Whitfield");
  await page.getByRole("button", { name: "Review overdue" }).click();
  await expect(page).toHaveURL(/next_review/);
  expect(page.url().split("?")[1]).not.toContain("Whitfield");
});

test("HL the header sorts both ways", async ({ seat }) => {
  const { page } = await seat("Will", "/crm/households");
  const header = page.getByRole("columnheader", { name: "Last touch" });
  await header.getByRole("button").click();
  await expect(header).toHaveAttribute("aria-sort", "ascending");
  await header.getByRole("button").click();
  await expect(header).toHaveAttribute("aria-sort", "descending");
  await expect(page).toHaveURL(/sort=-last_touch/);
});
