import { readFileSync } from "node:fs";
import { expect, test } from "./support/fixtures";
import { invite, joinWith } from "./support/people";
import { view } from "./support/view";

// Runs in light, in dark and at 390 px.

test("RE-4 BR-6 a household is held, released, erased by two people, and its certificate leaves as a file", async ({
  seat,
  newSeat,
  unique,
  browser,
}, info) => {
  const will = await seat("Will");
  const name = unique("Leaving family");
  const made = await will.api.newHousehold(name, { type: "prospect" });
  const priya = await newSeat("Priya", "/crm/settings/people");
  const officer = unique("Cleo Ward");
  const link = await invite(priya.page, officer, "compliance");
  const context = await browser.newContext();
  const cleo = { page: await context.newPage() };
  await joinWith(cleo.page, link, officer);
  for (const { page } of [cleo, priya]) await page.goto("/crm/audit?tab=retention");

  // A class is proposed by one and approved by the other.
  await cleo.page.getByRole("button", { name: "Propose a class" }).click();
  const proposal = cleo.page.getByRole("dialog");
  await proposal.getByLabel("Of whom").selectOption("prospect");
  await proposal.getByLabel(/^Years/).fill("0");
  const basis = unique("Nothing is owed to a prospect");
  await proposal.getByLabel(/^Rule/).fill(basis);
  await proposal.getByRole("button", { name: "Propose" }).click();
  const own = cleo.page.getByTestId("class").filter({ hasText: basis });
  await expect(own).toContainText("Waits for a second person");
  await expect(own.getByRole("button", { name: "Approve" })).toHaveCount(0);
  await priya.page.reload();
  const proposed = priya.page.getByTestId("class").filter({ hasText: basis });
  await proposed.getByRole("button", { name: "Approve" }).click();
  await expect(proposed).toContainText("Counts");
  await cleo.page.reload();

  // Asked for while it is held: nothing happens until the hold is released.
  const pick = async (page: typeof cleo.page, reason: string, submit: string) => {
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("combobox", { name: "Household" }).fill(name);
    await dialog.getByLabel("Reason").fill(reason);
    await dialog.getByRole("button", { name: submit }).click();
    await expect(dialog).toHaveCount(0);
  };
  await cleo.page.getByRole("button", { name: "Hold a household" }).click();
  await expect(cleo.page.getByRole("dialog").getByLabel("Household")).toBeFocused();
  await pick(cleo.page, "A dispute with the estate", "Place the hold");
  const hold = cleo.page.getByTestId("hold").filter({ hasText: name });
  await expect(hold).toContainText("Held");
  await cleo.page.getByRole("button", { name: "Ask for an erasure" }).click();
  await pick(cleo.page, "They asked us to", "Ask for it");
  await expect(cleo.page.getByTestId("erasure").filter({ hasText: name })).toContainText("Under legal hold");
  await view(cleo.page, info, "retention");

  await priya.page.reload();
  const erasure = priya.page.getByTestId("erasure").filter({ hasText: name });
  const approve = async () => {
    await erasure.getByRole("button", { name: "Approve" }).click();
    const dialog = priya.page.getByRole("dialog");
    await dialog.getByRole("checkbox").check();
    await dialog.getByRole("button", { name: "Erase for good" }).click();
    return dialog;
  };
  const refused = await approve();
  await expect(refused).toContainText("under legal hold");
  await view(priya.page, info, "retention-refused");
  await refused.getByRole("button", { name: "Cancel" }).click();
  expect((await will.api.ask("GET", `/api/households/${made.id}`)).status).toBe(200);

  await hold.getByRole("button", { name: "Release" }).click();
  await cleo.page.getByRole("dialog").getByLabel("Reason").fill("It was settled");
  await cleo.page.getByRole("dialog").getByRole("button", { name: "Release" }).click();
  await expect(hold).toContainText("Released");

  await expect(await approve()).toHaveCount(0);
  expect((await will.api.ask("GET", `/api/households/${made.id}`)).status).toBe(404);
  const gone = priya.page.getByTestId("erasure").filter({ hasText: made.id.slice(-12) });
  await expect(gone).toContainText("Erased");
  await expect(priya.page.getByText(name)).toHaveCount(0);

  await gone.getByRole("button", { name: "Certificate" }).click();
  const dialog = priya.page.getByRole("dialog");
  await expect(dialog).toContainText("What was removed");
  await view(priya.page, info, "retention-certificate");
  const saved = priya.page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Save the certificate" }).click();
  const certificate = JSON.parse(readFileSync(await (await saved).path(), "utf8"));
  expect(certificate.household_id).toBe(made.id);
  expect(certificate.checkpoint).toContain("audit.magfin/");
  expect(JSON.stringify(certificate)).not.toContain(name);
  await context.close();
});
