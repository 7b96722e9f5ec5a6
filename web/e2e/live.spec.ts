import { expect, test } from "./support/fixtures";
import { both, field, setStage } from "./support/record";

test("ST-6 what one person saves appears on the other's screen without reload, and who is there too", async ({
  seat,
  unique,
}) => {
  const { will, matt } = await both(seat, unique("Live family"));
  const name = (await matt.api.me()).user.name;
  await expect(will.page.getByRole("list", { name: "Also here" })).toContainText(`${name} is here`);
  await matt.page.getByRole("button", { name: "Edit Stage", exact: true }).click();
  await expect(will.page.getByRole("list", { name: "Also here" })).toContainText(`${name} is editing stage`);
  await matt.page.keyboard.press("Escape");
  await setStage(matt.page, "Onboarding");
  await expect(field(will.page, "stage")).toContainText("Onboarding");
  await matt.page.goto("/crm/");
  // Somebody whose leaving is not heard is there for half a minute.
  await expect(will.page.getByRole("list", { name: "Also here" })).toBeEmpty({ timeout: 45_000 });
});

test("ST-6 two tabs share one stream; an edit that is being typed is left alone", async ({
  seat,
  unique,
}) => {
  const { will, matt, made } = await both(seat, unique("Tabs family"));
  // The stream of the first tab is open.
  await expect(will.page.getByRole("list", { name: "Also here" })).toContainText("is here");
  const streams: string[] = [];
  will.context.on("request", (r) => r.url().includes("/api/live") && streams.push(r.url()));
  const second = await will.context.newPage();
  await second.goto(`/crm/households/${made.id}`);
  await expect(second.getByRole("heading", { level: 1 })).toBeVisible();
  await will.page.getByRole("button", { name: "Edit Risk profile", exact: true }).click();
  const box = will.page.getByRole("textbox", { name: "Risk profile", exact: true });
  await box.fill("Half a thou");
  await setStage(matt.page, "Signed");
  await expect(field(second, "stage")).toContainText("Signed");
  await expect(field(will.page, "stage")).toContainText("Signed");
  await expect(box).toHaveValue("Half a thou");
  await expect(box).toBeFocused();
  expect(streams, "the second tab listens to the first").toEqual([]);
  await will.page.keyboard.press("Escape");
});

test("ST-6 while the stream is down the screen says so, and catches up when it is back", async ({
  seat,
  unique,
}) => {
  const { will, matt } = await both(seat, unique("Cut-off family"));
  await expect(field(will.page, "stage")).toContainText("Review");
  await will.page.clock.install();
  await will.context.route("**/api/live**", (route) => route.abort());
  // Leaving and coming back ends the open stream; the next one does not get through.
  await will.page.reload();
  await expect(field(will.page, "stage")).toContainText("Review");
  await will.page.clock.runFor(11_000);
  await expect(will.page.getByTestId("stale-mark")).toContainText("Not live");
  await setStage(matt.page, "Missed");
  await will.context.unroute("**/api/live**");
  await will.page.clock.runFor(31_000);
  await expect(will.page.getByTestId("stale-mark")).toBeEmpty();
  await setStage(matt.page, "Heard");
  await expect(field(will.page, "stage")).toContainText("Heard");
});

test("AU-5 a session that is revoked elsewhere ends on the open page without a click", async ({
  newSeat,
}) => {
  const there = await newSeat("Will");
  const here = await newSeat("Will");
  await there.page.goto("/crm/households");
  await expect(there.page.getByRole("heading", { level: 1 })).toBeVisible();
  await there.api.post("/api/auth/logout");
  await expect(there.page.getByRole("link", { name: /Sign in/ })).toBeVisible();
  await expect(here.page.getByRole("navigation", { name: "Main" }).filter({ visible: true })).toBeVisible();
});
