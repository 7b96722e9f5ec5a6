// Measures what somebody waits for at the screen, on a book that is served: MAGFIN_URL, and MAGFIN_SESSION of somebody who sees
// the whole firm. Prints one line of JSON: milliseconds, the slowest of each.
import { chromium } from "@playwright/test";

const url = process.env.MAGFIN_URL;
const SLOWER = 4;
/** Longer than anybody waits: what has not happened by then is named. */
const LIMIT_MS = 15_000;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
});
const context = await browser.newContext({
  viewport: { width: 1440, height: 900 },
  reducedMotion: "reduce",
  serviceWorkers: "block",
});
await context.addCookies([{ name: "magfin_session", value: process.env.MAGFIN_SESSION, url }]);
const page = await context.newPage();

/** From the act until what is to be seen is drawn. */
async function waited(what, act, drawn, known) {
  const start = performance.now();
  await act();
  await page.waitForFunction(drawn, known, { polling: "raf", timeout: LIMIT_MS }).catch((cause) => {
    throw new Error(`${what}: not seen within ${LIMIT_MS / 1000} s`, { cause });
  });
  return performance.now() - start;
}
const slowest = (times) =>
  Object.fromEntries(Object.entries(times).map(([act, each]) => [act, Math.round(Math.max(...each))]));

/** The table of the whole book: sorted, filtered, typed into, ticked and scrolled. */
async function table() {
  await page.goto(`${url}/crm/households`);
  await page.getByRole("row").nth(2).waitFor();
  const count = page.getByTestId("count").filter({ hasText: "households" });
  const whole = await count.textContent();
  const counts = (known) => {
    const text = document.querySelector("[data-testid=count]")?.textContent;
    return known.is ? text === known.is : text !== "" && text !== known.not;
  };
  const header = page.getByRole("columnheader", { name: "Assets" });
  const sorted = (before) =>
    [...document.querySelectorAll("[role=columnheader]")].some(
      (head) => head.textContent.includes("Assets") && head.getAttribute("aria-sort") !== before.sort,
    ) && document.querySelectorAll("[role=row]")[1]?.textContent !== before.first;
  const type = (name) => page.getByRole("group", { name: "Type" }).getByRole("button", { name, exact: true });
  const box = page.getByRole("searchbox", { name: "Filter households" });
  const scroller = page.getByLabel("Households table, scrollable");
  const tick = page.getByRole("checkbox", { name: /^Select / }).nth(1);
  const ticked = (so) =>
    document.querySelectorAll("[role=row] input[type=checkbox]:checked").length > 0 === so;
  const furthest = () =>
    page
      .locator("[role=row][aria-rowindex]")
      .evaluateAll((rows) => Math.max(...rows.map((row) => Number(row.getAttribute("aria-rowindex")))));
  const further = (than) =>
    [...document.querySelectorAll("[role=row][aria-rowindex]")].some(
      (row) => Number(row.getAttribute("aria-rowindex")) > than && row.querySelector("a")?.textContent,
    );
  const names = await page.getByRole("row").getByRole("link").allTextContents();
  const words = [...new Set(names.map((name) => name.split(/[ ,]/)[0].toLowerCase()))].slice(0, 5);
  const times = { sort: [], filter: [], filter_off: [], type: [], select: [], scroll: [] };
  for (const word of words) {
    const before = {
      sort: await header.getAttribute("aria-sort"),
      first: await page.getByRole("row").nth(1).textContent(),
    };
    times.sort.push(await waited("sort", () => header.getByRole("button").click(), sorted, before));
    times.filter.push(await waited("filter", () => type("Prospects").click(), counts, { not: whole }));
    times.filter_off.push(await waited("filter off", () => type("All").click(), counts, { is: whole }));
    times.type.push(await waited(`type "${word}"`, () => box.fill(word), counts, { not: whole }));
    await waited("empty the box", () => box.fill(""), counts, { is: whole });
    times.select.push(await waited("select", () => tick.click(), ticked, true));
    await waited("deselect", () => tick.click(), ticked, false);
  }
  // To the end of what is there, and on with what comes then.
  for (let n = 0; n < 5; n++) {
    const end = () => scroller.evaluate((e) => e.scrollTo(0, e.scrollHeight));
    times.scroll.push(await waited("scroll", end, further, await furthest()));
  }
  return { rows: Number(whole.split(" ")[0].replaceAll(",", "")), ...slowest(times) };
}

/** Usable: the name and the people are drawn, and a note can be begun. */
const usable = (id) =>
  location.pathname.endsWith(id) &&
  document.querySelector("h1")?.textContent &&
  document.querySelector("[data-testid=person-card], #people") &&
  [...document.querySelectorAll("button")].some((button) => button.textContent.includes("Write a note"));

/** The page of a household, from the list and by reloading, on a processor that is slower. */
async function household() {
  await page.goto(`${url}/crm/households?sort=-aum`);
  await page.getByRole("row").nth(8).waitFor();
  const links = page.getByRole("row").getByRole("link");
  const paths = await links.evaluateAll((found) => found.slice(0, 6).map((a) => new URL(a.href).pathname));
  const cdp = await context.newCDPSession(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  const times = { from_list: [], reload: [] };
  for (const path of paths) {
    const id = path.split("/").at(-1);
    await page.goto(`${url}/crm/households?sort=-aum`);
    await page.getByRole("row").nth(8).waitFor();
    await page.waitForTimeout(1_500);
    // A click in the list opens the household beside it; the page opens as by its link there.
    const open = () =>
      page.evaluate((to) => {
        window.history.pushState({}, "", to);
        window.dispatchEvent(new PopStateEvent("popstate"));
      }, path);
    times.from_list.push(await waited("open from the list", open, usable, id));
    const reload = () => page.goto(`${url}${path}`, { waitUntil: "commit" });
    times.reload.push(await waited("reload", reload, usable, id));
  }
  return slowest(times);
}

const { rows, ...times } = await table();
console.log(JSON.stringify({ rows, table: times, household: await household() }));
await browser.close();
