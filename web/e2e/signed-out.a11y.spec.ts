import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";

test("without a session every address shows the one way in, without a fault of access", async ({ page }) => {
  for (const path of ["/crm/", "/crm/households", "/crm/sign-in?reason=refused"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1, name: "magfin" })).toBeVisible();
    await expect(page.getByRole("link", { name: "Sign in" })).toHaveAttribute(
      "href",
      /^\/api\/auth\/login\?return_to=/,
    );
    const result = await new AxeBuilder({ page })
      .withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"])
      .analyze();
    expect(result.violations).toEqual([]);
  }
});
