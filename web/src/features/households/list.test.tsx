import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { openApp } from "@/test/app";
import { StandIn } from "@/test/standin";

const WAIT = { timeout: 12_000 };

test("what is typed into the filter never reaches an address or the browser's storage", async () => {
  const standIn = openApp("/households");
  const user = userEvent.setup();
  await screen.findByText(/^40 households/, {}, WAIT);
  await user.type(screen.getByRole("searchbox", { name: "Filter households" }), "whitf");
  await screen.findByText(/^1 household,/, {}, WAIT);
  expect(window.location.href).not.toContain("whitf");
  expect(standIn.requests.join()).not.toContain("whitf");
  expect(localStorage.length + sessionStorage.length).toBe(0);
});

test("no match says so and offers the way back", async () => {
  openApp("/households");
  const user = userEvent.setup();
  await user.type(await screen.findByRole("searchbox", {}, WAIT), "zzz");
  await screen.findByText("No household matches", {}, WAIT);
  await user.click(screen.getByRole("button", { name: "Clear filters" }));
  await screen.findByText(/^40 households/, {}, WAIT);
});

test("without a session there is one way in", async () => {
  const standIn = new StandIn(1);
  standIn.signedIn = false;
  openApp("/households", standIn);
  const link = await screen.findByRole("link", { name: "Sign in" }, WAIT);
  expect(link.getAttribute("href")).toContain("/api/auth/login?return_to=");
  expect(screen.queryByRole("navigation")).toBeNull();
});

test("a session that ends elsewhere leads to the sign-in page with nothing behind it", async () => {
  const standIn = openApp("/households");
  const user = userEvent.setup();
  await screen.findByText(/^40 households/, {}, WAIT);
  standIn.signedIn = false;
  await user.type(screen.getByRole("searchbox"), "a");
  await screen.findByRole("link", { name: "Sign in" }, WAIT);
  await waitFor(() => expect(screen.queryByText(/40 households/)).toBeNull());
});
