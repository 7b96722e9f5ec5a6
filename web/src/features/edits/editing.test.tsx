import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { afterEach, expect, test } from "vitest";
import { gate } from "@/test/answers";
import { openApp } from "@/test/app";
import { MATT } from "@/test/seed";
import { server } from "@/test/setup";
import { StandIn } from "@/test/standin";
import { clearToasts } from "@/ui/toast";

const WAIT = { timeout: 12_000 };
afterEach(clearToasts);

async function openRecord() {
  const standIn = new StandIn(3);
  openApp(`/households/${standIn.first.household.id}`, standIn);
  await screen.findByRole("heading", { level: 1, name: "Whitfield Family" }, WAIT);
  return { standIn, user: userEvent.setup() };
}
const field = (name: string) => within(screen.getByTestId(`field-${name}`));

/** Takes back what the message with this text tells of. */
async function undo(user: ReturnType<typeof userEvent.setup>, text: string) {
  const messages = await screen.findAllByTestId("toast");
  const message = messages.find((m) => m.textContent?.includes(text));
  await user.click(within(message as HTMLElement).getByRole("button", { name: "Undo" }));
}

async function retype(user: ReturnType<typeof userEvent.setup>, text: string) {
  await user.click(field("risk_profile").getByRole("button", { name: "Edit Risk profile" }));
  const input = field("risk_profile").getByRole("textbox");
  await user.clear(input);
  await user.type(input, `${text}{Enter}`);
}

test("a value is saved where it stands, ticked, and can be undone", async () => {
  const { standIn, user } = await openRecord();
  await retype(user, "Growth");
  expect(await field("risk_profile").findByText("Risk profile saved", {}, WAIT)).toBeInTheDocument();
  expect(standIn.first.household.risk_profile).toBe("Growth");
  await undo(user, "Risk profile changed");
  await waitFor(() => expect(standIn.first.household.risk_profile).toBe("Balanced"), WAIT);
  expect(await field("risk_profile").findByText("Balanced", {}, WAIT)).toBeInTheDocument();
});

/** Another user's change of a field of the first household, as their own browser sends it. */
function byMatt(standIn: StandIn, field: string, value: unknown) {
  const { household } = standIn.first;
  const { me } = standIn;
  standIn.me = MATT;
  const body = { version: household.version, [field]: value };
  standIn.handle("PATCH", `/api/households/${household.id}`, body, crypto.randomUUID());
  standIn.me = me;
}

test("ST-7 what is taken back is one's own change: a colleague's later one of the same field stays", async () => {
  const { standIn, user } = await openRecord();
  await retype(user, "Growth");
  await field("risk_profile").findByText("Risk profile saved", {}, WAIT);
  byMatt(standIn, "risk_profile", "Cautious");
  await user.keyboard("u");
  expect(await screen.findByText("Not undone: Matt Ferro changed it since", {}, WAIT)).toBeInTheDocument();
  expect(standIn.first.household.risk_profile).toBe("Cautious");
});

test("ST-7 a colleague's change of another field stays when one's own is taken back", async () => {
  const { standIn, user } = await openRecord();
  await retype(user, "Growth");
  await field("risk_profile").findByText("Risk profile saved", {}, WAIT);
  byMatt(standIn, "stage", "Won");
  await user.keyboard("u");
  await waitFor(() => expect(standIn.first.household.risk_profile).toBe("Balanced"), WAIT);
  expect(standIn.first.household.stage).toBe("Won");
});

test("ST-7 of a change that changes nothing nothing is said, and there is nothing of it to undo", async () => {
  const { standIn, user } = await openRecord();
  const patches = () => standIn.requests.filter((r) => r.startsWith("PATCH")).length;
  await retype(user, "Balanced ");
  expect(await field("risk_profile").findByText("Balanced", {}, WAIT)).toBeInTheDocument();
  expect(patches()).toBe(0);
  standIn.first.household.risk_profile = "Growth";
  await retype(user, "Growth");
  await waitFor(() => expect(patches()).toBe(1), WAIT);
  await user.keyboard("u");
  expect(await screen.findByText("There is nothing of yours to undo on this page.")).toBeInTheDocument();
  expect(screen.queryByText(/Risk profile changed/)).toBeNull();
  expect(standIn.first.household).toMatchObject({ risk_profile: "Growth", deleted_at: null });
});

test("Escape leaves a value alone", async () => {
  const { standIn, user } = await openRecord();
  const before = standIn.requests.filter((r) => r.startsWith("PATCH")).length;
  await user.click(field("stage").getByRole("button", { name: "Edit Stage" }));
  await user.type(field("stage").getByRole("textbox"), "Won{Escape}");
  expect(field("stage").getByText("Not set")).toBeInTheDocument();
  expect(standIn.requests.filter((r) => r.startsWith("PATCH"))).toHaveLength(before);
});

test("a conflict shows both values and the other person; keeping mine saves mine", async () => {
  const { standIn, user } = await openRecord();
  standIn.contested = { field: "risk_profile", theirs: "Cautious" };
  await retype(user, "Growth");
  const card = within(await screen.findByTestId("conflict", {}, WAIT));
  expect(card.getByText("Matt Ferro")).toBeInTheDocument();
  expect(card.getByText("Growth")).toBeInTheDocument();
  expect(card.getByText("Cautious")).toBeInTheDocument();
  await user.click(card.getByRole("button", { name: "Keep mine" }));
  await waitFor(() => expect(standIn.first.household.risk_profile).toBe("Growth"), WAIT);
  expect(screen.queryByTestId("conflict")).toBeNull();
});

test("taking theirs sends nothing more and shows their value", async () => {
  const { standIn, user } = await openRecord();
  standIn.contested = { field: "risk_profile", theirs: "Cautious" };
  await retype(user, "Growth");
  const card = within(await screen.findByTestId("conflict", {}, WAIT));
  await user.click(card.getByRole("button", { name: "Take theirs" }));
  expect(await field("risk_profile").findByText("Cautious", {}, WAIT)).toBeInTheDocument();
  expect(standIn.first.household.risk_profile).toBe("Cautious");
  expect(standIn.requests.filter((r) => r.startsWith("PATCH"))).toHaveLength(1);
});

test("a tax id is shown only after a reason, and is gone when the dialog closes", async () => {
  const { user } = await openRecord();
  const person = within((await screen.findAllByTestId("person-card"))[0] as HTMLElement);
  await user.click(person.getByRole("button", { name: "Show tax id of Eleanor Whitfield" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.getByRole("button", { name: "Show" })).toBeDisabled();
  await user.type(dialog.getByRole("textbox"), "Transfer form");
  await user.click(dialog.getByRole("button", { name: "Show" }));
  expect(await screen.findByTestId("revealed")).toHaveTextContent("123-45-4412");
  await user.click(dialog.getByRole("button", { name: "Hide again" }));
  await waitFor(() => expect(screen.queryByText("123-45-4412")).toBeNull());
});

test("a removed task leaves the list and comes back by undo", async () => {
  const { user } = await openRecord();
  const name = "Ladder $1.1M in T-bills to March";
  await user.click(screen.getByRole("button", { name: `Actions for ${name}` }));
  await user.click(await screen.findByRole("menuitem", { name: "Remove" }));
  await waitFor(() => expect(screen.queryByText(name)).toBeNull(), WAIT);
  await undo(user, "Removed Ladder");
  expect(await screen.findByText(name, {}, WAIT)).toBeInTheDocument();
});

/** Types into a field, and leaves its tab before the server has answered the change as `answer` says. */
async function leaveAfterTyping(
  user: ReturnType<typeof userEvent.setup>,
  answer: () => Response | undefined,
) {
  const { passed: held, open: arrive } = gate();
  server.use(http.patch("*/api/households/:id", () => held.then(answer)));
  await retype(user, "Growth");
  await user.click(screen.getByRole("tab", { name: "Accounts" }));
  await waitFor(() => expect(screen.queryByTestId("field-risk_profile")).toBeNull(), WAIT);
  arrive();
}

test("ST-5 what is refused after its field has left the screen is told with what was typed, and why", async () => {
  const { user } = await openRecord();
  const errors = [{ pointer: "/risk_profile", message: "must be one of the firm's words" }];
  await leaveAfterTyping(user, () => HttpResponse.json({ detail: "Refused.", errors }, { status: 422 }));
  await screen.findByText("Risk profile “Growth” was not saved: must be one of the firm's words", {}, WAIT);
});

test("ST-4 a conflict that comes after its field has left the screen waits for a decision, with both values", async () => {
  const { standIn, user } = await openRecord();
  standIn.contested = { field: "risk_profile", theirs: "Cautious" };
  await leaveAfterTyping(user, () => undefined);
  const card = within(await screen.findByTestId("conflict", {}, WAIT));
  expect(card.getByText("Growth")).toBeInTheDocument();
  expect(card.getByText("Cautious")).toBeInTheDocument();
  await user.click(card.getByRole("button", { name: "Keep mine" }));
  await waitFor(() => expect(standIn.first.household.risk_profile).toBe("Growth"), WAIT);
});

test("ST-5 the page asks before it goes while a field holds what nobody has saved, and not after", async () => {
  const { user } = await openRecord();
  const asks = () => !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  await user.click(field("risk_profile").getByRole("button", { name: "Edit Risk profile" }));
  expect(asks()).toBe(false);
  await user.type(field("risk_profile").getByRole("textbox"), "Growth");
  expect(asks()).toBe(true);
  await user.keyboard("{Escape}");
  expect(asks()).toBe(false);
});
