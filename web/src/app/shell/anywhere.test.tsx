import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { openApp } from "@/test/app";
import { server } from "@/test/setup";
import { StandIn } from "@/test/standin";

const WAIT = { timeout: 12_000 };

test("FE-5 c asks on any page what is to be created, and leads to where it is", async () => {
  openApp("/open-loops", new StandIn(3));
  const user = userEvent.setup();
  await screen.findByRole("heading", { level: 1, name: "Open loops" }, WAIT);
  await user.keyboard("c");
  const menu = within(await screen.findByRole("dialog", { name: "Create" }, WAIT));
  expect(menu.getByRole("button", { name: "Task" })).toHaveFocus();
  await user.click(menu.getByRole("button", { name: "Household" }));
  await screen.findByRole("dialog", { name: /^New household/ }, WAIT);
  expect(window.location.pathname).toBe("/crm/households");
});

test("FE-5 a full stop opens the actions of the item that has the focus", async () => {
  openApp("/open-loops", new StandIn(3));
  const user = userEvent.setup();
  await screen.findAllByRole("button", { name: /^Actions for/ }, WAIT);
  await user.keyboard("j.");
  expect(await screen.findByRole("menuitem", { name: "Edit" }, WAIT)).toBeInTheDocument();
});

test("FE-5 the loops of one household alone are asked for", async () => {
  const standIn = openApp("/open-loops", new StandIn(3));
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Every household" }, WAIT));
  await user.type(await screen.findByRole("textbox", { name: /^Household/ }), "Whitf");
  await user.click(await screen.findByRole("button", { name: "Whitfield Family" }, WAIT));
  const asked = () => standIn.requests.filter((r) => r.startsWith("GET /api/open-loops?"));
  await waitFor(() => expect(asked().at(-1)).toContain(`household_id=${standIn.first.household.id}`), WAIT);
  await user.click(await screen.findByRole("button", { name: "Show every household" }, WAIT));
  await screen.findByRole("button", { name: "Every household" }, WAIT);
  expect(window.location.search).not.toContain("household");
});

test("ST-7 a family event that cannot be taken back says why, and its dialog stays", async () => {
  const standIn = new StandIn(1);
  openApp(`/households/${standIn.first.household.id}`, standIn);
  server.use(
    http.post("*/api/households/:id/family-events", () =>
      HttpResponse.json({ request_id: "r", look_at: [], new_household: { id: "n", name: "Tobias" } }),
    ),
    http.post("*/api/edits/undo-request", () =>
      HttpResponse.json({ undone: 0, kept: [{ edit_id: "e", reason: "Matt Ferro changed it since" }] }),
    ),
  );
  const user = userEvent.setup();
  await screen.findByRole("heading", { level: 1, name: "Whitfield Family" }, WAIT);
  await user.click(screen.getByRole("button", { name: "More actions" }));
  await user.click(await screen.findByRole("menuitem", { name: /^Change the family/ }));
  const dialog = within(await screen.findByRole("dialog", {}, WAIT));
  const who = dialog.getByRole("combobox", { name: /^Who\?/ });
  await user.selectOptions(who, within(who).getAllByRole("option").at(-1) as HTMLElement);
  await user.click(dialog.getByRole("button", { name: /^Record/ }));
  await user.click(await dialog.findByRole("button", { name: "Undo all of it" }, WAIT));
  expect(await dialog.findByRole("alert", {}, WAIT)).toHaveTextContent("Matt Ferro changed it since");
});
