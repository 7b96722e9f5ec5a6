import { expect, type Locator, type Page } from "@playwright/test";

async function go(page: Page, target: Locator, key: "Tab" | "Shift+Tab") {
  await expect(target).toBeVisible();
  for (let n = 0; n < 150; n += 1) {
    if (await target.evaluate((e) => e === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} does not lead there`);
}

/** Goes on with Tab until the focus is there, as somebody without a mouse does. */
export const tabTo = (page: Page, target: Locator) => go(page, target, "Tab");

/** Goes back with Shift and Tab until the focus is there. */
export const back = (page: Page, target: Locator) => go(page, target, "Shift+Tab");

/** Goes on to something with Tab and presses Enter. */
export async function enter(page: Page, target: Locator) {
  await tabTo(page, target);
  await page.keyboard.press("Enter");
}

/** Types keys right after one another, as a chord is, once what is on screen has taken up its keys. */
export async function chord(page: Page, keys: string) {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  await page.keyboard.type(keys);
}

/** Whether somebody sees what has the focus: nothing lies over its middle. */
export function inSight(page: Page) {
  return page.evaluate(() => {
    const focused = document.activeElement;
    const { left, top, width, height } = focused?.getBoundingClientRect() ?? new DOMRect();
    const there = document.elementFromPoint(left + width / 2, top + height / 2);
    return focused?.contains(there) ?? false;
  });
}
