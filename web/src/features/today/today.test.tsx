import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { HouseholdRecord } from "@/api/types";
import { openApp } from "@/test/app";
import { StandIn } from "@/test/standin";

const WAIT = { timeout: 12_000 };
const NOW = new Date("2026-11-22T14:00:00Z");

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

test("AI-7 loops turn colour at 7, 14 and 30 days on the board, the oldest first", async () => {
  const standIn = new StandIn(3);
  openLoops(standIn.first, ["2026-11-16", null, "2026-10-23", "2026-11-08", "2026-11-15", "2026-11-22"]);
  openApp("/open-loops?view=list", standIn);
  const shown = (await rows()).map((row) => {
    const badge = within(row).queryByText(/^\d+ days?$|^Today$/i, { selector: "span" });
    return [badge?.textContent ?? null, badge?.className.match(/text-(neg|warn|brass-ink|ink-2)\b/)?.[1]];
  });
  expect(shown).toEqual(
    expect.arrayContaining([
      ["30 days", "neg"],
      ["14 days", "warn"],
      ["7 days", "brass-ink"],
      ["6 days", "ink-2"],
      ["Today", "ink-2"],
      [null, undefined],
    ]),
  );
});

test("Today shows what is slipping with the whole number, and leads to the household", async () => {
  const standIn = new StandIn(2);
  openLoops(
    standIn.first,
    Array.from({ length: 20 }, () => "2026-10-01"),
  );
  openApp("/", standIn);
  expect(await rows()).toHaveLength(8);
  const card = screen.getByRole("region", { name: "Loops of 14 days and more" });
  expect(within(card).getByText("20")).toBeInTheDocument();
  const link = within((await rows())[0] as HTMLElement).getByRole("link", {
    name: standIn.first.household.name,
  });
  expect(link.getAttribute("href")).toContain(`/households/${standIn.first.household.id}?tab=tasks`);
});

test("somebody who sees no household is told what to do", async () => {
  const standIn = new StandIn(1);
  standIn.first.household.deleted_at = "2026-11-20T09:00:00Z";
  openApp("/", standIn);
  expect(await screen.findByRole("heading", { name: "Get started" }, WAIT)).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "Import your households" })).toBeInTheDocument();
});

test("the tasks list names households without asking for them", async () => {
  const standIn = openApp("/tasks?view=due", new StandIn(2));
  const [row] = await screen.findAllByTestId("task", {}, WAIT);
  expect(within(row as HTMLElement).getByRole("link").textContent).toBe(standIn.first.household.name);
  expect(standIn.requests.filter((r) => r.includes("/api/households"))).toEqual([]);
});

test("ST-1 quick add shows what was understood before anything is saved, and says what is doubtful", async () => {
  const standIn = openApp("/tasks", new StandIn(1));
  const user = userEvent.setup();
  const line = await screen.findByRole("textbox", { name: "Add a task" }, WAIT);
  await user.type(line, "call Ellen tomorrow @sam");
  const said = await screen.findByTestId("understood", {}, WAIT);
  expect(await within(said).findByText("Mon 23 Nov 2026", {}, WAIT)).toBeInTheDocument();
  expect(await screen.findByText(/@sam may mean Sam A, Sam B/, {}, WAIT)).toBeInTheDocument();
  expect(standIn.requests.filter((r) => r.startsWith("POST")).every((r) => r.endsWith("/quick-add"))).toBe(
    true,
  );
});

test("every region of Today has a name of its own", async () => {
  openApp("/", new StandIn(3));
  await screen.findByRole("region", { name: "Decisions" }, WAIT);
  const names = screen
    .getAllByRole("region")
    .map(
      (region) =>
        region.getAttribute("aria-label") ??
        document.getElementById(region.getAttribute("aria-labelledby") ?? "")?.textContent,
    );
  expect(names.length).toBeGreaterThan(5);
  expect(new Set(names).size).toBe(names.length);
});
