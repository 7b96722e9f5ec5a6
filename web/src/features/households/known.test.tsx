import { screen, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { knownDay, setTimeZone } from "@/lib/dates";
import { openApp } from "@/test/app";
import { StandIn } from "@/test/standin";

const WAIT = { timeout: 12_000 };
const before = process.env.TZ;
beforeEach(() => {
  process.env.TZ = "America/Los_Angeles";
});
afterEach(() => {
  process.env.TZ = before;
});

test("ST-2 a household as it was known on a day is shown as of that day, also west of UTC", async () => {
  const standIn = new StandIn(1);
  const { household } = standIn.first;
  household.next_review = "2026-05-12";
  openApp(`/households/${household.id}?known=2026-05-12`, standIn);
  const figures = within(await screen.findByRole("region", { name: "Figures" }, WAIT));
  // The day itself is not late; the last moment of it is another day in UTC.
  expect(figures.getByText("12 May 2026")).not.toHaveClass("text-warn");
});

test("ST-2 a moment is of the firm's day", () => {
  setTimeZone("America/New_York");
  expect(knownDay("2026-05-13T02:30:00.000Z")).toBe("2026-05-12");
  expect(knownDay("2026-05-13")).toBe("2026-05-13");
});
