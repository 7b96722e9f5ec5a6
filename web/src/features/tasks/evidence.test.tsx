import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import type { Task } from "@/api/types";
import { openApp } from "@/test/app";
import { server } from "@/test/setup";
import { StandIn } from "@/test/standin";

const WAIT = { timeout: 12_000 };
const FOUND = {
  kind: "note",
  id: "note-of-the-form",
  at: "2026-11-20T10:00:00Z",
  quote: "The form went out.",
  words: ["form"],
};

/** The tasks of a household, of which the first wants evidence; `found` may show that it is done. */
async function atTasks(found: object[]) {
  const standIn = new StandIn(1);
  const [pattern] = standIn.first.tasks as [Task];
  const asking = { ...pattern, id: "asking", title: "Send the form", done_at: null, needs_evidence: true };
  standIn.first.tasks = [asking];
  openApp(`/households/${standIn.first.household.id}?tab=tasks`, standIn);
  server.use(http.get("*/api/tasks/asking/evidence", () => HttpResponse.json({ items: found })));
  const user = userEvent.setup();
  const tick = await screen.findByRole("checkbox", { name: "Done: Send the form" }, WAIT);
  await user.click(tick);
  const dialog = within(await screen.findByRole("dialog", { name: "What shows that it is done?" }, WAIT));
  const stored = () => standIn.first.tasks[0];
  return { standIn, user, tick, dialog, stored };
}

test("AI-7 a task that wants evidence is not done before somebody says what shows it, and leads there", async () => {
  const { user, tick, dialog, stored } = await atTasks([FOUND]);
  expect(tick).not.toBeChecked();
  expect(stored()?.done_at).toBeNull();
  await user.click(await dialog.findByRole("button", { name: /The form went out/ }));
  await waitFor(() => expect(stored()?.done_at).toBeTruthy(), WAIT);
  expect(stored()).toMatchObject({
    evidence_kind: "note",
    evidence_id: FOUND.id,
    evidence_quote: FOUND.quote,
  });
  const shown = within(await screen.findByTestId("evidence", {}, WAIT));
  expect(shown.getByRole("link", { name: "Open the note" })).toHaveAttribute(
    "href",
    expect.stringContaining(`#note-${FOUND.id}`),
  );
});

test("AI-7 leaving the question leaves the task open; where nothing shows it, a note is written", async () => {
  const { standIn, user, tick, dialog, stored } = await atTasks([]);
  await dialog.findByText(/^No note of the last days/);
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  expect(stored()?.done_at).toBeNull();
  expect(tick).not.toBeChecked();

  await user.click(tick);
  const box = await screen.findByRole("textbox", { name: "Or write it down" }, WAIT);
  await user.type(box, "Sent by courier.");
  await user.click(screen.getByRole("button", { name: "Save the note, and done" }));
  await waitFor(() => expect(stored()?.done_at).toBeTruthy(), WAIT);
  const note = standIn.first.notes.find((n) => n.body === "Sent by courier.");
  expect(stored()).toMatchObject({ evidence_id: note?.id, evidence_quote: "Sent by courier." });
  expect(await screen.findByTestId("evidence", {}, WAIT)).toHaveTextContent("Sent by courier.");
});

test("AI-7 a note that is sent again is the same one, and another text is another", async () => {
  const { user, stored } = await atTasks([]);
  const keys: (string | null)[] = [];
  server.use(
    http.post("*/api/households/:id/notes", ({ request }) => {
      keys.push(request.headers.get("idempotency-key"));
      return keys.length < 4 ? HttpResponse.error() : undefined;
    }),
  );
  const box = await screen.findByRole("textbox", { name: "Or write it down" }, WAIT);
  const save = screen.getByRole("button", { name: "Save the note, and done" });
  const send = async (times: number) => {
    await user.click(save);
    await waitFor(() => expect(keys).toHaveLength(times), WAIT);
    await waitFor(() => expect(save).toBeEnabled(), WAIT);
  };
  await user.type(box, "Sent");
  await send(1);
  await send(2);
  await user.type(box, " by courier");
  await send(3);
  await user.click(save);
  await waitFor(() => expect(stored()?.done_at).toBeTruthy(), WAIT);
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[1]);
  expect(keys[3]).toBe(keys[2]);
});
