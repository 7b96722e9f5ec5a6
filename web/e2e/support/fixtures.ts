import { type BrowserContext, test as base, type Cookie, expect, type Page } from "@playwright/test";
import { Api } from "./api";
import { answerLate, LATE } from "./late";
import { isIn, type Person, signIn, watch } from "./people";

/** One person at one browser. */
export interface Seat {
  page: Page;
  context: BrowserContext;
  api: Api;
}
type TakeSeat = (person: Person, path?: string) => Promise<Seat>;
interface Fixtures {
  /** A new browser in which `person` has just signed in, for tests about sessions. */
  newSeat: TakeSeat;
  /** A new browser that carries on a session of `person`, who signed in once for all such tests. */
  seat: TakeSeat;
  /** A name that no other test uses. */
  unique: (name: string) => string;
}
interface WorkerFixtures {
  sessions: Map<Person, Cookie[]>;
}
/** Opens a browser and gets its person in. */
type Enter = (page: Page, person: Person, path: string) => Promise<void>;

export const test = base.extend<Fixtures & { open: (enter: Enter) => TakeSeat }, WorkerFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from here which fixtures a fixture needs
  sessions: [async ({}, use) => use(new Map()), { scope: "worker" }],
  // Every browser is checked, at the end of its test, for what goes wrong out of sight.
  open: async ({ browser, baseURL }, use) => {
    const opened: { context: BrowserContext; faults: string[] }[] = [];
    const origin = new URL(baseURL ?? "").origin;
    await use((enter) => async (person, path = "/crm/") => {
      // A new context takes the options of the project: size, theme, base address.
      const context = await browser.newContext();
      if (LATE) await answerLate(context, LATE);
      opened.push({ context, faults: watch(context, origin) });
      const page = await context.newPage();
      await enter(page, person, path);
      return { page, context, api: new Api(context, origin) };
    });
    for (const { context } of opened) {
      // What a test answers in the server's place may still be on its way when the test is over.
      for (const one of [context, ...context.pages()]) await one.unrouteAll({ behavior: "ignoreErrors" });
      await context.close();
    }
    const faults = opened.flatMap((o) => o.faults);
    expect(faults, "requests elsewhere, policy violations and uncaught errors").toEqual([]);
  },
  newSeat: async ({ open }, use) => use(open(signIn)),
  seat: async ({ open, sessions }, use) =>
    use(
      open(async (page, person, path) => {
        const known = sessions.get(person);
        if (!known) {
          await signIn(page, person, path);
          sessions.set(person, await page.context().cookies());
          return;
        }
        await page.context().addCookies(known);
        await page.goto(path);
        await isIn(page);
      }),
    ),
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from here which fixtures a fixture needs
  unique: async ({}, use, info) => {
    let n = 0;
    await use((name) => `${name} ${info.workerIndex}${info.testId.slice(-4)}${info.repeatEachIndex}x${n++}`);
  },
});
export { expect };
