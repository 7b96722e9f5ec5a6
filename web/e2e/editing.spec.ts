import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures";
import { both, field } from "./support/record";

async function type(page: Page, label: string, text: string) {
  await page.getByRole("button", { name: `Edit ${label}`, exact: true }).click();
  const box = page.getByRole("textbox", { name: label, exact: true });
  await box.fill(text);
  return () => box.press("Enter");
}

test("ST-4 edits of different fields by two people merge", async ({ seat, unique }) => {
  const { will, matt, made } = await both(seat, unique("Merging family"));
  const saveRisk = await type(will.page, "Risk profile", "Growth");
  const saveStage = await type(matt.page, "Stage", "Onboarding");
  await saveRisk();
  await expect(field(will.page, "risk_profile")).toContainText("Growth");
  await saveStage();
  await expect(field(matt.page, "stage")).toContainText("Onboarding");
  await expect(field(matt.page, "risk_profile")).toContainText("Growth");
  await expect(matt.page.getByTestId("conflict")).toHaveCount(0);
  // What is on screen is there before the server has answered.
  const stored = async () => (await will.api.record(made.id)).household;
  await expect.poll(stored).toMatchObject({ risk_profile: "Growth", stage: "Onboarding" });
});

for (const [choice, kept] of [
  ["Keep mine", "Matt's word"],
  ["Take theirs", "Will's word"],
] as const)
  test(`ST-4 the same field edited twice shows both values and the other's name: ${choice}`, async ({
    seat,
    unique,
  }) => {
    const { will, matt, made } = await both(seat, unique("Contested family"));
    const save = await type(matt.page, "Risk profile", "Matt's word");
    await (await type(will.page, "Risk profile", "Will's word"))();
    const stored = async () => (await will.api.record(made.id)).household.risk_profile;
    await expect.poll(stored).toBe("Will's word");
    await save();

    const card = matt.page.getByTestId("conflict");
    await expect(card).toContainText((await will.api.me()).user.name);
    await expect(card).toContainText("Matt's word");
    await expect(card).toContainText("Will's word");
    expect((await will.api.record(made.id)).household.risk_profile).toBe("Will's word");

    await card.getByRole("button", { name: choice }).click();
    await expect(card).toHaveCount(0);
    await expect(field(matt.page, "risk_profile")).toContainText(kept);
    await expect.poll(async () => (await will.api.record(made.id)).household.risk_profile).toBe(kept);
  });

test("ST-4 a dialog's conflict keeps what was typed until one side is chosen", async ({ seat, unique }) => {
  const { will, matt, made } = await both(seat, unique("Family with a goal"));
  const goal = await will.api.post<{ id: string; version: number }>(`/api/households/${made.id}/goals`, {
    title: "House by the sea",
  });
  await matt.page.reload();
  const change = async (page: Page, title: string) => {
    await page.getByRole("button", { name: /^Actions for House by the sea/ }).click();
    await page.getByRole("menuitem", { name: "Edit" }).click();
    await page.getByRole("textbox", { name: "Goal" }).fill(title);
  };
  await change(matt.page, "House in the hills");
  await will.api.patch(`/api/goals/${goal.id}`, { version: goal.version, title: "House in town" });
  await matt.page.getByRole("button", { name: "Save" }).click();
  const card = matt.page.getByTestId("conflict");
  await expect(card).toContainText("House in the hills");
  await expect(card).toContainText("House in town");
  await card.getByRole("button", { name: "Keep mine" }).click();
  await expect(matt.page.getByRole("dialog")).toHaveCount(0);
  await expect(matt.page.getByText("House in the hills")).toBeVisible();
});

test("FE-5 a value is edited by keyboard alone, and Escape leaves it as it was", async ({ seat, unique }) => {
  const will = await seat("Will");
  const made = await will.api.newHousehold(unique("Keyboard family"), { risk_profile: "Moderate" });
  await will.page.goto(`/crm/households/${made.id}`);
  const value = will.page.getByRole("button", { name: "Edit Risk profile" });
  await value.focus();
  await will.page.keyboard.press("Enter");
  await will.page.keyboard.type("Nothing of this");
  await will.page.keyboard.press("Escape");
  await expect(value).toBeFocused();
  await expect(value).toContainText("Moderate");
  await will.page.keyboard.press("e");
  await will.page.keyboard.type("Careful");
  await will.page.keyboard.press("Enter");
  await expect(field(will.page, "risk_profile")).toContainText("Careful");
  await expect.poll(async () => (await will.api.record(made.id)).household.risk_profile).toBe("Careful");
});
