import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { afterEach, expect, test } from "vitest";
import { today } from "@/lib/dates";
import { openApp } from "@/test/app";
import { server } from "@/test/setup";
import { StandIn } from "@/test/standin";
import { waiting } from "./waiting";

const WAIT = { timeout: 12_000 };
afterEach(() => waiting.clear());

/** A household on screen, and a server that can no longer be reached for changes until `back`. */
async function offline() {
  const standIn = new StandIn(3);
  openApp(`/households/${standIn.first.household.id}`, standIn);
  await screen.findByRole("heading", { level: 1, name: "Whitfield Family" }, WAIT);
  let gone = true;
  server.use(http.patch("*/api/*", () => (gone ? HttpResponse.error() : undefined)));
  const back = () => {
    gone = false;
    window.dispatchEvent(new Event("online"));
  };
  const changes = () => standIn.requests.filter((r) => r.startsWith("PATCH"));
  return { standIn, user: userEvent.setup(), back, changes };
}
const field = (name: string) => within(screen.getByTestId(`field-${name}`));
const banner = () => within(screen.getByRole("region", { name: "Connection" }));

async function retype(user: ReturnType<typeof userEvent.setup>, text: string) {
  await user.click(field("risk_profile").getByRole("button", { name: "Edit Risk profile" }));
  const input = field("risk_profile").getByRole("textbox");
  await user.clear(input);
  await user.type(input, `${text}{Enter}`);
}

test("an edit and a tick that find no server stay on screen, are listed, and are saved when it is back", async () => {
  const { standIn, user, back, changes } = await offline();
  const task = standIn.first.tasks.find((t) => !t.done_at);
  await retype(user, "Growth");
  expect(await field("risk_profile").findByText("waiting", {}, WAIT)).toBeInTheDocument();
  expect(field("risk_profile").getByText("Growth")).toBeInTheDocument();
  await user.click(screen.getByRole("checkbox", { name: `Done: ${task?.title}` }));
  await screen.findByText("2 changes wait to be sent: the server does not answer.", {}, WAIT);
  await user.click(banner().getByRole("button", { name: "Show them" }));
  const [edit, tick] = banner().getAllByTestId("waiting-change");
  expect(edit).toHaveTextContent("Risk profile: Growth");
  expect(edit).toHaveTextContent("Whitfield Family");
  expect(tick).toHaveTextContent(`${task?.title}, Whitfield Family`);
  expect(localStorage.length + sessionStorage.length).toBe(0);
  expect(standIn.first.household.risk_profile).toBe("Balanced");
  back();
  await waitFor(() => expect(standIn.first.household.risk_profile).toBe("Growth"), WAIT);
  await waitFor(() => expect(standIn.first.tasks.find((t) => t.id === task?.id)?.done_at).toBeTruthy(), WAIT);
  await waitFor(() => expect(screen.queryByRole("region", { name: "Connection" })).toBeNull(), WAIT);
  expect(changes()).toHaveLength(2);
  expect(screen.getByRole("checkbox", { name: `Done: ${task?.title}` })).toBeChecked();
});

test("a dropped change shows again what was there before, and is not sent", async () => {
  const { user, back, changes } = await offline();
  await retype(user, "Growth");
  await retype(user, "Careful");
  await screen.findByText(/^2 changes wait/, {}, WAIT);
  await user.click(banner().getByRole("button", { name: "Show them" }));
  const drops = () => banner().getAllByRole("button", { name: /^Drop Risk profile of Whitfield Family/ });
  const ready = () => waitFor(() => expect(drops()[0]).toBeEnabled(), WAIT);
  await ready();
  await user.click(drops()[0] as HTMLElement);
  expect(field("risk_profile").getByText("Careful")).toBeInTheDocument();
  await ready();
  await user.click(drops()[0] as HTMLElement);
  expect(field("risk_profile").getByText("Balanced")).toBeInTheDocument();
  back();
  await waitFor(() => expect(screen.queryByRole("region", { name: "Connection" })).toBeNull(), WAIT);
  expect(changes()).toHaveLength(0);
});

test("what waits stays on screen when the server's answer comes in before it is sent", async () => {
  const { user } = await offline();
  await retype(user, "Growth");
  await field("risk_profile").findByText("waiting", {}, WAIT);
  const { queryClient } = await import("@/app/query");
  await queryClient.invalidateQueries();
  expect(field("risk_profile").getByText("Growth")).toBeInTheDocument();
});

test("a conflict is asked about where the connection is told of, and theirs can be taken", async () => {
  const { standIn, user, back, changes } = await offline();
  standIn.contested = { field: "risk_profile", theirs: "Cautious" };
  await retype(user, "Growth");
  await field("risk_profile").findByText("waiting", {}, WAIT);
  back();
  const card = within(await screen.findByTestId("conflict", {}, WAIT));
  expect(screen.getByText("1 change needs your decision.")).toBeInTheDocument();
  expect(card.getByText("Matt Ferro")).toBeInTheDocument();
  expect(card.getByText("Growth")).toBeInTheDocument();
  expect(await field("risk_profile").findByText("Cautious", {}, WAIT)).toBeInTheDocument();
  await user.click(card.getByRole("button", { name: "Take theirs" }));
  await waitFor(() => expect(screen.queryByRole("region", { name: "Connection" })).toBeNull(), WAIT);
  expect(standIn.first.household.risk_profile).toBe("Cautious");
  expect(changes()).toHaveLength(1);
});

test("ST-5 a loop that waits is opened on the day on which it was written", async () => {
  const { standIn, user } = await offline();
  const sent: unknown[] = [];
  server.use(
    http.post("*/api/households/:id/open-loops", async ({ request }) => {
      sent.push(await request.clone().json());
      return sent.length === 1 ? HttpResponse.error() : undefined;
    }),
  );
  await user.click(screen.getAllByRole("button", { name: "Add open loop" })[0] as HTMLElement);
  const dialog = within(await screen.findByRole("dialog", {}, WAIT));
  await user.type(dialog.getAllByRole("textbox")[0] as HTMLElement, "She sends the old policy");
  await user.click(dialog.getByRole("button", { name: "Add open loop" }));
  await screen.findByText(/^1 change waits/, {}, WAIT);
  window.dispatchEvent(new Event("online"));
  await waitFor(() => expect(waiting.lost()).toBeNull(), WAIT);
  expect(sent[0]).toMatchObject({ text: "She sends the old policy", opened_on: today() });
  expect(sent[1]).toEqual(sent[0]);
  expect(standIn.first.open_loops.map((loop) => loop.opened_on)).toContain(today());
});

test("signing out says what would be given up", async () => {
  const { standIn, user } = await offline();
  await retype(user, "Growth");
  await field("risk_profile").findByText("waiting", {}, WAIT);
  await user.click(screen.getAllByRole("button", { name: "Account" })[0] as HTMLElement);
  await user.click(await screen.findByRole("menuitem", { name: "Sign out" }));
  expect(
    await screen.findByText("1 change is not saved yet. Signing out gives that up.", {}, WAIT),
  ).toBeVisible();
  expect(standIn.signedIn).toBe(true);
  await user.click(screen.getByRole("button", { name: "Sign out anyway" }));
  await waitFor(() => expect(standIn.signedIn).toBe(false), WAIT);
  expect(waiting.lost()).toBeNull();
});
