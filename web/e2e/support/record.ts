import type { Page } from "@playwright/test";

/** A value of the overview, by the field's name in the API. */
export const field = (page: Page, name: string) => page.getByTestId(`field-${name}`);

/** Sets the stage of the household on screen, where it stands. */
export async function setStage(page: Page, value: string) {
  await page.getByRole("button", { name: "Edit Stage", exact: true }).click();
  const box = page.getByRole("textbox", { name: "Stage", exact: true });
  await box.fill(value);
  await box.press("Enter");
}
