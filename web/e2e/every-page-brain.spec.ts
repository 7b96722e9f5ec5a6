import { expect, test } from "./support/fixtures";
import { view } from "./support/view";

// Runs in light, in dark and at 390 px.

const FACTS = `---
family: Whitfield
people: [Ellen, James]
reviewed: 2026-03-14
---
# Facts

- Ellen and James live in **Charlotte**, with a lake house in Cornelius.
- Two children: Thomas and Clara.

## Money

- Wants $1.1M held in cash until the lake house closes.

> We have seen 2008 once. Not again.
`;

test("FE-5 a brain file: read, proved, compared, restored, written", async ({ seat, unique }, info) => {
  const { page, api } = await seat("Will");
  const made = await api.newHousehold(unique("Remembered"));
  const long = "meetings/2026-09-02-estate-planning-with-their-attorney.md";
  await api.writeBrain(made.id, { path: "preferences.md", body: "Calls after four.\n" });
  await api.writeBrain(made.id, { path: long, body: "# Estate planning\n" });
  const { id } = await api.writeBrain(made.id, { path: "facts.md", body: FACTS });
  const body = FACTS.replace("Two children", "Two grown children");
  await api.writeBrain(made.id, { path: "facts.md", body, seen: 1, reason: "Call of 12 March" });
  await page.goto(`/crm/households/${made.id}?tab=brain&file=${id}`);
  await expect(page.getByTestId("front-matter")).toBeVisible();
  await view(page, info, "brain-file");
  await page.getByRole("button", { name: "Remove facts.md" }).click();
  await expect(page.getByRole("dialog").getByRole("textbox", { name: "Reason" })).toBeFocused();
  await view(page, info, "brain-remove");
  await page.keyboard.press("Escape");
  await page.getByTestId("proof").click();
  await expect(page.getByTestId("proof-explained")).toBeVisible();
  await view(page, info, "brain-proof");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Changes" }).click();
  await expect(page.getByTestId("changes")).toBeVisible();
  await page.getByTestId("changes").scrollIntoViewIfNeeded();
  await view(page, info, "brain-changes");
  await page.getByTestId("version").nth(1).click();
  await page.getByRole("button", { name: "Restore this version" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await view(page, info, "brain-restore");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Newest version" }).click();
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  await page.getByRole("textbox", { name: "Text" }).fill(`${body}\nAnd a boat.\n`);
  await view(page, info, "brain-edit");
  const priya = await seat("Priya");
  await priya.api.writeBrain(made.id, { path: "facts.md", body: `${body}\nNo boat.\n`, seen: 2 });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("button", { name: "Show theirs" }).click();
  await expect(page.getByTestId("changes")).toBeVisible();
  await view(page, info, "brain-conflict");
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await view(page, info, "brain-leave");
});

test("FE-5 a brain file of today: where it comes from, and a proof that fails", async ({ seat }, info) => {
  const { page, api } = await seat("Will");
  const [family] = await api.households({ sort: "-aum", type: ["client"] });
  // What no sample holds: a file that its manifest does not name and whose object is not the one that was written.
  await page.route(/\/brain$/, async (route) => {
    const answer = await route.fetch();
    const { items } = await answer.json();
    for (const item of items) item.provenance.flags = ["not_in_manifest", "log_mismatch"];
    await route.fulfill({ response: answer, json: { items } });
  });
  await page.route(/\/proof\?/, async (route) => {
    const answer = await route.fetch();
    const fault = "its object is missing, or is not the one that was written";
    await route.fulfill({ response: answer, json: { ...(await answer.json()), intact: false, fault } });
  });
  await page.goto(`/crm/households/${family?.id}?tab=brain`);
  await page.getByTestId("brain-file").filter({ hasText: "audit_log.md" }).click();
  await expect(page.getByRole("heading", { name: "audit_log.md" })).toBeVisible();
  const provenance = page.getByTestId("provenance");
  await expect(provenance).toContainText("does not name this file");
  await expect(page.getByTestId("proof")).toContainText("Not proved: its object is missing");
  await provenance.scrollIntoViewIfNeeded();
  await view(page, info, "brain-imported");
  await page.getByTestId("proof").click();
  await expect(page.getByTestId("proof-explained")).toContainText("What is wrong");
  await view(page, info, "brain-not-proved");
});

test("FE-5 a brain file that was removed", async ({ seat, unique }, info) => {
  const { page, api } = await seat("Will");
  const made = await api.newHousehold(unique("Cleared"));
  const { id } = await api.writeBrain(made.id, { path: "facts.md", body: FACTS });
  await api.post(`/api/brain/${id}/remove`, { seen: 1, reason: "Filed twice, see preferences.md" });
  await page.goto(`/crm/households/${made.id}?tab=brain&file=${id}`);
  await expect(page.getByText("This file was removed.")).toBeVisible();
  await view(page, info, "brain-removed");
});
