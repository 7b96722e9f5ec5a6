import { expect, type Seat, test } from "./support/fixtures";

const rows = (seat: Seat, text: string | RegExp) =>
  seat.page.getByTestId("history-row").filter({ hasText: text });

test("ST-2 ST-7 history says who changed what, and undoing a change is a change itself", async ({
  seat,
  unique,
}) => {
  const will = await seat("Will");
  const priya = await seat("Priya");
  const made = await will.api.newHousehold(unique("Remembered family"), { tier: "B" });
  await priya.api.patch(`/api/households/${made.id}`, { version: made.version, tier: "A" });
  await will.page.goto(`/crm/households/${made.id}?tab=history`);

  const change = rows(will, "to A");
  await expect(change).toContainText((await priya.api.me()).user.name);
  await expect(change.locator("del")).toHaveText("B");
  await expect(change.locator("ins")).toHaveText("A");

  await will.page.getByRole("button", { name: "Undo Tier" }).click();
  await expect(rows(will, "Undone")).toHaveCount(1);
  const undo = will.page
    .getByTestId("history-row")
    .filter({ has: will.page.getByText("Undo", { exact: true }) });
  await expect(undo).toContainText((await will.api.me()).user.name);
  await expect(undo.locator("ins")).toHaveText("B");
  expect((await will.api.record(made.id)).household.tier).toBe("B");
});

test("ST-7 undoing a change that somebody has changed since is refused and says so", async ({
  seat,
  unique,
}) => {
  const will = await seat("Will");
  const made = await will.api.newHousehold(unique("Moved on family"), { tier: "B" });
  const first = await will.api.patch<{ version: number }>(`/api/households/${made.id}`, {
    version: made.version,
    tier: "A",
  });
  await will.page.goto(`/crm/households/${made.id}?tab=history`);
  await expect(will.page.getByRole("button", { name: "Undo Tier" })).toHaveCount(1);
  await will.api.patch(`/api/households/${made.id}`, { version: first.version, tier: "C" });
  // The later change comes in above, and moves the earlier one down.
  const undo = will.page.getByRole("button", { name: "Undo Tier" });
  await expect(undo).toHaveCount(2);
  await undo.last().click();
  await expect(will.page.getByTestId("toast").filter({ hasText: "changed tier meanwhile" })).toBeVisible();
  expect((await will.api.record(made.id)).household.tier).toBe("C");
});

test("ST-7 a removed row is restored from history", async ({ seat, unique }) => {
  const will = await seat("Will");
  const made = await will.api.newHousehold(unique("Tidy family"));
  await will.api.post(`/api/households/${made.id}/goals`, { title: "Sailing boat" });
  const { page } = will;
  await page.goto(`/crm/households/${made.id}`);
  await page.getByRole("button", { name: "Actions for Sailing boat" }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await expect(page.getByText("Sailing boat", { exact: true })).toHaveCount(0);
  expect((await will.api.record(made.id)).goals).toEqual([]);

  await page.getByRole("tab", { name: "History" }).click();
  await page.getByRole("button", { name: "Restore Goal" }).click();
  await expect(rows(will, "Restored")).toHaveCount(1);
  await page.getByRole("tab", { name: "Overview" }).click();
  await expect(page.getByText("Sailing boat", { exact: true })).toBeVisible();
});

test("ST-7 the toast's Undo takes an edit back", async ({ seat, unique }) => {
  const will = await seat("Will");
  const made = await will.api.newHousehold(unique("Hasty family"), { stage: "Review" });
  const { page } = will;
  await page.goto(`/crm/households/${made.id}`);
  await page.getByRole("button", { name: "Edit Stage" }).click();
  await page.getByRole("textbox", { name: "Stage" }).fill("Closed");
  await page.keyboard.press("Enter");
  await page.getByTestId("toast").getByRole("button", { name: "Undo" }).click();
  await expect(page.getByTestId("field-stage")).toContainText("Review");
  await expect.poll(async () => (await will.api.record(made.id)).household.stage).toBe("Review");
});

test("ST-2 why this value names the source of a value of the sample book", async ({ seat }) => {
  const will = await seat("Will");
  const [known] = await will.api.households({ sort: "-aum" });
  await will.page.goto(`/crm/households/${known?.id}`);
  const story = will.page.getByTestId("field-story");
  await story.hover();
  await story.getByRole("button", { name: "Why this value: Story" }).click();
  const why = will.page.getByTestId("why");
  await expect(why).toContainText("magfin operator");
  await expect(why).toContainText("profile.md");
  await will.page.keyboard.press("Escape");
  await expect(why).toHaveCount(0);
});

test("ST-2 why this value tells every hand that a value went through", async ({ seat, unique }) => {
  const will = await seat("Will");
  const priya = await seat("Priya");
  const made = await will.api.newHousehold(unique("Explained family"), { risk_profile: "Moderate" });
  await priya.api.patch(`/api/households/${made.id}`, { version: made.version, risk_profile: "Growth" });
  await will.page.goto(`/crm/households/${made.id}`);
  await will.page.getByRole("button", { name: "Edit Risk profile" }).focus();
  await will.page.keyboard.press("w");
  const why = will.page.getByTestId("why");
  await expect(why.getByRole("listitem").first()).toContainText("Set to Growth");
  await expect(why.getByRole("listitem").first()).toContainText((await priya.api.me()).user.name);
  await expect(why.getByRole("listitem").last()).toContainText("Moderate");
});
