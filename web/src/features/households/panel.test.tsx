import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { type HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { liveStore } from "@/features/live/store";
import { openApp } from "@/test/app";
import { server } from "@/test/setup";
import { StandIn } from "@/test/standin";

const WAIT = { timeout: 12_000 };

/** The panel of the household with this id, over the list. */
async function openPanel(standIn = new StandIn(3), id = standIn.first.household.id) {
  openApp(`/households?open=${id}`, standIn);
  await screen.findByText(/^3 households/, {}, WAIT);
  return { standIn, id, panel: await screen.findByRole("dialog", {}, WAIT), user: userEvent.setup() };
}
const opened = () => new URLSearchParams(window.location.search).get("open");
const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });

test("the panel shows a household at a glance, and its ticks work", async () => {
  const { standIn, panel, user } = await openPanel();
  const here = within(panel);
  await here.findByText("Assets with us", {}, WAIT);
  expect(panel).toHaveAccessibleName("Whitfield Family");
  expect(here.getByText("Client")).toBeInTheDocument();
  const [first] = here.getAllByTestId("main-person");
  expect(first).toHaveTextContent("Eleanor Whitfield");
  expect(within(first as HTMLElement).getByRole("link", { name: /@/ })).toHaveAttribute(
    "href",
    expect.stringContaining("mailto:"),
  );
  const task = standIn.first.tasks.find((t) => !t.done_at);
  await user.click(here.getByRole("checkbox", { name: `Done: ${task?.title}` }));
  await waitFor(() => expect(standIn.first.tasks.find((t) => t.id === task?.id)?.done_at).toBeTruthy(), WAIT);
});

test("j, k and the brackets go from one household to the next while the panel stays", async () => {
  const { standIn, panel } = await openPanel();
  await within(panel).findByText("Assets with us", {}, WAIT);
  await within(panel).findByRole("group", { name: "The list you came from" }, WAIT);
  const names = standIn.lines.map((l) => l.name).sort((a, b) => a.localeCompare(b));
  const at = (id: string | null) => names.indexOf(standIn.lines.find((l) => l.id === id)?.name ?? "");
  const start = at(opened());
  press(start > 0 ? "k" : "j");
  await waitFor(() => expect(Math.abs(at(opened()) - start)).toBe(1), WAIT);
  await waitFor(() => expect(panel).toHaveAccessibleName(names[at(opened())]), WAIT);
  press(start > 0 ? "]" : "[");
  await waitFor(() => expect(at(opened())).toBe(start), WAIT);
  expect(screen.getAllByRole("dialog")).toHaveLength(1);
});

test("a key typed into a form over the panel is not the panel's", async () => {
  const { panel, id, user } = await openPanel();
  await within(panel).findByText("Assets with us", {}, WAIT);
  await user.click(within(panel).getByRole("button", { name: "Add task" }));
  const form = await screen.findByRole("dialog", { name: "Add a task" }, WAIT);
  within(form).getByRole("button", { name: "Cancel" }).focus();
  press("j");
  press("o");
  expect(opened()).toBe(id);
  expect(within(form).getByRole("button", { name: "Cancel" })).toBeInTheDocument();
});

test("Escape leaves the list with no panel in its address", async () => {
  const { panel } = await openPanel();
  await within(panel).findByText("Assets with us", {}, WAIT);
  press("Escape");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull(), WAIT);
  expect(opened()).toBeNull();
  expect(window.location.pathname).toBe("/crm/households");
});

test("o opens the full page", async () => {
  const { panel, id } = await openPanel();
  await within(panel).findByText("Assets with us", {}, WAIT);
  press("o");
  await screen.findByRole("heading", { level: 1, name: "Whitfield Family" }, WAIT);
  expect(window.location.pathname).toBe(`/crm/households/${id}`);
});

test("an address nobody may see says so, and a fault shows the id of its request", async () => {
  const { panel } = await openPanel(new StandIn(3), "0193f000-0000-7000-8000-999999999999");
  expect(await within(panel).findByText("Not in your book", {}, WAIT)).toBeInTheDocument();
  expect(within(panel).getByText("req-0001")).toBeInTheDocument();
});

test("while the household is on its way its shape is there", async () => {
  const standIn = new StandIn(3);
  const { id } = standIn.first.household;
  openApp(`/households?open=${id}`, standIn);
  server.use(http.get(`*/api/households/${id}`, () => new Promise<HttpResponse<null>>(() => undefined)));
  const panel = await screen.findByRole("dialog", {}, WAIT);
  expect(within(panel).getByRole("status")).toHaveTextContent("Loading household");
  // Its name is known from the row before the record is there.
  await waitFor(() => expect(panel).toHaveAccessibleName("Whitfield Family"), WAIT);
});

test("ST-4 the panel says who else is here, and at a note who is editing it", async () => {
  const { standIn, id, panel } = await openPanel();
  await within(panel).findByText("Assets with us", {}, WAIT);
  const [note] = standIn.first.notes;
  const focus = `notes/${note?.id}/body`;
  act(() =>
    liveStore.present([
      { household_id: id, user_id: "u-matt", user_name: "Matt Ferro", focus, since: "2026-11-22T14:00:00Z" },
    ]),
  );
  expect(within(panel).getByText("Matt Ferro is editing a note")).toBeInTheDocument();
  const marked = within(panel).getAllByTestId("note-edited");
  expect(marked.map((m) => m.textContent)).toEqual(["Matt Ferro is editing this note"]);
  expect(marked[0]?.closest("article")).toHaveAttribute("id", `note-${note?.id}`);
});
