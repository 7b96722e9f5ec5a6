import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { HouseholdRecord } from "@/api/types";
import { openApp } from "@/test/app";
import { StandIn } from "@/test/standin";

const WAIT = { timeout: 12_000 };
const NOW = new Date(2026, 10, 22, 9);

beforeEach(() => vi.useFakeTimers({ toFake: ["Date"], now: NOW }));
afterEach(() => vi.useRealTimers());

/** Replaces a household's loops by one for each day given, named after it. */
function openLoops(record: HouseholdRecord, days: (string | null)[], status: "open" | "done" = "open") {
  const [pattern] = record.open_loops;
  if (!pattern) throw new Error("the seed has a loop");
  record.open_loops = days.map((opened_on, n) => ({
    ...pattern,
    id: `${status}-${n}`,
    text: `Opened ${opened_on ?? "some day"}`,
    opened_on,
    status,
  }));
}
const rows = () => screen.findAllByTestId("open-loop", {}, WAIT);

test("open loops of every household come oldest first, coloured at 7, 14 and 30 days", async () => {
  const standIn = new StandIn(3);
  openLoops(standIn.first, ["2026-11-16", null, "2026-10-23", "2026-11-08", "2026-11-15", "2026-11-22"]);
  openApp("/", standIn);
  const shown = (await rows()).map((row) => {
    const badge = within(row).queryByText(/day/i, { selector: "span" });
    return [badge?.textContent ?? null, badge?.className.match(/text-(neg|warn|brass-ink|ink-2)\b/)?.[1]];
  });
  expect(shown).toEqual([
    ["30 days", "neg"],
    ["14 days", "warn"],
    ["7 days", "brass-ink"],
    ["6 days", "ink-2"],
    ["Today", "ink-2"],
    [null, undefined],
  ]);
  expect(screen.getByText("2 at 14+ days")).toBeInTheDocument();
});

test("a loop leads to the work of its household; a closed one is not listed", async () => {
  const standIn = new StandIn(2);
  const { household } = standIn.first;
  openLoops(standIn.first, ["2026-11-01"], "done");
  const closed = standIn.first.open_loops;
  openLoops(standIn.first, ["2026-11-10"]);
  standIn.first.open_loops.push(...closed);
  openApp("/", standIn);
  const [row, ...others] = await rows();
  expect(others).toEqual([]);
  const link = within(row as HTMLElement).getByRole("link", { name: household.name });
  expect(link.getAttribute("href")).toContain(`/households/${household.id}?tab=tasks`);
});

test("a long list of loops is opened step by step, page after page", async () => {
  const standIn = new StandIn(1);
  openLoops(
    standIn.first,
    Array.from({ length: 205 }, () => "2026-10-01"),
  );
  openApp("/", standIn);
  const user = userEvent.setup();
  expect(await rows()).toHaveLength(8);
  expect(screen.getByText("200 or more at 14+ days")).toBeInTheDocument();
  const more = () => screen.queryByRole("button", { name: "Show newer loops" });
  for (let button = more(); button; button = more()) await user.click(button);
  expect(await screen.findByText("205 at 14+ days", {}, WAIT)).toBeInTheDocument();
  expect(await rows()).toHaveLength(205);
});

test("no loops at all is said in words", async () => {
  const standIn = new StandIn(1);
  standIn.first.open_loops = [];
  openApp("/", standIn);
  expect(await screen.findByText("No loose ends in the households you see.", {}, WAIT)).toBeInTheDocument();
});

test("the tasks list names households without asking for them", async () => {
  const standIn = openApp("/tasks", new StandIn(2));
  const [row] = await screen.findAllByTestId("task", {}, WAIT);
  expect(within(row as HTMLElement).getByRole("link").textContent).toBe(standIn.first.household.name);
  expect(standIn.requests.filter((r) => r.includes("/api/households"))).toEqual([]);
});
