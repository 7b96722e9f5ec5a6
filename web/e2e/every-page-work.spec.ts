import { expect, test } from "./support/fixtures";
import { connection } from "./support/offline";
import { view } from "./support/view";

// The list at work, writing notes, the palette: seen by axe in every theme and width.

test("FE-5 the list of households, filtered and selected", async ({ seat }, info) => {
  const { page } = await seat("Will", "/crm/households");
  const phone = info.project.name === "phone";
  await expect(page.getByRole("row").nth(3)).toBeVisible();
  await page.getByRole("button", { name: /^Filter/ }).click();
  const panel = page.getByRole("dialog", { name: "Filter households" });
  await panel.getByLabel("Field").selectOption("last_touch");
  await panel.getByLabel("Value").fill("30");
  await panel.getByRole("button", { name: "Group", exact: true }).click();
  await view(page, info, "households-filter");
  await panel.getByRole("button", { name: "Done" }).click();
  await expect(page.getByTestId("sentence")).toBeVisible();
  await expect(page.getByRole("row").nth(2)).toBeVisible();
  await page
    .getByRole("checkbox", { name: /^Select [A-Z]/ })
    .nth(phone ? 0 : 1)
    .check();
  await view(page, info, "households-selected");
  if (phone) await page.getByRole("button", { name: "Change" }).click();
  await page.getByRole(phone ? "menuitem" : "button", { name: "Set tier" }).click();
  await page.getByRole("dialog").getByRole("combobox", { name: "Tier" }).fill("Platinum");
  await page.getByRole("button", { name: "Preview" }).click();
  await expect(page.getByRole("region", { name: "What changes" })).toBeVisible();
  await view(page, info, "households-bulk");
  if (phone) return;
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Columns" }).click();
  await expect(page.getByRole("dialog", { name: "Columns" })).toBeVisible();
  await view(page, info, "households-columns");
});

test("FE-5 notes: writing, mentioning, versions, templates, feedback, notifications", async ({
  seat,
  unique,
}, info) => {
  const { page, api } = await seat("Will");
  const priya = await seat("Priya");
  const { user } = await api.me();
  const made = await api.newHousehold(unique("Written family"));
  const notes = `/api/households/${made.id}/notes`;
  const body = `Ask @[${user.name}](user:${user.id}) about the **ACAT form**\n\n- signed\n- dated`;
  const written = await priya.api.post<{ id: string }>(notes, { body });
  await priya.api.patch(`/api/notes/${written.id}`, { version: 1, body: `${body} twice`, pinned: true });
  await api.post(notes, { body: "For me and compliance", privacy: "private" });
  await page.goto(`/crm/households/${made.id}?tab=notes`);
  const composer = page.getByRole("textbox", { name: "Write a note" });
  await composer.fill("Call with Ellen about ");
  await expect(page.getByTestId("draft-status").first()).toContainText("Draft saved");
  await composer.press("End");
  await composer.pressSequentially("@");
  await expect(page.getByRole("listbox")).toBeVisible();
  await view(page, info, "notes-writing");
  await composer.press("Escape");
  await composer.press("Control+/");
  await expect(page.getByRole("menuitem").first()).toBeVisible();
  await view(page, info, "notes-template");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Actions for note" }).first().click();
  await page.getByRole("menuitem", { name: "Versions" }).click();
  await expect(page.getByTestId("version").first()).toBeVisible();
  await view(page, info, "note-versions");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Notifications/ }).click();
  await expect(page.getByTestId("notification").first()).toBeVisible();
  await view(page, info, "notifications");
  const task = { title: "Ask about the form", remind_at: "2020-01-06T14:00:00Z", needs_evidence: true };
  await api.post(`/api/households/${made.id}/tasks`, { ...task, assignee_id: user.id });
  await api.post(notes, { body: "The form is with the custodian. They answer in a week." });
  await expect(page.getByTestId("reminder").filter({ hasText: made.name })).toBeVisible();
  await view(page, info, "reminders");
  await page.getByTestId("reminder").filter({ hasText: made.name }).getByRole("checkbox").click();
  await expect(page.getByRole("dialog", { name: "What shows that it is done?" })).toBeVisible();
  await expect(page.getByRole("dialog").getByRole("listitem").first()).toBeVisible();
  await view(page, info, "task-evidence");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Send feedback" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("The list jumps when I sort it.");
  await view(page, info, "feedback-widget");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await priya.page.goto("/crm/feedback");
  await expect(priya.page.getByTestId("feedback").first()).toBeVisible();
  await view(priya.page, info, "feedback");
  await priya.page.goto("/crm/settings/templates");
  await expect(priya.page.getByTestId("template").first()).toBeVisible();
  await view(priya.page, info, "templates");
});

test("FE-5 the palette: empty, found, nothing, and an error with its request id", async ({ seat }, info) => {
  const { page } = await seat("Will");
  const field = page.getByRole("combobox", { name: /^Search households/ });
  const results = page.getByRole("listbox", { name: "Results" });
  const options = results.getByRole("option");
  // While the next answer is on its way, the last one is dimmed.
  const settled = () => expect(results).toHaveAttribute("aria-busy", "false");
  await page.goto("/crm/households");
  await expect(page.getByRole("row").nth(3)).toBeVisible();
  await page.getByRole("button", { name: "Search households, people, notes" }).click();
  await expect(options.first()).toBeVisible();
  await view(page, info, "palette");
  await field.fill("mar");
  await expect(page.getByRole("group", { name: /^People/ })).toBeVisible();
  await settled();
  await view(page, info, "palette-found");
  await field.fill("call");
  await expect(page.getByRole("group", { name: /^Tasks/ })).toBeVisible();
  await settled();
  await view(page, info, "palette-tasks");
  await field.fill("qqqqzzzz");
  await expect(page.getByText("Nothing in your book matches")).toBeVisible();
  await view(page, info, "palette-nothing");
  await page.route("**/api/search", (route) =>
    route.fulfill({
      status: 429,
      contentType: "application/problem+json",
      body: JSON.stringify({
        status: 429,
        code: "rate_limited",
        title: "Too many requests",
        detail: "try again in a moment",
        request_id: "req-7",
      }),
    }),
  );
  await field.fill("anything");
  await expect(page.getByRole("alert")).toContainText("req-7");
  await view(page, info, "palette-error");
});

test("FE-5 a household over the list; on a phone its page", async ({ seat }, info) => {
  const { page, api } = await seat("Will");
  const [family] = await api.households({ sort: "-aum", type: ["client"] });
  await page.goto(`/crm/households?open=${family?.id}`);
  if (info.project.name === "phone") {
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(family?.name ?? "");
    await page.goto("/crm/households?sort=-aum");
    await page.getByRole("link", { name: family?.name, exact: true }).filter({ visible: true }).tap();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(family?.name ?? "");
    await expect(page).toHaveURL(new RegExp(`/households/${family?.id}$`));
    return;
  }
  const panel = page.getByRole("dialog");
  await expect(panel).toHaveAccessibleName(family?.name ?? "");
  await expect(panel.getByTestId("main-person").first()).toBeVisible();
  await view(page, info, "household-panel");
  await page.goto("/crm/households?open=01900000-0000-7000-8000-000000000000");
  await expect(panel.getByRole("alert")).toContainText("Not in your book");
  await view(page, info, "household-panel-not-found");
});

test("FE-5 what waits for the connection, new and changed, and a conflict that came of it", async ({
  seat,
  unique,
}, info) => {
  const { page, api, context } = await seat("Will");
  const made = await api.newHousehold(unique("Waiting family"), { risk_profile: "Moderate" });
  await page.goto(`/crm/households/${made.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(made.name);
  const priya = await seat("Priya");
  const set = async (label: string, value: string) => {
    await page.getByRole("button", { name: `Edit ${label}`, exact: true }).click();
    await page.getByRole("textbox", { name: label, exact: true }).fill(value);
    await page.keyboard.press("Enter");
  };
  await context.setOffline(true);
  const bar = connection(page);
  await expect(bar).toBeVisible();
  await view(page, info, "offline");
  await set("Risk profile", "Growth");
  await set("Stage", "Signed");
  await page.getByRole("tab", { name: "Tasks & loops" }).click();
  await page.getByRole("button", { name: "Add task" }).click();
  await page
    .getByRole("dialog")
    .getByLabel(/^What to do/)
    .fill("Send the papers that were promised in March");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("coming")).toBeVisible();
  await bar.getByRole("button", { name: "Show them" }).click();
  await expect(bar.getByTestId("waiting-change")).toHaveCount(3);
  await view(page, info, "offline-waiting");
  await priya.api.patch(`/api/households/${made.id}`, { version: made.version, risk_profile: "Careful" });
  await context.setOffline(false);
  await expect(bar.getByTestId("conflict")).toBeVisible();
  await view(page, info, "offline-conflict");
  await bar.getByRole("button", { name: "Take theirs" }).click();
  await expect(bar).toHaveCount(0);
});
