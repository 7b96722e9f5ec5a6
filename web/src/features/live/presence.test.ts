import { renderHook, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { server } from "@/test/setup";
import { presenceLine, useAppear } from "./Presence";

test.each([
  ["leaves the household", (unmount: () => void) => unmount()],
  ["closes the page", () => window.dispatchEvent(new Event("pagehide"))],
])("ST-6 who %s says that they are gone", async (_, leave) => {
  const told: unknown[] = [];
  server.use(
    http.put("*/api/presence", async ({ request }) => {
      told.push(await request.json());
      return new HttpResponse(null, { status: 204 });
    }),
  );
  const { unmount } = renderHook(() => useAppear("h"));
  await waitFor(() => expect(told).toEqual([{ household_id: "h", focus: null }]));
  leave(unmount);
  await waitFor(() => expect(told.at(-1)).toEqual({ household_id: null, focus: null }));
});

test("ST-4 presence reads as a sentence", () => {
  const line = (focus: string | null) => presenceLine({ user_name: "Matt", focus });
  const said = [line(null), line("notes/new"), line("notes/0190/body"), line("households/0190/risk_profile")];
  expect([...said, line("x")]).toEqual([
    "Matt is here",
    "Matt is writing a note",
    "Matt is editing a note",
    "Matt is editing risk profile",
    "Matt is editing",
  ]);
});
