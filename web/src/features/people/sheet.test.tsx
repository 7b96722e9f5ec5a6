import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { openApp } from "@/test/app";
import { StandIn } from "@/test/standin";

const WAIT = { timeout: 12_000 };

test("FE-5 Escape in a field of a person leaves the field, and the next one the person", async () => {
  const standIn = new StandIn(1);
  const { household, people } = standIn.first;
  openApp(`/households/${household.id}?person=${people[0]?.person.id}`, standIn);
  const user = userEvent.setup();
  const sheet = within(await screen.findByRole("dialog", {}, WAIT));
  await user.click(sheet.getByRole("button", { name: "Edit Occupation" }));
  await user.type(sheet.getByRole("textbox", { name: "Occupation" }), "Painter{Escape}");
  await waitFor(() => expect(sheet.getByRole("button", { name: "Edit Occupation" })).toHaveFocus(), WAIT);
  expect(screen.getByRole("dialog")).toBeInTheDocument();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull(), WAIT);
});
