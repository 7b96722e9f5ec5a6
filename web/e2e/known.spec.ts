import { expect, test } from "./support/fixtures";

const localDay = (offset = 0) => {
  const day = new Date(Date.now() + offset * 86_400_000);
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()]
    .map((n) => String(n).padStart(2, "0"))
    .join("-");
};

test("HH-2 a household is shown as it was known on a day, read-only, and back", async ({ seat, unique }) => {
  const { page, api } = await seat("Will");
  const name = unique("Past family");
  const made = await api.newHousehold(name, { stage: "Review" });
  await page.goto(`/crm/households/${made.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  await page.keyboard.press("y");
  const banner = page.getByTestId("known-on");
  await expect(banner).toContainText("As it was known on");
  await expect(page.getByRole("alert")).toContainText("Not in your book");
  await banner.getByLabel("Day").fill(localDay());
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  await expect(page.getByRole("button", { name: "Write a note" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Edit Stage", exact: true })).toHaveCount(0);
  await banner.getByRole("button", { name: "Back to now" }).click();
  await expect(page.getByRole("button", { name: "Write a note" })).toBeVisible();
});

test("HH-2 every tab of the past can be read and none can be written, and Escape leaves it", async ({
  seat,
  unique,
}) => {
  const { page, api } = await seat("Will");
  const made = await api.newHousehold(unique("Read-only family"), { tier: "A" });
  const rows = `/api/households/${made.id}`;
  await api.newPerson(made.id, { first_name: "Ada", last_name: "Quill", role: "primary" });
  await api.post(`${rows}/notes`, { body: "Met at the lake." });
  await api.post(`${rows}/accounts`, { name: "Brokerage", source: "linked" });
  await api.writeBrain(made.id, { path: "facts.md", body: "The boat is Wren." });
  await page.goto(`/crm/households/${made.id}?known=${localDay()}`);
  const seen: Record<string, string> = {
    Overview: "Met at the lake.",
    Family: "Ada Quill",
    Timeline: "Met at the lake.",
    Notes: "Met at the lake.",
    Accounts: "Brokerage",
    Brain: "The boat is Wren.",
    History: "Ada",
  };
  const main = page.getByRole("main");
  for (const [tab, text] of Object.entries(seen)) {
    await page.getByRole("tab", { name: tab, exact: true }).click();
    await expect(page.getByRole("tab", { name: tab, exact: true })).toHaveAttribute("aria-selected", "true");
    await expect(main.getByText(text).filter({ visible: true }).first()).toBeVisible();
    const writes = main.getByRole("button", {
      name: /^(Add|Edit|Undo|Restore|Write|New|Change the family|Save)\b/,
    });
    await expect(writes).toHaveCount(0);
  }
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("known-on")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Write a note" })).toBeVisible();
});

test("HH-2 ST-2 why tells of the value of the day that is looked at", async ({ seat, unique }) => {
  const { page, api } = await seat("Will");
  const made = await api.newHousehold(unique("Explained past"), { risk_profile: "Moderate" });
  await page.goto(`/crm/households/${made.id}?known=${localDay()}`);
  const field = page.getByTestId("field-risk_profile");
  await field.hover();
  await field.getByRole("button", { name: "Why this value: Risk profile" }).click();
  const why = page.getByTestId("why");
  await expect(why).toContainText("as of");
  await expect(why.getByRole("listitem")).toHaveCount(1);
  await expect(why.getByRole("listitem")).toContainText("Created with Moderate");
});
