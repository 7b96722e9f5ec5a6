import { defineConfig, devices } from "@playwright/test";

// The specs run against a server that is already up: MAGFIN_URL names it, for example http://127.0.0.1:8787.
export default defineConfig({
  testDir: "e2e",
  timeout: 30_000,
  workers: 2,
  fullyParallel: true,
  reporter: [["list"]],
  use: {
    baseURL: process.env.MAGFIN_URL ?? "http://127.0.0.1:8787",
    trace: "retain-on-failure",
    serviceWorkers: "block",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"],
    },
  },
  projects: [
    { name: "desktop", use: { viewport: { width: 1440, height: 900 } } },
    {
      name: "mobile",
      testMatch: /a11y/,
      use: { ...devices["Pixel 7"], viewport: { width: 390, height: 844 } },
    },
  ],
});
