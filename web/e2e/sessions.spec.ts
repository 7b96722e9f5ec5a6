import { expect, test } from "./support/fixtures";
import { isOut, keptByBrowser } from "./support/people";
import { setStage } from "./support/record";

test("AU-7 ending the other browser's session signs that browser out within five seconds", async ({
  newSeat,
}) => {
  const desk = await newSeat("Evan");
  const cafe = await newSeat("Evan", "/crm/households");
  await expect(cafe.page.getByTestId("count")).toContainText("households");
  type Session = { id: string; current: boolean };
  const theirs = (await cafe.api.get<{ items: Session[] }>("/api/sessions")).items.find((s) => s.current);

  await desk.page.getByRole("button", { name: "Account" }).first().click();
  const listed = desk.page.waitForResponse(
    (r) => r.url().endsWith("/api/sessions") && r.request().method() === "GET",
  );
  await desk.page.getByRole("menuitem", { name: "Sessions" }).click();
  await expect(desk.page.getByRole("heading", { name: "Sessions" })).toBeVisible();
  // Those that are on screen: others sign in and out meanwhile.
  const { items } = (await (await listed).json()) as { items: Session[] };
  const row = desk.page.getByRole("list", { name: "Sessions" }).getByRole("listitem");
  await expect(row).toHaveCount(items.length);
  await row
    .nth(items.findIndex((s) => s.id === theirs?.id))
    .getByRole("button", { name: /^End session/ })
    .click();
  await expect(desk.page.getByTestId("toast").filter({ hasText: "Session ended" })).toBeVisible();

  // Its stream tells it, and nothing of a client stays on its screen.
  await expect(cafe.page.getByRole("link", { name: "Sign in" })).toBeVisible({ timeout: 5_000 });
  await expect(cafe.page.getByRole("row")).toHaveCount(0);
  expect((await cafe.api.ask("GET", "/api/me")).status).toBe(401);
  expect((await desk.api.ask("GET", "/api/me")).status).toBe(200);
});

test("AU-7 FE-1 signing out ends the session and leaves nothing of a client in the browser", async ({
  newSeat,
}) => {
  const will = await newSeat("Will", "/crm/households");
  const { page } = will;
  await page.getByRole("row").nth(1).getByRole("link").first().focus();
  await page.keyboard.press("o");
  await expect(page.getByRole("tab", { name: "History" })).toBeVisible();
  await page.getByRole("tab", { name: "Notes" }).click();
  const name = (await page.getByRole("heading", { level: 1 }).textContent()) ?? "";
  await page.getByRole("button", { name: "Use dark theme" }).first().click();
  await page.getByRole("button", { name: "Account" }).first().click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await isOut(page);
  expect(await keptByBrowser(page)).toEqual({ local: { "mf-theme": "dark" }, session: {}, stores: [] });
  expect((await will.api.ask("GET", "/api/me")).status).toBe(401);
  await page.goBack();
  await expect(page.getByRole("link", { name: "Sign in" })).toBeVisible();
  await expect(page.locator("body")).not.toContainText(name);
});

test("FE-1 an edit made at one machine is there at another, and clearing the browser loses nothing", async ({
  newSeat,
  unique,
}) => {
  const desk = await newSeat("Will");
  const made = await desk.api.newHousehold(unique("Travelling family"), { stage: "Review" });
  const { page } = desk;
  await page.goto(`/crm/households/${made.id}`);
  await setStage(page, "Signed");
  const stage = async () => (await desk.api.record(made.id)).household.stage;
  await expect.poll(stage).toBe("Signed");

  const laptop = await newSeat("Will", `/crm/households/${made.id}`);
  await expect(laptop.page.getByTestId("field-stage")).toContainText("Signed");

  const before = await desk.api.record(made.id);
  expect((await keptByBrowser(page)).stores).toEqual([]);
  await page.evaluate(() => {
    localStorage.clear();
    sessionStorage.clear();
  });
  await page.reload();
  await expect(page.getByTestId("field-stage")).toContainText("Signed");
  expect(await desk.api.record(made.id)).toEqual(before);
});

test("AU-1 without a session the API answers 401 and the sign-in page leads back to where one was", async ({
  page,
  request,
  newSeat,
}) => {
  for (const path of ["/api/me", "/api/tasks", "/api/households"])
    expect((await request.get(path)).status()).toBe(401);
  await page.goto("/crm/tasks");
  await expect(page.getByRole("link", { name: "Sign in" })).toBeVisible();
  const will = await newSeat("Will", "/crm/tasks");
  await expect(will.page).toHaveURL(/\/crm\/tasks$/);
  await expect(will.page.getByRole("heading", { name: "Tasks", level: 1 })).toBeVisible();
});

test("AU-5 cancelling at the identity provider leads back to the sign-in page, and says so", async ({
  page,
}) => {
  await page.goto("/crm/");
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page).toHaveURL(/\/crm\/sign-in\?reason=/);
  await expect(page.getByRole("alert")).toContainText("You were not signed in");
});

test("FE-2 the app lives under /crm: the root leads there, deep links load, a missing asset is not the app", async ({
  request,
}) => {
  const root = await request.get("/", { maxRedirects: 0 });
  expect(root.status()).toBe(308);
  expect(root.headers().location).toBe("/crm/");
  const deep = await request.get("/crm/households/anything/at/all");
  expect(deep.headers()["content-type"]).toContain("text/html");
  expect(deep.headers()["cache-control"]).toBe("no-cache");
  expect((await request.get("/crm/assets/missing-1234.js")).status()).toBe(404);
});
