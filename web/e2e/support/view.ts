import path from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, type TestInfo } from "@playwright/test";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * Takes a picture of what is on screen, light and dark (at 390 px in light alone), and expects that it scrolls in one direction
 * only and that axe has nothing to say.
 */
export async function view(page: Page, info: TestInfo, name: string) {
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready);
  expect.soft(await sideways(page), `${name}: wider than the screen`).toEqual([]);
  if (info.project.name === "phone") return await look(page, info, `${name}.phone`);
  for (const theme of ["dark", "light"]) {
    await page.evaluate((to) => document.documentElement.setAttribute("data-theme", to), theme);
    await expect(page.locator("html")).toHaveCSS("color-scheme", theme);
    await look(page, info, `${name}.${theme}`);
  }
}

async function look(page: Page, info: TestInfo, name: string) {
  await page.screenshot({ path: path.join(info.project.outputDir, "screens", `${name}.png`) });
  const { violations } = await axe(page);
  const found = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(" | ")}`);
  expect.soft(found, `${name}: axe`).toEqual([]);
}

/**
 * What axe finds. It is asked for violations alone: telling all that is well takes three times as long. The mode that it calls
 * legacy opens no page of its own for its sum, and leaves out frames of other origins, of which our policy allows none.
 */
async function axe(page: Page) {
  const found = new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).withTags(TAGS);
  return await found.setLegacyMode(true).analyze();
}

/** What makes the page itself wider than the screen. A strip that scrolls inside the page is meant to. */
export function sideways(page: Page) {
  return page.evaluate(() => {
    const wide = [
      document.documentElement,
      document.body,
      ...document.querySelectorAll("main, [role=dialog]"),
    ];
    return wide.filter((e) => e.scrollWidth > e.clientWidth).map((e) => `${e.tagName} ${e.scrollWidth}`);
  });
}
