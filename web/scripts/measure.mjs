// Measures what somebody waits for at the screen, on a book that is served: MAGFIN_URL, and MAGFIN_SESSION of an advisor.
// Prints one line of JSON: milliseconds, the slowest of each.
import { chromium } from "@playwright/test";

const url = process.env.MAGFIN_URL;
const SLOWER = 4;

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
async function waited(act, drawn, known) {
  const start = performance.now();
  await act();
  await page.waitForFunction(drawn, known, { polling: "raf" });
  return performance.now() - start;
}
const slowest = (times) => Math.round(Math.max(...times));

async function table() {
  await page.goto(`${url}/crm/households`);
  await page.getByRole("row").nth(2).waitFor();
  const first = () => page.getByRole("row").nth(1).textContent();
  const changed = (before) => document.querySelectorAll("[role=row]")[1]?.textContent !== before;
  const counted = (before) => document.querySelector("[data-testid=count]")?.textContent !== before;
  const count = () => page.getByTestId("count").textContent();
  const header = page.getByRole("columnheader", { name: "Assets" }).getByRole("button");
  const times = { sort: [], filter: [], type: [], select: [], scroll: [] };
  const prospects = page.getByRole("group", { name: "Type" }).getByRole("button", { name: "Prospects" });
  const box = page.getByRole("searchbox", { name: "Filter households" });
  const scroller = page.getByLabel("Households table, scrollable");
  for (const word of ["sm", "ba", "wil", "har", "an"]) {
    times.sort.push(await waited(() => header.click(), changed, await first()));
    times.filter.push(await waited(() => prospects.click(), counted, await count()));
    await waited(() => prospects.click(), counted, await count());
    times.type.push(await waited(() => box.fill(word), counted, await count()));
    await waited(() => box.fill(""), counted, await count());
    const tick = page.getByRole("checkbox", { name: /^Select / }).nth(1);
    const ticked = () => document.querySelectorAll("[role=row] input[type=checkbox]:checked").length > 0;
    times.select.push(await waited(() => tick.click(), ticked));
    await tick.click();
    const at = times.scroll.length * 9_000 + 9_000;
    const there = (top) =>
      [...document.querySelectorAll("[role=row][aria-rowindex]")].some(
        (row) => Number(row.getAttribute("aria-rowindex")) > top / 60 && row.querySelector("a")?.textContent,
      );
    times.scroll.push(await waited(() => scroller.evaluate((e, top) => e.scrollTo(0, top), at), there, at));
    await scroller.evaluate((e) => e.scrollTo(0, 0));
    await page.getByRole("row").nth(2).waitFor();
  }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, slowest(all)]));
}

/** Usable: the name and the people are drawn, and a note can be begun. */
const usable = () =>
  document.querySelector("h1")?.textContent &&
  document.querySelector("[data-testid=person-card], #people") &&
  [...document.querySelectorAll("button")].some((button) => button.textContent.includes("Write a note"));

async function household() {
  const asked = { data: { sort: "-aum", limit: 8, type: ["client"] }, headers: { origin: url } };
  const ids = (await (await context.request.post(`${url}/api/households/search`, asked)).json()).items.map(
    (h) => h.id,
  );
  const cdp = await context.newCDPSession(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  const go = (to) =>
    page.evaluate((path) => {
      window.history.pushState({}, "", path);
      window.dispatchEvent(new PopStateEvent("popstate"));
    }, to);
  const times = { from_list: [], reload: [] };
  for (const id of ids) {
    times.from_list.push(await waited(() => go(`/crm/households/${id}`), usable));
    await go("/crm/households");
    await page.waitForFunction(() => document.querySelector("h1")?.textContent?.includes("Households"));
  }
  for (const id of ids.slice(0, 5)) {
    const open = () => page.goto(`${url}/crm/households/${id}`, { waitUntil: "commit" });
    times.reload.push(await waited(open, usable));
  }
  return { from_list: slowest(times.from_list), reload: slowest(times.reload) };
}

console.log(JSON.stringify({ table: await table(), household: await household() }));
await browser.close();
