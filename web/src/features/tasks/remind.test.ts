import { afterEach, expect, test } from "vitest";
import { setTimeZone } from "@/lib/dates";
import { reminderChoices } from "./remind";

afterEach(() => setTimeZone("UTC"));

// By the reader's own clock, whatever it is where the test runs: Sunday, 22 November 2026.
const NOW = new Date(2026, 10, 22, 14, 5, 30);
const names = (task: Parameters<typeof reminderChoices>[0], now = NOW) =>
  reminderChoices(task, now).map(([name]) => name);
const none = { due_on: null, due_time: null };

test("ST-1 moments to be reminded at: none that has passed, and none twice", () => {
  expect(names(none)).toEqual(["In an hour", "Today at 4 pm", "Tomorrow at 9 am"]);
  // After four, and on a day on which Monday is not tomorrow.
  expect(names(none, new Date(2026, 10, 24, 16, 0))).toEqual([
    "In an hour",
    "Tomorrow at 9 am",
    "Monday at 9 am",
  ]);
  const [hour] = reminderChoices(none, NOW);
  expect(hour?.[1]).toEqual(new Date(2026, 10, 22, 15, 5));
  const monday = reminderChoices(none, new Date(2026, 10, 23, 8, 0)).find(([name]) => name.startsWith("Mon"));
  expect(monday?.[1]).toEqual(new Date(2026, 10, 30, 9));
});

test("ST-1 a task is reminded of when it is due by the firm's clock, or at nine on its day", () => {
  setTimeZone("America/New_York");
  const due = (due_on: string, due_time: string | null) =>
    reminderChoices({ due_on, due_time }, NOW)
      .slice(3)
      .map(([name, at]) => [name, at.toISOString()]);
  expect(due("2026-12-01", "15:30")).toEqual([["When it is due", "2026-12-01T20:30:00.000Z"]]);
  // The clocks go on between: nine in the morning is nine on either side.
  expect(due("2027-03-15", null)).toEqual([["On its day at 9 am", "2027-03-15T13:00:00.000Z"]]);
  expect(due("2026-11-01", null)).toEqual([]);
});
