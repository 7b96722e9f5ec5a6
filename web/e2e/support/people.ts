import { type BrowserContext, expect, type Page } from "@playwright/test";

/** The people of the sample firm, by the first name on the page of the simulated identity provider. */
export type Person = "Will" | "Matt" | "Evan" | "Priya";

/** Signs in the way a person does: our page, the provider's page, back to where one wanted to go. */
export async function signIn(page: Page, person: Person, path = "/crm/") {
  await page.goto(path);
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.getByRole("button", { name: new RegExp(`^${person} `) }).click();
  await isIn(page);
}

/** Waits until the app is there, also below a panel that an address opens. */
export const isIn = (page: Page) =>
  expect(
    page.getByRole("navigation", { name: "Main", includeHidden: true }).filter({ visible: true }),
  ).toBeVisible();

/** Waits until somebody who signs out is signed out, at the provider too. */
export async function isOut(page: Page) {
  await expect(page).toHaveURL(/^[^?]*\/crm\/sign-in/);
  await expect(page.getByRole("link", { name: "Sign in" })).toBeVisible();
}

/** Invites somebody in this role, from the page of people and teams, and gives the link with which they join. */
export async function invite(page: Page, name: string, role: string) {
  await page.getByRole("button", { name: "Invite somebody" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(/^Name/).fill(name);
  const mailbox = name.toLowerCase().replace(/\W+/g, ".");
  await dialog.getByLabel(/^Work e-mail/).fill(`${mailbox}@quietharbor.example`);
  await dialog.getByLabel(/^Role/).selectOption(role);
  await dialog.getByRole("button", { name: "Make the link" }).click();
  return dialog.getByRole("textbox", { name: "Link" }).inputValue();
}

/** Joins with the link of an invitation, as somebody whom the identity provider does not know yet. */
export async function joinWith(page: Page, link: string, name: string) {
  await page.goto(link);
  await page.getByRole("button", { name: "Sign in and join" }).click();
  await page.getByRole("textbox", { name: /^Somebody else/ }).fill(name);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(name.split(" ")[0] ?? name);
}

/** What the browser keeps that outlives the page: everything but cookies. */
export function keptByBrowser(page: Page) {
  return page.evaluate(async () => {
    const stores = (await indexedDB.databases()).map((d) => `indexedDB:${d.name}`);
    const caches_ = "caches" in globalThis ? (await caches.keys()).map((k) => `cache:${k}`) : [];
    return {
      local: { ...localStorage },
      session: { ...sessionStorage },
      stores: [...stores, ...caches_],
    };
  });
}

/** What went wrong out of sight: a request to somebody else, a broken policy, a fault of the app. */
export function watch(context: BrowserContext, origin: string) {
  const faults: string[] = [];
  let provider: string | null = null;
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin === origin || url.protocol === "data:" || url.protocol === "blob:") return;
    // The one hop elsewhere: the identity provider's own page, and what that page loads from its own origin.
    if (request.isNavigationRequest() && ["/authorize", "/end-session"].includes(url.pathname))
      provider = url.origin;
    if (url.origin === provider && (request.isNavigationRequest() || isOf(provider, request.frame().url())))
      return;
    faults.push(`request to ${url.origin}`);
  });
  context.on("response", (response) => {
    if (response.status() >= 500) faults.push(`${response.status()} ${new URL(response.url()).pathname}`);
  });
  context.on("console", (message) => {
    if (/content security policy/i.test(message.text())) faults.push(message.text());
  });
  context.on("weberror", (error) => faults.push(`uncaught: ${error.error().message}`));
  return faults;
}

const isOf = (origin: string, url: string) => url.startsWith("http") && new URL(url).origin === origin;
