import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { chromium } from "@playwright/test";
import { expect, test } from "./support/fixtures";
import { isOut, keptByBrowser, signIn } from "./support/people";

interface Icon {
  src: string;
  sizes: string;
  type: string;
  purpose: string;
}

/** Width and height as the first block of a PNG states them. */
function sizeOf(png: Buffer) {
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  return `${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`;
}

test("FE-2 the manifest is served under the app's path, allowed by the policy, and its icons are as large as it says", async ({
  page,
  request,
}) => {
  const document = await page.goto("/crm/");
  expect(document?.headers()["content-security-policy"]).toContain("manifest-src 'self'");
  const address = await page.locator("link[rel=manifest]").getAttribute("href");
  expect(address).toBe("/crm/manifest.webmanifest");
  const answer = await request.get(address ?? "");
  expect(answer.headers()["content-type"]).toContain("application/manifest+json");
  const manifest = await answer.json();
  expect(manifest).toMatchObject({
    name: "magfin",
    short_name: "magfin",
    start_url: "/crm/",
    scope: "/crm/",
    display: "standalone",
  });
  const icons = manifest.icons as Icon[];
  expect(icons.map((i) => `${i.purpose} ${i.sizes}`).sort()).toEqual([
    "any 192x192",
    "any 512x512",
    "maskable 192x192",
    "maskable 512x512",
  ]);
  for (const icon of icons) {
    const image = await request.get(new URL(icon.src, answer.url()).pathname);
    expect(image.headers()["content-type"]).toBe(icon.type);
    expect(sizeOf(await image.body()), icon.src).toBe(icon.sizes);
  }
});

test("the app and its frame follow the system's theme, also while they are open, until one is chosen", async ({
  newSeat,
}) => {
  const { page } = await newSeat("Will");
  const frame = page.locator("meta[name=theme-color]");
  await page.emulateMedia({ colorScheme: "dark" });
  await expect(frame).toHaveAttribute("content", "#0a100f");
  await expect(page.locator("html")).toHaveCSS("color-scheme", "dark");
  await page.emulateMedia({ colorScheme: "light" });
  await expect(frame).toHaveAttribute("content", "#12302b");
  await page.getByRole("button", { name: "Use dark theme" }).first().click();
  await expect(frame).toHaveAttribute("content", "#0a100f");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.emulateMedia({ colorScheme: "light" });
  await expect(page.getByRole("button", { name: "Use light theme" }).first()).toBeVisible();
  await expect(frame).toHaveAttribute("content", "#0a100f");
});

test("FE-1 the browser would install the app, and keeps nothing of a client after the sign-out", async ({
  baseURL,
  launchOptions,
}) => {
  // A profile of its own: nothing can be installed from a private window, and no service worker is kept out here.
  const profile = await fs.mkdtemp(path.join(os.tmpdir(), "magfin-install-"));
  const context = await chromium.launchPersistentContext(profile, { ...launchOptions, baseURL });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    await signIn(page, "Will", "/crm/households");
    const devtools = await context.newCDPSession(page);
    const { errors } = await devtools.send("Page.getAppManifest");
    expect(errors).toEqual([]);
    const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
    expect(installabilityErrors).toEqual([]);

    const family = (await page.getByRole("row").nth(1).getByRole("link").first().textContent()) ?? "";
    await page.getByRole("link", { name: family, exact: true }).filter({ visible: true }).click();
    await expect(page.getByRole("dialog")).toHaveAccessibleName(family);
    await page.keyboard.press("o");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(family);
    await page.getByRole("tab", { name: "Notes" }).click();
    await page.getByRole("button", { name: "Account" }).first().click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await isOut(page);
    expect(await keptByBrowser(page)).toEqual({ local: {}, session: {}, stores: [] });
    const workers = await page.evaluate(
      async () => (await navigator.serviceWorker.getRegistrations()).length,
    );
    expect(workers).toBe(0);
  } finally {
    await context.close();
    await fs.rm(profile, { recursive: true, force: true });
  }
});
