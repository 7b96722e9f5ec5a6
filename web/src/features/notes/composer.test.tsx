import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { afterEach, expect, test } from "vitest";
import { hearOf } from "@/api/user";
import { waiting } from "@/features/edits/waiting";
import { type Answer, gate, LOST } from "@/test/answers";
import { openApp } from "@/test/app";
import { server } from "@/test/setup";
import { StandIn } from "@/test/standin";

const WAIT = { timeout: 12_000 };
// What is being written is nobody's any more, so that nothing of it is sent after the test.
afterEach(() => hearOf("nobody"));

/** The notes of a household on screen, before a server that answers new ones as listed and then takes them. */
async function atNotes(...answers: Answer[]) {
  const standIn = new StandIn(1);
  openApp(`/households/${standIn.first.household.id}?tab=notes`, standIn);
  const got: Record<string, unknown>[] = [];
  server.use(
    http.post("*/api/households/:id/notes", async ({ request }) => {
      const body = (await request.clone().json()) as Record<string, unknown>;
      got.push({ ...body, key: request.headers.get("idempotency-key") });
      return answers.shift()?.();
    }),
    http.post("*/api/edits/undo-request", () => HttpResponse.json({}, { status: 404 })),
  );
  const box = () => screen.findByRole("textbox", { name: "Write a note" }, WAIT);
  const user = userEvent.setup();
  const write = async (text: string) => user.type(await box(), text);
  const save = () => user.click(screen.getByRole("button", { name: "Save note" }));
  return { standIn, got, box, user, write, save };
}
const keepWriting = async (user: ReturnType<typeof userEvent.setup>) => {
  const banner = within(await screen.findByRole("region", { name: "Connection" }, WAIT));
  await user.click(banner.getByRole("button", { name: "Show them" }));
  await user.click(banner.getByRole("button", { name: /^Keep writing/ }));
};
const coming = () => screen.findByTestId("coming", {}, WAIT);

test.each([
  ["private", "team"],
  ["team", "private"],
])(
  "FE-5 a %s note gone on with in a %s one is private: neither text gets more readers",
  async (first, second) => {
    const { box, user, write, save } = await atNotes(...LOST);
    const makePrivate = () => user.click(screen.getByRole("button", { name: "Team" }));
    await write("Rosalind is ill");
    if (first === "private") await makePrivate();
    await save();
    await coming();
    await write("Call on Monday");
    if (second === "private") await makePrivate();
    await keepWriting(user);
    expect(await box()).toHaveValue("Rosalind is ill\n\nCall on Monday");
    expect(screen.getByRole("button", { name: "Only me" })).toHaveAttribute("aria-pressed", "true");
  },
);

test("ST-5 what is typed while a note is on its way stays", async () => {
  const { passed, open: answer } = gate();
  const made = () => HttpResponse.json({ id: "n", version: 1 }, { status: 201 });
  const { got, box, write, save } = await atNotes(() => passed.then(made));
  await write("One");
  await save();
  await waitFor(() => expect(got).toHaveLength(1), WAIT);
  await write(" and two");
  answer();
  await screen.findByText("Note saved.", {}, WAIT);
  await waitFor(() => expect(screen.getByRole("button", { name: "Save note" })).toBeEnabled(), WAIT);
  expect(await box()).toHaveValue("One and two");
});

test("ST-5 a note answered with 504 waits, and goes out again as the same request", async () => {
  const { got, box, write, save } = await atNotes(() => HttpResponse.json({}, { status: 504 }));
  await write("Once");
  const before = Date.now();
  await save();
  await coming();
  const after = Date.now();
  expect(await box()).toHaveValue("");
  window.dispatchEvent(new Event("online"));
  await waitFor(() => expect(waiting.lost()).toBeNull(), WAIT);
  expect(got).toHaveLength(2);
  expect(got[1]).toEqual(got[0]);
  const at = Date.parse(String(got[1]?.occurred_at));
  expect(at >= before && at <= after).toBe(true);
});

test("ST-5 a note that was refused is another request when it is saved again", async () => {
  const refusal = { status: 422, detail: "mentions somebody who cannot see this household" };
  const { got, box, write, save } = await atNotes(() => HttpResponse.json(refusal, { status: 422 }));
  await write("Once");
  await save();
  await screen.findByText(/^Mentions somebody/, {}, WAIT);
  expect(await box()).toHaveValue("Once");
  await save();
  await screen.findByText("Note saved.", {}, WAIT);
  expect(got[1]?.key).not.toBe(got[0]?.key);
});

test("FE-5 a note that is gone on with brings the keyboard to where it is written", async () => {
  const { box, user, write, save } = await atNotes(...LOST);
  await write("Rosalind is ill");
  await save();
  await coming();
  await user.click(screen.getByRole("tab", { name: "Accounts" }));
  await waitFor(() => expect(screen.queryByRole("textbox", { name: "Write a note" })).toBeNull(), WAIT);
  await keepWriting(user);
  await waitFor(async () => expect(await box()).toHaveFocus(), WAIT);
  expect(await box()).toHaveValue("Rosalind is ill");
});

/** Opens the first note to be rewritten, and types into it. */
async function openRewrite(user: ReturnType<typeof userEvent.setup>) {
  const [card] = await screen.findAllByTestId("note", {}, WAIT);
  await user.click(within(card as HTMLElement).getByRole("button", { name: "Actions for note" }));
  await user.click(await screen.findByRole("menuitem", { name: "Edit" }));
  const area = await screen.findByRole("textbox", { name: "Edit note" }, WAIT);
  await user.type(area, " More");
  return { area, form: within(area.closest("form") as HTMLElement) };
}

/** A note that is being rewritten, before a server whose answer the test holds back; `answer` is told what it may answer. */
async function rewriting(answer: () => Response | undefined) {
  const { standIn, user } = await atNotes();
  const { passed: held, open: arrive } = gate();
  const sent: { body: string; version: number }[] = [];
  server.use(
    http.patch("*/api/notes/:id", async ({ request }) => {
      sent.push((await request.clone().json()) as { body: string; version: number });
      await held;
      return answer();
    }),
  );
  const { area, form } = await openRewrite(user);
  const reason = screen.queryByRole("textbox", { name: /^Why does it change/ });
  if (reason) await user.type(reason, "It was short");
  await user.click(form.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(sent).toHaveLength(1), WAIT);
  return { standIn, user, area, form, sent, arrive };
}

test("ST-5 what is typed while a rewritten note is on its way stays, and goes on top of it", async () => {
  const { user, area, form, sent, arrive } = await rewriting(() => undefined);
  await user.type(area, " and more");
  arrive();
  await screen.findByText("Note changed.", {}, WAIT);
  expect(area).toHaveValue(`${sent[0]?.body} and more`);
  const save = form.getByRole("button", { name: "Save" });
  await waitFor(() => expect(save).toBeEnabled(), WAIT);
  await user.click(save);
  await waitFor(() => expect(sent).toHaveLength(2), WAIT);
  expect(sent[1]).toMatchObject({ body: `${sent[0]?.body} and more`, version: Number(sent[0]?.version) + 1 });
});

test("ST-5 a rewritten note that is refused after its tab was left says so", async () => {
  const { user, arrive } = await rewriting(() => HttpResponse.json({ detail: "Too long." }, { status: 422 }));
  await user.click(screen.getByRole("tab", { name: "Accounts" }));
  await waitFor(() => expect(screen.queryByRole("textbox", { name: "Edit note" })).toBeNull(), WAIT);
  arrive();
  await screen.findByText(
    "The note was not changed: Too long. What you wrote is kept with it, as a draft.",
    {},
    WAIT,
  );
});

test("ST-5 while a rewritten note is being thrown away nothing can be typed that would go with it", async () => {
  const { user } = await atNotes();
  const { passed: held, open: arrive } = gate();
  server.use(http.delete("*/api/drafts/:id", () => held));
  const { area, form } = await openRewrite(user);
  await form.findByText(/^Draft saved/, {}, WAIT);
  await user.click(form.getByRole("button", { name: "Discard changes" }));
  const left = (area as HTMLTextAreaElement).value;
  await user.type(area, " And more");
  await user.keyboard("{Control>}{Enter}{/Control}");
  await user.click(form.getByRole("button", { name: "Template" }));
  await user.click(await screen.findByRole("menuitem", { name: "Annual review" }));
  expect(area).toHaveValue(left);
  expect(form.getByRole("button", { name: "Save" })).toBeDisabled();
  arrive();
  await waitFor(() => expect(screen.queryByRole("textbox", { name: "Edit note" })).toBeNull(), WAIT);
});

test("FE-5 Escape leaves a new note, whose words stay, so that keys are the page's again", async () => {
  const { box, user, write } = await atNotes();
  await write("Rosalind is ill{Escape}");
  expect(screen.getByRole("main")).toHaveFocus();
  expect(await box()).toHaveValue("Rosalind is ill");
  await user.keyboard("5");
  await screen.findByRole("tab", { name: "Accounts", selected: true }, WAIT);
});
