import { defineConfig, devices } from "@playwright/test";

// The specs run against a server that is already up: MAGFIN_URL names it, for example http://127.0.0.1:8787.
export default defineConfig({
  testDir: "e2e",
  // A walk through all pages with a picture and a check of each takes most of a minute on two busy cores.
  timeout: 120_000,
  // A machine that others use too stands still for seconds now and then.
  expect: { timeout: 30_000 },
  // As many as a small machine has cores: more of them make each other late, and what is late is clicked where it was.
  workers: 2,
  retries: 0,
  fullyParallel: true,
  forbidOnly: true,
  reporter: [["list"]],
  use: {
    baseURL: process.env.MAGFIN_URL ?? "http://127.0.0.1:8787",
    screenshot: "only-on-failure",
    serviceWorkers: "block",
    contextOptions: { reducedMotion: "reduce", serviceWorkers: "block" },
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--force-color-profile=srgb",
        "--font-render-hinting=none",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        // A page lives for seconds: compiling its code well, and a process to draw for it, cost more than they give.
        "--js-flags=--no-opt",
        "--in-process-gpu",
      ],
    },
  },
  projects: [
    { name: "desktop", testIgnore: /phone|imports/ },
    {
      name: "phone",
      testMatch: /every-page|phone/,
      use: { ...devices["Pixel 7"], viewport: { width: 390, height: 844 } },
    },
    // Last: a second book brings people of the same names into the firm.
    { name: "second book", testMatch: /imports/, dependencies: ["desktop", "phone"] },
  ],
});
