import type { Page } from "@playwright/test";
import { expect, type Seat, test } from "./support/fixtures";

const panelOf = (page: Page) => page.getByRole("dialog");
const link = (page: Page, name: string) =>
  page.getByRole("link", { name, exact: true, includeHidden: true }).filter({ visible: true });

/** The list with two households of this test and no other in it, in order. */
async function twoOf(seat: Seat, family: string) {
  const { page, api } = seat;
  const one = await api.newHousehold(`${family} one`, { tier: "A", next_review: "2026-01-12" });
  const two = await api.newHousehold(`${family} two`);
  await page.goto("/crm/households");
  await page.getByRole("searchbox", { name: "Filter households" }).fill(family);
  await expect(page.getByTestId("count")).toHaveText(/^2 households/);
  await expect(page.getByRole("row")).toHaveCount(3);
  await page.keyboard.press("Escape");
  return { one, two };
}

test("HL Enter opens a household over the list, j and k walk on, Escape gives the focus back to the row", async ({
  seat,
  unique,
}) => {
  const will = await seat("Will");
  const { page } = will;
  const { one, two } = await twoOf(will, unique("Panel"));
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await expect(panelOf(page)).toHaveAccessibleName(one.name);
  await expect(page).toHaveURL(new RegExp(`/crm/households\\?.*open=${one.id}`));
  await expect(panelOf(page)).toContainText("Late · 12 Jan 2026");
  await expect(panelOf(page)).toBeFocused();
  await page.keyboard.press("j");
  await expect(panelOf(page)).toHaveAccessibleName(two.name);
  await page.keyboard.press("[");
  await expect(panelOf(page)).toHaveAccessibleName(one.name);
  await page.keyboard.press("]");
  await expect(panelOf(page)).toHaveAccessibleName(two.name);
  await page.keyboard.press("Escape");
  await expect(panelOf(page)).toHaveCount(0);
  await expect(link(page, two.name)).toBeFocused();
  await expect(page).toHaveURL(/\/crm\/households$/);
  // However many were looked at, it was one step: back leads to before the list.
  await page.keyboard.press("k");
  await expect(link(page, one.name)).toBeFocused();
});

test("HL the panel's address is shared, reloaded and gone back from; o opens the full page", async ({
  seat,
  unique,
}) => {
  const will = await seat("Will");
  const { page } = will;
  const { one } = await twoOf(will, unique("Shared panel"));
  await link(page, one.name).click();
  await expect(panelOf(page)).toHaveAccessibleName(one.name);
  const address = page.url();
  await page.goBack();
  await expect(panelOf(page)).toHaveCount(0);
  await page.goForward();
  await expect(panelOf(page)).toHaveAccessibleName(one.name);
  await page.reload();
  await expect(panelOf(page)).toHaveAccessibleName(one.name);
  await expect(panelOf(page)).toBeFocused();
  await page.keyboard.press("o");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(one.name);
  await page.goBack();
  await expect(panelOf(page)).toHaveAccessibleName(one.name);

  const priya = await seat("Priya", address.replace(/^https?:\/\/[^/]+/, ""));
  await expect(panelOf(priya.page)).toHaveAccessibleName(one.name);
  await expect(panelOf(priya.page)).toBeFocused();
  await priya.page.keyboard.press("Escape");
  await expect(panelOf(priya.page)).toHaveCount(0);
  const evan = await seat("Evan", address.replace(/^https?:\/\/[^/]+/, ""));
  await expect(panelOf(evan.page)).toContainText("Not in your book");
  await expect(evan.page.locator("body")).not.toContainText(one.name);
});

test("HL what is ticked, closed and written to is at hand in the panel; Control opens a tab instead", async ({
  seat,
  unique,
}) => {
  const will = await seat("Will");
  const { page, api } = will;
  const { one } = await twoOf(will, unique("Handy"));
  const { person } = await api.newPerson(one.id, { first_name: "Ada", last_name: "Quill", role: "primary" });
  const rows = `/api/households/${one.id}`;
  const contact = { person_id: person.id, kind: "email", value: "ada@quill.example", is_primary: true };
  await api.post(`${rows}/contact-points`, contact);
  await api.post(`${rows}/tasks`, { title: "Send the papers" });
  await api.post(`${rows}/open-loops`, { text: "Answer on the annuity", direction: "we_owe" });
  await api.post(`${rows}/notes`, { body: "Talked about the **boat**." });
  await link(page, one.name).click();
  const panel = panelOf(page);
  await expect(panel.getByTestId("main-person")).toContainText("Ada Quill");
  await expect(panel.getByRole("link", { name: "ada@quill.example" })).toHaveAttribute("href", /^mailto:/);
  await expect(panel.getByTestId("note")).toContainText("Talked about the boat.");
  await panel.getByRole("checkbox", { name: "Done: Send the papers" }).click();
  await panel.getByRole("checkbox", { name: "Close: Answer on the annuity" }).click();
  await expect.poll(async () => (await api.record(one.id)).tasks[0]?.done_at ?? null).not.toBeNull();
  await expect.poll(async () => (await api.record(one.id)).open_loops[0]?.status).toBe("done");
  await panel.getByRole("button", { name: "Close panel" }).click();
  await expect(panel).toHaveCount(0);
  const [tab] = await Promise.all([
    will.context.waitForEvent("page"),
    link(page, one.name).click({ modifiers: ["ControlOrMeta"] }),
  ]);
  await expect(tab.getByRole("heading", { level: 1 })).toHaveText(one.name);
  await expect(panel).toHaveCount(0);
});
