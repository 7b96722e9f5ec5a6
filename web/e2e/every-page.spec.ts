import type { Page } from "@playwright/test";
import { tar } from "../src/features/imports/tar";
import { expect, type Seat, test } from "./support/fixtures";
import { view } from "./support/view";

// Runs in light, in dark and at 390 px.

const title = (page: Page) => page.getByRole("heading", { level: 1 });

/** The family with the most to show. */
async function fullest({ api }: Seat) {
  const [first] = await api.households({ sort: "-aum", type: ["client"] });
  if (!first) throw new Error("the sample book is empty");
  return first;
}

test("FE-5 signed out", async ({ page }, info) => {
  await page.goto("/crm/");
  await expect(page.getByRole("link", { name: "Sign in" })).toBeVisible();
  await view(page, info, "sign-in");
  await page.goto("/crm/sign-in?reason=refused");
  await expect(page.getByRole("alert")).toBeVisible();
  await view(page, info, "sign-in-refused");
});

test("FE-5 the pages of an advisor", async ({ seat }, info) => {
  const { page } = await seat("Will");
  await expect(title(page)).toHaveText("Today, Will");
  await view(page, info, "today");
  await page.goto("/crm/households");
  await expect(page.getByRole("row").nth(3)).toBeVisible();
  await view(page, info, "households");
});

test("FE-5 every view of tasks", async ({ seat }, info) => {
  const { page } = await seat("Will", "/crm/tasks");
  await expect(page.getByTestId("task").first()).toBeVisible();
  await view(page, info, "tasks");
  for (const shown of ["due", "team", "household", "board"]) {
    await page.goto(`/crm/tasks?view=${shown}`);
    await expect(page.getByTestId("task").first()).toBeVisible();
    await view(page, info, `tasks-${shown}`);
  }
});

test("FE-5 what a task is written, changed and put off in", async ({ seat, unique }, info) => {
  const { page, api } = await seat("Will");
  const { user } = await api.me();
  const made = await api.newHousehold(unique("Looked at family"));
  const name = unique("Send the form");
  await api.post(`/api/households/${made.id}/tasks`, {
    title: name,
    due_on: "2020-01-06",
    assignee_id: user.id,
  });
  await page.goto("/crm/tasks");
  const line = page.getByRole("textbox", { name: "Add a task" });
  await line.fill("call Ellen tomorrow 9am every 2 weeks !high @matt");
  await expect(page.getByTestId("understood")).toContainText("9 am");
  await view(page, info, "tasks-quick-add");
  await line.fill("");
  await expect(page.getByTestId("understood")).toHaveCount(0);
  const task = page.getByTestId("task").filter({ hasText: name });
  await task.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await view(page, info, "tasks-edit");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(task.locator(":focus")).toHaveCount(1);
  await task.getByRole("checkbox").focus();
  await page.keyboard.press("z");
  await expect(page.getByRole("dialog", { name: "Put off" })).toBeVisible();
  await view(page, info, "tasks-snooze");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(task.locator(":focus")).toHaveCount(1);
  await page.keyboard.press("r");
  await expect(page.getByRole("dialog", { name: "Remind" })).toBeVisible();
  await view(page, info, "tasks-remind");
});

test("FE-5 every view of open loops", async ({ seat }, info) => {
  const { page } = await seat("Will", "/crm/open-loops");
  await expect(page.getByTestId("open-loop").first()).toBeVisible();
  await view(page, info, "open-loops");
  await page.goto("/crm/open-loops?view=list");
  await expect(page.getByTestId("open-loop").first()).toBeVisible();
  await view(page, info, "open-loops-list");
  await page.keyboard.press("l");
  await expect(page.getByRole("dialog", { name: "New open loop" })).toBeVisible();
  await view(page, info, "open-loops-new");
});

test("FE-5 the settings of an advisor", async ({ seat }, info) => {
  const { page } = await seat("Will", "/crm/settings/sessions");
  await expect(page.getByText("This one")).toBeVisible();
  await view(page, info, "sessions");
  await page.goto("/crm/settings");
  await expect(page.getByRole("link", { name: /^Profile/ }).filter({ visible: true })).toBeVisible();
  await view(page, info, "settings");
  await page.goto("/crm/settings/profile");
  await expect(page.getByLabel("Signature", { exact: true })).toBeVisible();
  await view(page, info, "settings-profile");
  await page.goto("/crm/settings/api-keys");
  await expect(page.getByRole("heading", { name: "API keys" })).toBeVisible();
  await view(page, info, "settings-api-keys");
  await page.getByRole("button", { name: "New key" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await view(page, info, "settings-new-key");
  await page.goto("/crm/settings/shortcuts");
  await expect(page.getByRole("heading", { name: "Shortcuts" })).toBeVisible();
  await view(page, info, "settings-shortcuts");
});

test("FE-5 the pages of a firm admin", async ({ seat }, info) => {
  const { page, api } = await seat("Priya", "/crm/imports");
  await expect(page.getByTestId("import").first()).toBeVisible();
  await view(page, info, "imports");
  await page.getByRole("button", { name: "Revert" }).first().click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await view(page, info, "imports-revert");
  await page.goto("/crm/households");
  await expect(page.getByRole("row").nth(3)).toBeVisible();
  await view(page, info, "households-of-the-firm");
  await page.goto("/crm/audit");
  await expect(page.getByTestId("entry").first()).toBeVisible();
  await view(page, info, "audit");
  await page.getByRole("button", { name: "Verify now" }).click();
  await expect(page.getByTestId("verified")).toBeVisible({ timeout: 60_000 });
  await view(page, info, "audit-verified");
  const [household] = await api.households({ sort: "-aum" });
  await page.goto(`/crm/audit?household=${household?.id}`);
  await expect(page.getByTestId("touch").first()).toBeVisible();
  await view(page, info, "audit-of-a-household");
  await page.getByRole("button", { name: "Save bundle" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await view(page, info, "audit-bundle");
});

test("FE-5 the settings of a firm admin", async ({ seat }, info) => {
  const { page } = await seat("Priya", "/crm/settings/people");
  await expect(page.getByRole("list", { name: "Teams" }).getByRole("listitem").first()).toBeVisible();
  await view(page, info, "settings-people");
  await page.getByRole("button", { name: "Invite somebody" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await view(page, info, "settings-invite");
  await page.keyboard.press("Escape");
  await page
    .getByRole("list", { name: "People" })
    .getByRole("button", { name: /^Evan / })
    .click();
  await expect(page.getByRole("dialog").getByRole("checkbox").first()).toBeVisible();
  await view(page, info, "settings-person");
  await page.keyboard.press("Escape");
  await page
    .getByRole("button", { name: /^Move households of/ })
    .first()
    .click();
  await expect(page.getByRole("dialog").getByRole("checkbox").first()).toBeVisible();
  await view(page, info, "settings-move");
  await page.goto("/crm/settings/tiers");
  await expect(page.getByRole("heading", { name: "Tiers", exact: true })).toBeVisible();
  await view(page, info, "settings-tiers");
  await page.goto("/crm/settings/firm");
  await expect(page.getByRole("heading", { name: "Firm", exact: true })).toBeVisible();
  await view(page, info, "settings-firm");
});

test("FE-5 joining, and confirming that it is you", async ({ page }, info) => {
  await page.goto("/crm/join#code");
  await expect(page.getByRole("button", { name: "Sign in and join" })).toBeVisible();
  await view(page, info, "join");
  await page.goto("/crm/confirmed?reason=refused");
  await expect(page.getByRole("alert")).toBeVisible();
  await view(page, info, "not-confirmed");
});

/** A small book with something of everything that a dry run can tell. */
async function smallBook() {
  const households = [
    {
      id: "h1",
      slug: "hale",
      name: "Hale, Robert and Ines",
      type: "client",
      tier: "A",
      advisorId: "nobody",
      members: [
        {
          id: "p1",
          firstName: "Robert",
          lastName: "Hale",
          role: "primary",
          phones: [{ label: "mobile", number: "call the office" }],
        },
      ],
    },
    { id: "h1", slug: "hale", name: "Hale, Robert and Ines", type: "client", tier: "B" },
  ];
  const notes = [
    { id: "n1", householdId: "h9", body: "Called about the boat" },
    { id: "n2", householdId: "h1", body: " " },
  ];
  const accounts = { h1: { accounts: [{ id: "a1", name: "IRA", balance: "$1.2M", source: "linked" }] } };
  const text = JSON.stringify({
    "magfin:households:seed": JSON.stringify(households),
    "magfin:notes": JSON.stringify(notes),
    "magfin:financials": JSON.stringify(accounts),
  });
  const packed = tar([{ path: "book/localstorage.json", file: new Blob([text]) }]);
  return { name: "book.tar", mimeType: "application/x-tar", buffer: Buffer.from(await packed.arrayBuffer()) };
}

test("FE-5 a book on its way in", async ({ seat }, info) => {
  const { page } = await seat("Priya", "/crm/imports");
  await page.getByTestId("choose-archive").setInputFiles(await smallBook());
  await expect(page.getByRole("region", { name: "What it brings" })).toBeVisible();
  await view(page, info, "import-ready");
  await page.getByRole("tab", { name: /^Refused/ }).click();
  await page.getByTestId("upload-line").first().getByText("magfin:notes[0]").first().click();
  await view(page, info, "import-refused-rows");
  await page.getByRole("button", { name: "Leave out" }).first().click();
  await expect(page.getByText("Left out by").first()).toBeVisible();
  await view(page, info, "import-mended");
  await page.getByRole("tab", { name: /^Unknown people/ }).click();
  await expect(page.getByLabel("Who is nobody?")).toBeVisible();
  await view(page, info, "import-people");
  await page.getByRole("tab", { name: /^New households/ }).click();
  await page.getByTestId("upload-line").locator("summary").first().click();
  await view(page, info, "import-household");
  await page.getByRole("button", { name: "Cancel and remove" }).click();
  await expect(title(page)).toHaveText("Imports");
  const bad = tar([
    { path: "book/../../x", file: new Blob(["x"]) },
    { path: "localstorage.json", file: new Blob(["{}"]) },
  ]);
  const buffer = Buffer.from(await bad.arrayBuffer());
  await page
    .getByTestId("choose-archive")
    .setInputFiles({ name: "bad.tar", mimeType: "application/x-tar", buffer });
  await expect(page.getByRole("alert")).toContainText("leads out of the archive");
  await view(page, info, "import-refused");
  await page.getByRole("button", { name: "Cancel and remove" }).click();
  await expect(title(page)).toHaveText("Imports");
});

test("FE-5 every tab of a household", async ({ seat }, info) => {
  const will = await seat("Will");
  const { page } = will;
  const family = await fullest(will);
  const phone = info.project.name === "phone";
  const tabs = [
    "overview",
    "timeline",
    "notes",
    "tasks",
    "accounts",
    "brain",
    "history",
    ...(phone ? ["people"] : []),
  ];
  for (const tab of tabs) {
    await page.goto(`/crm/households/${family.id}?tab=${tab}`);
    await expect(title(page)).toHaveText(family.name);
    await expect(page.getByRole("tabpanel")).toBeVisible();
    await view(page, info, `household-${tab}`);
  }
});

test("FE-5 what opens over a household", async ({ seat }, info) => {
  const will = await seat("Will");
  const { page } = will;
  const family = await fullest(will);
  const { people } = await will.api.record(family.id);
  await page.goto(`/crm/households/${family.id}?person=${people[0]?.person.id}`);
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  await view(page, info, "person");
  await page.goto(`/crm/households/${family.id}?known=${new Date().toISOString().slice(0, 10)}`);
  await expect(page.getByTestId("known-on")).toBeVisible();
  await expect(title(page)).toHaveText(family.name);
  await view(page, info, "known-on");
  await page.goto(`/crm/households/${family.id}`);
  await page.getByRole("button", { name: /^Assets with us .*: what adds up to this$/ }).click();
  await expect(dialog.getByRole("table")).toBeVisible();
  await view(page, info, "totals");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Task", exact: true }).click();
  await expect(dialog.getByLabel("What to do")).toBeFocused();
  await view(page, info, "add-task");
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Task", exact: true })).toBeFocused();
  await page.getByRole("button", { name: "Edit Risk profile" }).focus();
  await page.keyboard.press("w");
  await expect(page.getByTestId("why").getByRole("listitem").first()).toBeVisible();
  await view(page, info, "why");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await view(page, info, "keys");
});

test("FE-5 a birth date asks for its reason", async ({ seat }, info) => {
  const will = await seat("Will");
  const family = await fullest(will);
  await will.page.goto(`/crm/households/${family.id}${info.project.name === "phone" ? "?tab=people" : ""}`);
  await will.page
    .getByRole("button", { name: /^Show birth date of/ })
    .first()
    .click();
  await expect(will.page.getByRole("dialog")).toBeVisible();
  await view(will.page, info, "reveal");
});

test("FE-5 a conflict", async ({ seat, unique }, info) => {
  const { page, api } = await seat("Will");
  const made = await api.newHousehold(unique("Contested family"), { risk_profile: "Moderate" });
  await page.goto(`/crm/households/${made.id}`);
  await page.getByRole("button", { name: "Edit Risk profile" }).click();
  const priya = await seat("Priya");
  await priya.api.patch(`/api/households/${made.id}`, { version: made.version, risk_profile: "Growth" });
  await page.getByRole("textbox", { name: "Risk profile" }).fill("Careful");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("conflict")).toBeVisible();
  await view(page, info, "conflict");
});

test("FE-5 what is empty and what is missing", async ({ seat, unique }, info) => {
  const { page, api } = await seat("Will");
  const made = await api.newHousehold(unique("New family"));
  for (const tab of ["overview", "notes", "accounts", "brain", "tasks"]) {
    await page.goto(`/crm/households/${made.id}?tab=${tab}`);
    await expect(title(page)).toHaveText(made.name);
    await view(page, info, `empty-${tab}`);
  }
  await page.goto("/crm/households");
  await page.getByRole("searchbox").fill("nobody has this name");
  await expect(page.getByText("No household matches")).toBeVisible();
  await view(page, info, "households-nothing");
  await page.goto("/crm/no-such-page");
  await expect(page.getByText("This page does not exist")).toBeVisible();
  await view(page, info, "not-found");
  await page.goto("/crm/households/01900000-0000-7000-8000-000000000000");
  await expect(page.getByRole("alert")).toContainText("Not in your book");
  await view(page, info, "household-not-found");
});

test("FE-5 the form of a new household, and the account menu", async ({ seat }, info) => {
  const { page } = await seat("Priya", "/crm/households");
  await page.getByRole("button", { name: "New household" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await view(page, info, "new-household");
  await page.getByLabel(/^Name/).fill("Agnes Norwood");
  await page.getByRole("button", { name: "Paste a vCard or a signature" }).click();
  await page
    .getByLabel("vCard or e-mail signature")
    .fill("Ada Norwood\nOwner\nHarbor Books LLC\n1 Main St\nCharlotte, NC 28202\nM: (704) 555-0172");
  await page.getByRole("button", { name: "Read", exact: true }).click();
  await expect(page.getByRole("region", { name: "Will be created with the household" })).toBeVisible();
  await view(page, info, "new-household-from-a-card");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.getByRole("button", { name: "Account" }).filter({ visible: true }).click();
  await expect(page.getByRole("menuitem", { name: "Sign out" })).toBeVisible();
  await view(page, info, "account-menu");
});
