import type { Page } from "@playwright/test";
import { expect, type Seat, test } from "./support/fixtures";
import { tabTo } from "./support/keyboard";

const title = (page: Page) => page.getByRole("heading", { level: 1 });

/** A couple with an overdue task and a promise, in the team that Will and Matt share. */
async function family({ api }: Seat, name: string, line: string) {
  const { teams, user } = await api.me();
  const home = await api.newHousehold(name, { team_id: teams.find((t) => t.name.includes(" + "))?.id });
  const rows = `/api/households/${home.id}`;
  const add = (first_name: string, role: string) =>
    api.newPerson(home.id, { first_name, last_name: "Vandermeer", role, joined_on: "2012-05-01" });
  const { person } = await add("Rosalind", "primary");
  await add("Tobias", "spouse");
  await api.post(`${rows}/contact-points`, { kind: "phone", person_id: person.id, value: line });
  // Early, so that it is not below what others have let slip.
  const due = "2020-01-07";
  await api.post(`${rows}/tasks`, { title: `Call about ${name}`, due_on: due, assignee_id: user.id });
  await api.post(`${rows}/open-loops`, {
    text: "Send the revised trust agreement",
    direction: "we_owe",
    opened_on: "2020-01-06",
  });
  return home;
}

test("FE-5 an advisor's day by keyboard alone: a task, its household, a mention, a loop, a divorce, the past, and a search", async ({
  seat,
  unique,
}) => {
  test.setTimeout(180_000);
  const [will, priya] = [await seat("Will"), await seat("Priya")];
  const { page } = will;
  const number = String(1000 + (Math.floor(Date.now() / 11) % 9000));
  const home = await family(will, unique("Vandermeer"), `(704) 664-${number}`);
  const colleague = (await priya.api.me()).user.name;

  // Today, and from a task to its household.
  await page.reload();
  await expect(title(page)).toContainText("Today");
  const task = page.locator("li").filter({ hasText: `Call about ${home.name}` });
  await tabTo(page, task.getByRole("link", { name: home.name }).first());
  await page.keyboard.press("Enter");
  await expect(title(page)).toHaveText(home.name);

  // A note with a mention, which the colleague sees without a reload.
  await page.keyboard.press("n");
  const note = page.getByRole("textbox", { name: "Write a note" });
  await expect(note).toBeFocused();
  await page.keyboard.type(`The revised trust agreement went out by courier. @${colleague.slice(0, 4)}`);
  await expect(page.getByRole("listbox", { name: "Mention a colleague" })).toContainText(colleague);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+Enter");
  await expect(page.locator("[data-mention]")).toHaveText(`@${colleague}`);
  await expect(priya.page.getByRole("region", { name: "You were mentioned" })).toContainText(home.name);

  // The promise is closed, and the note shows that it was kept.
  await page.keyboard.press("Escape");
  await page.keyboard.press("4");
  await tabTo(page, page.getByRole("checkbox", { name: "Close: Send the revised trust agreement" }));
  await page.keyboard.press("Space");
  const loop = page.getByTestId("loop").filter({ hasText: "revised trust agreement" });
  await tabTo(page, loop.getByRole("button", { name: "Keep as evidence" }));
  await page.keyboard.press("Enter");
  await expect(loop.getByTestId("evidence")).toContainText("went out by courier");

  // A divorce, as one event.
  await page.keyboard.press("m");
  await expect(page.getByRole("menu")).toBeVisible();
  await page.keyboard.type("Change");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("radio", { name: /^Divorce/ })).toBeChecked();
  await tabTo(page, dialog.getByLabel(/^Who\?/));
  await page.keyboard.type("Tobias");
  await tabTo(page, dialog.getByLabel(/^On/));
  await page.keyboard.type("03012026");
  await tabTo(page, dialog.getByLabel(/^Why/));
  await page.keyboard.type("decree of the court");
  await tabTo(page, dialog.getByRole("button", { name: "Record" }));
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("family-done")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  const people = page.getByTestId("person-card");
  await page.keyboard.press("1");
  await expect(people.filter({ hasText: "Tobias" })).toContainText("left 1 Mar 2026");

  // As it was known before that.
  await page.keyboard.press("7");
  const divorce = page.getByTestId("history-row").filter({ hasText: "decree of the court" }).first();
  await tabTo(page, divorce.getByRole("link", { name: "Before this" }));
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("known-on")).toContainText("As it was known on");
  await expect(people.filter({ hasText: "Tobias" })).toBeVisible();
  await expect(people.filter({ hasText: "Tobias" })).not.toContainText("left");
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("known-on")).toHaveCount(0);
  await expect(people.filter({ hasText: "Tobias" })).toContainText("left 1 Mar 2026");

  // A person by a misspelt name, and by a number in another format.
  for (const text of ["rosalnd vandermeer", `704.664.${number}`]) {
    await page.keyboard.press("Control+k");
    await page.keyboard.type(text);
    const first = page.getByRole("listbox", { name: "Results" }).getByRole("option").first();
    await expect(first).toContainText("Rosalind Vandermeer");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("dialog", { name: /Rosalind/ })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
  }
});
