import { type BrowserContext, test as base, expect, type Page } from "@playwright/test";
import { Api } from "./api";
import { type Person, signIn, watch } from "./people";

/** One person at one browser. */
export interface Seat {
  page: Page;
  context: BrowserContext;
  api: Api;
}
interface Fixtures {
  /** A browser of its own, signed in as `person`. Every test's browsers are checked for silent faults at its end. */
  seat: (person: Person, path?: string) => Promise<Seat>;
  /** A name that no other test uses. */
  unique: (name: string) => string;
}

export const test = base.extend<Fixtures>({
  seat: async ({ browser, baseURL }, use) => {
    const seats: { context: BrowserContext; faults: string[] }[] = [];
    const origin = new URL(baseURL ?? "").origin;
    await use(async (person, path) => {
      // A new context takes the options of the project: size, theme, base address.
      const context = await browser.newContext();
      seats.push({ context, faults: watch(context, origin) });
      const page = await context.newPage();
      await signIn(page, person, path);
      return { page, context, api: new Api(context, origin) };
    });
    for (const { context } of seats) await context.close();
    expect(
      seats.flatMap((s) => s.faults),
      "requests elsewhere, policy violations and uncaught errors",
    ).toEqual([]);
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures a fixture needs from here
  unique: async ({}, use, info) => {
    let n = 0;
    await use((name) => `${name} ${info.workerIndex}${info.testId.slice(-4)}${n++}`);
  },
});
export { expect };
