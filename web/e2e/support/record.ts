import type { Page } from "@playwright/test";
import { expect, type Seat } from "./fixtures";

/** A value of the overview, by the field's name in the API. */
export const field = (page: Page, name: string) => page.getByTestId(`field-${name}`);

/** Sets the stage of the household on screen, where it stands. */
export async function setStage(page: Page, value: string) {
  await page.getByRole("button", { name: "Edit Stage", exact: true }).click();
  const box = page.getByRole("textbox", { name: "Stage", exact: true });
  await box.fill(value);
  await box.press("Enter");
}

/** Two advisors before a family that they share. */
export async function both(
  seat: (p: "Will" | "Matt") => Promise<Seat>,
  name: string,
  fields: object = { stage: "Review", risk_profile: "Moderate" },
) {
  const will = await seat("Will");
  const matt = await seat("Matt");
  const shared = (await will.api.me()).teams.find((team) => team.name.includes(" + "));
  const made = await will.api.newHousehold(name, { team_id: shared?.id, ...fields });
  for (const { page } of [will, matt]) {
    await page.goto(`/crm/households/${made.id}`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  }
  return { will, matt, made };
}
