import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { afterEach, expect, test } from "vitest";
import { queryClient } from "@/app/query";
import { type Answer, gate, LOST, lost } from "@/test/answers";
import { openApp } from "@/test/app";
import { MATT } from "@/test/seed";
import { server } from "@/test/setup";
import { StandIn } from "@/test/standin";
import { undoLast } from "./undo";
import { waiting } from "./waiting";

const WAIT = { timeout: 12_000 };
const LINE = "Ask about the annuity";
afterEach(() => waiting.clear());

/**
 * The tasks on screen, before a server that answers new lines as listed. `got` is what reached it: the line with the body it came in,
 * its key, the name of its request, and who was signed in.
 */
async function atTasks(...answers: Answer[]) {
  const standIn = new StandIn(3);
  openApp("/tasks", standIn);
  const got: {
    body: { written_at?: string };
    text: string;
    key: string | null;
    request: string | null;
    user: string;
  }[] = [];
  const undone: string[] = [];
  server.use(
    http.post("*/api/tasks/quick-add", async ({ request }) => {
      const body = (await request.clone().json()) as { text: string; preview: boolean; written_at?: string };
      if (body.preview) return undefined;
      if (!standIn.signedIn) return undefined;
      const { headers } = request;
      const [key, name] = [headers.get("idempotency-key"), headers.get("x-request-id")];
      got.push({ body, text: body.text, key, request: name, user: standIn.me.user.id });
      return answers.shift()?.();
    }),
    http.post("*/api/edits/undo-request", async ({ request }) => {
      const { request_id } = (await request.clone().json()) as { request_id: string };
      undone.push(request_id);
      return HttpResponse.json({ status: 404, detail: "Nothing of yours." }, { status: 404 });
    }),
  );
  const box = await screen.findByRole("textbox", { name: "Add a task" }, WAIT);
  const user = userEvent.setup();
  const jot = (text: string) => user.type(box, `${text}{Enter}`);
  return { standIn, got, undone, box, user, jot };
}
const back = () => window.dispatchEvent(new Event("online"));
const coming = () => screen.findByTestId("coming", {}, WAIT);
const nothingWaits = () => waitFor(() => expect(waiting.lost()).toBeNull(), WAIT);

test("AU-7 what waits is never sent for another user, and is gone as soon as one is signed in", async () => {
  const { standIn, got, jot } = await atTasks(lost);
  await jot(LINE);
  await coming();
  standIn.me = MATT;
  back();
  await nothingWaits();
  await screen.findAllByText("Matt Ferro", {}, WAIT);
  expect(screen.queryByText(LINE)).toBeNull();
  expect(screen.queryByText(/waits for the server/)).toBeNull();
  await undoLast();
  expect(got.map((one) => one.user)).toEqual(["u-will"]);
});

test("AU-7 what waits is gone as well when the page itself hears of another user", async () => {
  const { standIn, got, jot } = await atTasks(lost);
  await jot(LINE);
  await coming();
  standIn.me = MATT;
  await queryClient.invalidateQueries({ queryKey: ["me"] });
  expect(waiting.lost()).toBeNull();
  await screen.findAllByText("Matt Ferro", {}, WAIT);
  expect(screen.queryByText(LINE)).toBeNull();
  expect(got).toHaveLength(1);
});

test("AU-7 while nobody is signed in what waits is not shown or sent; it is, when its writer is back", async () => {
  const { standIn, got, jot } = await atTasks(lost);
  await jot(LINE);
  await coming();
  standIn.signedIn = false;
  back();
  await screen.findByRole("link", { name: "Sign in" }, WAIT);
  expect(screen.queryByText(LINE)).toBeNull();
  expect(got).toHaveLength(1);
  standIn.signedIn = true;
  await queryClient.invalidateQueries({ queryKey: ["me"] });
  await coming();
  back();
  await nothingWaits();
  expect(got.map((one) => [one.text, one.user])).toEqual([
    [LINE, "u-will"],
    [LINE, "u-will"],
  ]);
});

test("AU-7 a page whose user is asked for in vain stays as it is", async () => {
  await atTasks();
  server.use(http.get("*/api/me", () => HttpResponse.json({}, { status: 500 })));
  await queryClient.invalidateQueries({ queryKey: ["me"] });
  expect(screen.getByRole("textbox", { name: "Add a task" })).toBeInTheDocument();
});

test.each([0, 504])(
  "ST-5 a line answered with %i waits, and goes out again as the same request",
  async (status) => {
    const answer = () => (status === 0 ? HttpResponse.error() : HttpResponse.json({}, { status }));
    const { got, jot, box } = await atTasks(answer);
    const before = Date.now();
    await jot(LINE);
    await coming();
    const after = Date.now();
    expect(box).toHaveValue("");
    back();
    await nothingWaits();
    expect(got).toHaveLength(2);
    expect(got[1]).toEqual(got[0]);
    expect(got[0]?.key).toBe(got[0]?.request);
    const at = Date.parse(got[1]?.body.written_at ?? "");
    expect(at >= before && at <= after).toBe(true);
  },
);

test("ST-5 a line that is dropped is taken back once the server answers, in case it had been made", async () => {
  const { got, undone, user, jot } = await atTasks(...LOST);
  await jot(LINE);
  await coming();
  const banner = within(screen.getByRole("region", { name: "Connection" }));
  await user.click(banner.getByRole("button", { name: "Show them" }));
  await user.click(banner.getByRole("button", { name: /^Drop/ }));
  await waitFor(() => expect(undone).toEqual([got[0]?.key]), WAIT);
  expect(screen.queryByTestId("coming")).toBeNull();
  expect(new Set(got.map((one) => one.key)).size).toBe(1);
});

test("FE-5 after a drop the keyboard is on the next line, and after the last on the page", async () => {
  const { user, jot } = await atTasks(...LOST);
  await jot(LINE);
  await jot("Send the papers");
  await waitFor(() => expect(screen.getAllByTestId("coming")).toHaveLength(2), WAIT);
  const banner = within(screen.getByRole("region", { name: "Connection" }));
  await user.click(banner.getByRole("button", { name: "Show them" }));
  await user.click(banner.getByRole("button", { name: `Drop: New task, ${LINE}` }));
  await waitFor(() => expect(banner.getByTestId("waiting-change")).toHaveFocus(), WAIT);
  expect(banner.getByTestId("waiting-change")).toHaveTextContent("Send the papers");
  await user.click(banner.getByRole("button", { name: /^Drop/ }));
  await waitFor(() => expect(screen.getByRole("main")).toHaveFocus(), WAIT);
});

test("ST-5 one undo that cannot be does not stop the others", async () => {
  let gone = true;
  const { got, undone, jot } = await atTasks(
    ...Array<Answer>(20).fill(() => (gone ? HttpResponse.error() : undefined)),
  );
  await jot(LINE);
  await jot("Send the papers");
  await waitFor(() => expect(screen.getAllByTestId("coming")).toHaveLength(2), WAIT);
  gone = false;
  back();
  await screen.findByText("2 waiting changes saved.", {}, WAIT);
  await undoLast();
  expect(new Set(undone)).toEqual(new Set(got.map((one) => one.key)));
  expect(await screen.findByText("Not undone: Nothing of yours.", {}, WAIT)).toBeInTheDocument();
});

test("ST-5 what is typed while a line is on its way is of the next one", async () => {
  const { passed: held, open: answer } = gate();
  const { got, user, jot, box } = await atTasks(() =>
    held.then(() => HttpResponse.json({ task: null }, { status: 201 })),
  );
  await jot(LINE);
  await user.type(box, " and the deed");
  answer();
  await waitFor(() => expect(screen.getByRole("button", { name: "Add task" })).toBeEnabled(), WAIT);
  expect(box).toHaveValue(`${LINE} and the deed`);
  await user.type(box, "{Enter}");
  await waitFor(() => expect(got).toHaveLength(2), WAIT);
  expect(got[1]?.key).not.toBe(got[0]?.key);
});
