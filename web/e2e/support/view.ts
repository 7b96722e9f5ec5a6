import path from "node:path";
import { expect, type Page, type TestInfo } from "@playwright/test";
import axe from "axe-core/axe.min.js";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** What a theme can break: all else that axe looks at is the same in the dark. */
const RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"];
const EVERY_RULE: axe.RunOnly = { type: "tag", values: TAGS };
const COLOUR: axe.RunOnly = { type: "rule", values: RULES_OF_COLOUR };

/** Where pictures are kept for somebody to look at; none are taken for nobody. */
const PICTURES = process.env.MAGFIN_PICTURES;

/**
 * Expects of what is on screen, light and dark (at 390 px in light alone), that nothing moves, that it scrolls in one direction
 * only and that axe has nothing to say. Takes a picture of each where pictures are wanted.
 */
export async function view(page: Page, info: TestInfo, name: string) {
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready);
  expect.soft(await moving(page), `${name}: moves for somebody who wants no motion`).toEqual([]);
  expect.soft(await sideways(page), `${name}: wider than the screen`).toEqual([]);
  if (info.project.name === "phone") return await look(page, `${name}.phone`, EVERY_RULE);
  for (const [theme, rules] of [["dark", COLOUR] as const, ["light", EVERY_RULE] as const]) {
    await page.evaluate((to) => document.documentElement.setAttribute("data-theme", to), theme);
    await expect(page.locator("html")).toHaveCSS("color-scheme", theme);
    await look(page, `${name}.${theme}`, rules);
  }
}

async function look(page: Page, name: string, rules: axe.RunOnly) {
  if (PICTURES) await page.screenshot({ path: path.join(PICTURES, `${name}.png`) });
  expect.soft(await violations(page, rules), `${name}: axe`).toEqual([]);
}

/**
 * What axe finds. It is asked for violations alone: telling all that is well takes three times as long. It comes into a document
 * once, which takes as long as half of its rules. Our policy allows no frames.
 */
async function violations(page: Page, runOnly: axe.RunOnly) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const found = await page.evaluate(
    (options) => (window as unknown as { axe: typeof axe }).axe.run(document, options),
    { runOnly, resultTypes: ["violations"], iframes: false } satisfies axe.RunOptions,
  );
  return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(" | ")}`);
}

/** What moves or fades. Half faded in, a dialog is not there for whoever looks. */
const moving = (page: Page) =>
  page.evaluate(() =>
    document.getAnimations().map((a) => {
      const { target } = a.effect as KeyframeEffect;
      const what =
        a instanceof CSSAnimation ? a.animationName : a instanceof CSSTransition && a.transitionProperty;
      return `${target?.tagName} ${what}`;
    }),
  );

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
