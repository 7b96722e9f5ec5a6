import type { BrowserContext } from "@playwright/test";

/**
 * The longest time in milliseconds by which the server's requests and answers come late, from `MAGFIN_E2E_LATE`; 0 leaves them alone.
 * A test that goes on before what it waits for has happened passes on a fast machine and fails on a busy one: late answers show it.
 */
export const LATE = Number(process.env.MAGFIN_E2E_LATE ?? "0");

/** Holds every request of the API back by up to `most` milliseconds, and its answer once more. Streams begin late and then run freely. */
export async function answerLate(context: BrowserContext, most: number): Promise<void> {
  const wait = () => new Promise<void>((done) => setTimeout(done, Math.random() * most));
  // A browser without a connection asks for itself, and finds none.
  let offline = false;
  const setOffline = context.setOffline.bind(context);
  context.setOffline = (now) => {
    offline = now;
    return setOffline(now);
  };
  await context.route("**/api/**", async (route) => {
    await wait();
    if (offline || route.request().headers().accept === "text/event-stream") return route.continue();
    // A connection that was closed between two requests is no answer: the browser asks by itself.
    const response = await route.fetch({ maxRedirects: 0 }).catch(() => null);
    if (!response) return route.continue();
    await wait();
    await route.fulfill({ response });
  });
}
