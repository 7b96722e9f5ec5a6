import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Page } from "@playwright/test";
import type { Api } from "./support/api";
import { expect, test } from "./support/fixtures";
import { back, enter, inSight, tabTo } from "./support/keyboard";
import { setStage } from "./support/record";

// One after the other: they bring the same book into the same firm.
test.describe.configure({ mode: "serial", timeout: 180_000 });

const FIRM = "Harborlane Wealth";
const run = promisify(execFile);

/** The product's own command line, on the data of the running server. */
async function magfin(...args: string[]) {
  const program = process.env.MAGFIN_BIN;
  if (!program || !process.env.MAGFIN_DATA_DIR)
    throw new Error("MAGFIN_BIN and MAGFIN_DATA_DIR name the product and its data");
  return (await run(program, args, { env: process.env })).stdout;
}

/** The sample book, or where it is absent a book that the product makes up. */
async function book(): Promise<{ dir: string; done: () => void }> {
  const given = path.resolve("..", process.env.MAGFIN_BOOK ?? "../shared/sample-book");
  if (existsSync(given)) return { dir: given, done: () => {} };
  const dir = mkdtempSync(path.join(tmpdir(), "magfin-book-"));
  await magfin("sample", "--legacy-tree", dir, "--households", "40", "--seed", "4711");
  return { dir, done: () => rmSync(dir, { recursive: true }) };
}

/** The book as an archive, in a folder of its own. */
async function packed(dir: string) {
  const home = mkdtempSync(path.join(tmpdir(), "magfin-archive-"));
  const file = path.join(home, "book.tar.gz");
  await run("tar", ["-czf", file, "-C", path.dirname(dir), path.basename(dir)]);
  return {
    file,
    export: readFileSync(path.join(dir, "localstorage.json"), "utf8"),
    done: () => rmSync(home, { recursive: true }),
  };
}

/** The short name of the first household of an export. */
function slugOf(text: string) {
  const seed = JSON.parse(JSON.parse(text)["magfin:households:seed"]) as { slug: string }[];
  return seed[0]?.slug ?? "";
}

async function isImported(api: Api, household: string) {
  const { items } = await api.get<{ items: { source: string }[] }>(
    `/api/households/${household}/edits?limit=1`,
  );
  return items[0]?.source === "import";
}

test("ST-3 today's book is imported, appears, and is taken back as a unit except for what a person changed", async ({
  seat,
}) => {
  const priya = await seat("Priya");
  const { page, api } = priya;
  // Other tests make and remove families meanwhile; those with the most assets are the sample book's.
  const richest = (await api.households({ sort: "-aum" })).slice(0, 20).map((h) => h.id);
  const before = new Set((await api.households()).map((h) => h.id));
  const { dir, done } = await book();
  const said = await magfin("import", "legacy", dir, "--commit", "--firm", FIRM);
  expect(said).toContain(`Imported into ${FIRM}`);
  expect(await magfin("import", "legacy", dir, "--commit", "--firm", FIRM)).toContain("nothing was written");
  done();

  const came = [];
  for (const h of await api.households())
    if (!before.has(h.id) && (await isImported(api, h.id))) came.push(h);
  expect(came.length).toBeGreaterThan(5);
  const [touched, untouched] = came;
  if (!touched || !untouched) throw new Error("nothing came");

  // It appears: in the list, on its page, with where it came from.
  await page.goto("/crm/households");
  await page.getByRole("searchbox", { name: "Filter households" }).fill(untouched.name);
  await expect(
    page.getByRole("link", { name: untouched.name }).filter({ visible: true }).first(),
  ).toBeVisible();
  await page.goto(`/crm/households/${touched.id}?tab=history`);
  await expect(page.getByTestId("history-row").first()).toContainText("by an import");

  // Somebody works on one of them.
  await page.getByRole("tab", { name: "Overview" }).click();
  await setStage(page, "Met in person");
  const stage = async () => (await api.record(touched.id)).household.stage;
  await expect.poll(stage).toBe("Met in person");

  await page.getByRole("link", { name: "Imports" }).first().click();
  const mine = page
    .getByTestId("import")
    .filter({ hasText: path.basename(dir) })
    .first();
  await mine.getByRole("button", { name: "Revert" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revert import" }).click();
  await expect(mine).toContainText("Reverted", { timeout: 60_000 });

  const kept = mine.getByRole("region", { name: "Kept" });
  await expect(kept).toContainText("Households, stage");
  await expect(kept).toContainText((await api.me()).user.name);
  const left = new Set((await api.households()).map((h) => h.id));
  expect(came.filter((h) => left.has(h.id)).map((h) => h.id)).toEqual([touched.id]);
  expect(richest.filter((id) => !left.has(id))).toEqual([]);
  expect((await api.record(touched.id)).household.stage).toBe("Met in person");
  await page.goto(`/crm/households/${untouched.id}`);
  await expect(page.getByText("This household was removed")).toBeVisible();
});

/** Chooses a file by keyboard, in the window that the button opens. */
async function chooseByKey(page: Page, button: string, file: string) {
  const opened = page.waitForEvent("filechooser");
  await enter(page, page.getByRole("button", { name: button }));
  await (await opened).setFiles(file);
}

test("ST-3 FE-5 a book is uploaded as an archive, looked at, mended, brought in and taken back by keyboard alone", async ({
  seat,
}) => {
  const priya = await seat("Priya", "/crm/imports");
  const { page, api } = priya;
  const before = new Set((await api.households()).map((h) => h.id));
  const came = async () => (await api.households()).filter((h) => !before.has(h.id));
  const title = (name: string) => page.getByRole("heading", { level: 2, name });
  const button = (name: string) => page.getByRole("button", { name });
  const { dir, done } = await book();
  const archive = await packed(dir);
  done();
  await chooseByKey(page, "Choose archive", archive.file);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("book.tar.gz");

  // The difference, before anything is written. What comes in the place of a step has the focus.
  await expect(page.getByRole("region", { name: "What it brings" })).toContainText("New households", {
    timeout: 60_000,
  });
  await expect(title("What it brings")).toBeFocused();
  expect(await came()).toEqual([]);
  await tabTo(page, page.getByRole("tab", { selected: true }));
  await page.keyboard.press("Home");
  await expect(page.getByRole("tab", { name: /^Refused/ })).toHaveAttribute("aria-selected", "true");
  const rows = page.getByTestId("upload-line").filter({ hasText: /^Note / });
  const lost = rows.filter({ hasText: "not in this book" });

  // One row is mended and one is left out; the dry run says what that makes.
  await tabTo(page, lost.first().getByLabel("Household"));
  await page.keyboard.press("Control+a");
  await page.keyboard.type(slugOf(archive.export));
  await enter(page, lost.first().getByRole("button", { name: "Correct" }));
  await expect(lost.first()).toContainText("Corrected by");
  await expect(lost.first().getByRole("button", { name: "Correct" })).toBeFocused();
  const blank = rows.filter({ hasText: "is empty" });
  await enter(page, blank.first().getByRole("button", { name: "Leave out" }));
  await expect(blank.first()).toContainText("Left out by");
  await expect(blank.first().getByRole("button", { name: "Take back" })).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await expect
    .poll(() => inSight(page), "what has the focus is not hidden behind the bar at the bottom")
    .toBe(true);
  await page.keyboard.press("Tab");
  await back(page, button("Skip the rows"));
  await page.keyboard.press("Enter");
  await expect(button("Run the dry run again")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(button("Bring it in")).toBeVisible({ timeout: 60_000 });
  await expect(title("What it brings")).toBeFocused();
  await expect(lost).toHaveCount(0);

  await enter(page, button("Skip the rows"));
  await expect(button("Bring it in")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(title("It is in the book")).toBeFocused({ timeout: 60_000 });
  const households = await came();
  expect(households.length).toBeGreaterThan(5);
  await expect(page.getByRole("link", { name: households[0]?.name ?? "" }).first()).toBeVisible();

  await enter(page, button("Revert"));
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(button("Revert")).toBeFocused();
  await page.keyboard.press("Enter");
  await enter(page, page.getByRole("dialog").getByRole("button", { name: "Revert import" }));
  await expect(title("Taken back")).toBeFocused({ timeout: 60_000 });
  expect(await came()).toEqual([]);
  archive.done();
});

test("ST-3 FE-5 an archive that leads out of itself is refused by name, and called off by keyboard", async ({
  seat,
}) => {
  const { page } = await seat("Priya", "/crm/imports");
  const dir = mkdtempSync(path.join(tmpdir(), "magfin-bad-"));
  const file = path.join(dir, "bad.tar");
  await run("sh", [
    "-c",
    `cd "$0" && echo {} > localstorage.json && tar -cPf bad.tar --transform 's,localstorage.json,../../x,' localstorage.json`,
    dir,
  ]);
  await chooseByKey(page, "Choose archive", file);
  await expect(page.getByRole("alert")).toContainText("leads out of the archive", { timeout: 60_000 });
  await expect(page.getByRole("alert")).toContainText("../../x");
  await expect(page.getByRole("heading", { name: "This archive was refused" })).toBeFocused();
  await back(page, page.getByRole("button", { name: "Cancel and remove" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Imports" })).toBeFocused();
  rmSync(dir, { recursive: true });
});

test("ST-3 AU-3 the report of an import speaks of every family, so an advisor is not told of it", async ({
  seat,
}) => {
  const priya = await seat("Priya");
  const will = await seat("Will");
  await expect(will.page.getByRole("heading", { level: 1 })).toHaveText("Today, Will");
  await expect(will.page.getByRole("link", { name: "Imports" })).toHaveCount(0);
  const { items } = await priya.api.get<{ items: { id: string }[] }>("/api/imports");
  expect(items.length).toBeGreaterThan(0);
  expect((await will.api.ask("GET", "/api/imports")).status).toBe(403);
  expect((await will.api.ask("POST", `/api/imports/${items[0]?.id}/revert`)).status).toBe(403);
});
