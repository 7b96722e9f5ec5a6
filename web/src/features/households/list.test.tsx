import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { afterEach, expect, test, vi } from "vitest";
import { queryClient } from "@/app/query";
import { gate } from "@/test/answers";
import { openApp } from "@/test/app";
import { server } from "@/test/setup";
import { StandIn } from "@/test/standin";

const WAIT = { timeout: 12_000 };
afterEach(() => vi.restoreAllMocks());

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

test("HL the count stays that of the rows on screen until those that were asked for are there", async () => {
  openApp("/households");
  const { passed: held, open: arrive } = gate();
  await screen.findByText(/^40 households/);
  const counted = vi.fn();
  server.use(
    http.post("*/api/households/count", () => counted()),
    http.post("*/api/households/search", () => held),
  );
  await userEvent.type(screen.getByRole("searchbox", { name: "Filter households" }), "whitf");
  await waitFor(() => expect(counted).toHaveBeenCalled());
  await waitFor(() => expect(queryClient.isFetching({ queryKey: ["households", "count"] })).toBe(0));
  expect(screen.getByText(/^40 households/)).toBeInTheDocument();
  arrive();
  await screen.findByText(/^1 household,/);
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

test("ST-5 a list that cannot be renewed stays on screen, with a line that says so", async () => {
  openApp("/households", new StandIn(3));
  await screen.findByRole("table", { name: "Households" }, WAIT);
  server.use(
    http.post("*/api/households/search", () => HttpResponse.json({ detail: "Too busy." }, { status: 500 })),
  );
  await queryClient.invalidateQueries({ queryKey: ["households", "list"] });
  const line = await screen.findByText(/What you see may be old\. Too busy\./, {}, WAIT);
  expect(screen.getByRole("table", { name: "Households" })).toBeInTheDocument();
  expect(within(line).getByRole("button", { name: "Try again" })).toBeEnabled();
});

test.each([
  ["1", "Platinum"],
  ["2", "A"],
  ["3", "Gold"],
  ["4", "C"],
])("FE-5 key %s sets the firm's tier in that place, whatever tiers the list shows", async (key, tier) => {
  // Rows are drawn where they are seen, and here nothing has a size.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
  const standIn = new StandIn(3);
  for (const line of standIn.lines) line.tier = "B";
  standIn.first.household.tier = "B";
  openApp("/households", standIn);
  const user = userEvent.setup();
  const link = await screen.findByRole("link", { name: "Whitfield Family" }, WAIT);
  await waitFor(() => expect(queryClient.getQueryData(["tiers"])).toBeDefined(), WAIT);
  link.focus();
  await user.keyboard(key);
  await waitFor(() => expect(standIn.first.household.tier).toBe(tier), WAIT);
});
