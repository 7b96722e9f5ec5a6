import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { remindedAt } from "@/api/queries/notifications";
import type { Task } from "@/api/types";
import { setTimeZone } from "@/lib/dates";
import { openApp } from "@/test/app";
import { StandIn } from "@/test/standin";

const WAIT = { timeout: 12_000 };
const NOW = new Date("2026-11-22T14:00:00Z");

beforeEach(() =>
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"], shouldAdvanceTime: true, now: NOW }),
);
afterEach(() => {
  vi.useRealTimers();
  setTimeZone("UTC");
});

/** The stand-in with tasks that remind at these moments, after the seed's own, which do not. */
function reminding(...moments: string[]) {
  const standIn = new StandIn(1);
  const [pattern] = standIn.first.tasks as [Task];
  standIn.first.tasks = moments.map((remind_at, n) => ({
    ...pattern,
    id: `reminding-${n}`,
    title: `Call number ${n + 1}`,
    done_at: null,
    remind_at,
  }));
  return standIn;
}
const bell = (name: string) => screen.findByRole("button", { name }, WAIT);

test("ST-1 a reminder comes up by itself when its moment does, is said once, and goes when the task is done", async () => {
  const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
  openApp("/", reminding("2026-11-22T13:00:00Z", "2026-11-22T14:30:00Z"));
  await bell("Notifications, 1 reminder");
  // What had come before the page was opened is not news.
  expect(screen.queryByText("Reminder: Call number 1")).not.toBeInTheDocument();
  await act(() => vi.advanceTimersByTimeAsync(31 * 60_000));
  await bell("Notifications, 2 reminders");
  expect(screen.getByText("Reminder: Call number 2")).toBeInTheDocument();

  await user.click(await bell("Notifications, 2 reminders"));
  const list = within(await screen.findByRole("region", { name: "Reminders" }, WAIT));
  expect(list.getAllByTestId("reminder")).toHaveLength(2);
  await user.click(list.getByRole("checkbox", { name: "Done: Call number 1" }));
  await waitFor(() => expect(list.getAllByTestId("reminder")).toHaveLength(1), WAIT);
});

test("ST-1 a reminder is put off, and taken away, from the list under the bell", async () => {
  const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
  const standIn = reminding("2026-11-22T13:00:00Z", "2026-11-22T13:30:00Z");
  openApp("/", standIn);
  await user.click(await bell("Notifications, 2 reminders"));
  const later = (n: number) =>
    screen.findByRole("button", { name: `Remind later of Call number ${n}` }, WAIT);
  await user.click(await later(1));
  await user.click(await screen.findByRole("menuitem", { name: "In an hour" }));
  await user.click(await later(2));
  await user.click(await screen.findByRole("menuitem", { name: "Not again" }));
  await waitFor(() => expect(screen.queryByTestId("reminder")).not.toBeInTheDocument(), WAIT);
  const [later1, never] = standIn.first.tasks;
  // The plan stays with the one that is put off.
  expect(later1).toMatchObject({
    remind_at: "2026-11-22T13:00:00Z",
    remind_again_at: "2026-11-22T15:00:00.000Z",
  });
  expect(never).toMatchObject({ remind_at: null, remind_again_at: null });
});

test("ST-1 the reminder of a task that is put off waits for nine in the morning of its day", () => {
  const at = (remind_at: string | null, remind_again_at: string | null, snoozed_until: string | null) =>
    remindedAt({ remind_at, remind_again_at, snoozed_until });
  const [plan, later] = ["2026-11-22T13:00:00Z", "2026-11-24T08:00:00Z"];
  expect(at(plan, null, null)).toBe(plan);
  expect(at(plan, later, null)).toBe(later);
  setTimeZone("America/New_York");
  expect(at(plan, null, "2026-11-23")).toBe("2026-11-23T14:00:00.000Z");
  expect(at(plan, later, "2026-11-23")).toBe(later);
  // Without a plan there is none.
  expect(at(null, later, null)).toBeNull();
});

test("ST-1 several that come together are said in one line, which leads to them", async () => {
  const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
  openApp("/", reminding("2026-11-22T14:30:00Z", "2026-11-22T14:30:00Z"));
  await screen.findByRole("button", { name: "Notifications" }, WAIT);
  await act(() => vi.advanceTimersByTimeAsync(31 * 60_000));
  const toast = within(await screen.findByTestId("toast", {}, WAIT));
  expect(toast.getByText("2 reminders")).toBeInTheDocument();
  await user.click(toast.getByRole("button", { name: "Show" }));
  expect(await screen.findAllByTestId("reminder", {}, WAIT)).toHaveLength(2);
});

test("ST-1 a tick that is taken back says no reminder again", async () => {
  const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
  openApp("/", reminding("2026-11-22T13:00:00Z"));
  await user.click(await bell("Notifications, 1 reminder"));
  const line = within(await screen.findByTestId("reminder", {}, WAIT));
  await user.click(line.getByRole("checkbox", { name: "Done: Call number 1" }));
  await bell("Notifications");
  await user.click(await screen.findByRole("button", { name: "Undo" }, WAIT));
  await bell("Notifications, 1 reminder");
  expect(screen.queryByText("Reminder: Call number 1")).not.toBeInTheDocument();
});

test("ST-1 a line that goes hands the focus on, and the household behind the list is asked for again", async () => {
  const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
  const standIn = reminding("2026-11-22T13:00:00Z", "2026-11-22T13:30:00Z");
  const { id } = standIn.first.household;
  openApp(`/households/${id}?tab=history`, standIn);
  const asked = vi.spyOn(standIn, "handle");
  await user.click(await bell("Notifications, 2 reminders"));
  const list = within(await screen.findByRole("region", { name: "Reminders" }, WAIT));
  const before = asked.mock.calls.length;
  await user.click(list.getByRole("checkbox", { name: "Done: Call number 1" }));
  await waitFor(
    () => expect(list.getByRole("checkbox", { name: "Done: Call number 2" })).toHaveFocus(),
    WAIT,
  );
  const household = (call: unknown[]) => call[0] === "GET" && String(call[1]).endsWith(`/households/${id}`);
  await waitFor(() => expect(asked.mock.calls.slice(before).some(household)).toBe(true), WAIT);
});
