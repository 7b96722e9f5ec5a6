import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { openApp } from "@/test/app";
import { StandIn } from "@/test/standin";

const WAIT = { timeout: 12_000 };

test.each([
  [6, "Gold", "every 6 months"],
  [null, "Gold", "every 4 months, as tier Gold"],
  [null, "C", "no cadence set"],
])("HH-1 reviewed %s, of tier %s: %s", async (own, tier, shown) => {
  const standIn = new StandIn(1);
  const { household } = standIn.first;
  Object.assign(household, { review_cadence_months: own, tier, next_review: null });
  Object.assign(standIn.tiers.find((t) => t.name === "Gold") ?? {}, { review_cadence_months: 4 });
  openApp(`/households/${household.id}`, standIn);
  const figures = within(await screen.findByRole("region", { name: "Figures" }, WAIT));
  expect(await figures.findByRole("button", { name: shown })).toBeVisible();
});
