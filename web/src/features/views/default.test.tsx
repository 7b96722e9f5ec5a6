import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { openApp } from "@/test/app";
import { server } from "@/test/setup";
import { StandIn } from "@/test/standin";

const WAIT = { timeout: 12_000 };
const list = () => screen.findByRole("navigation", { name: "Saved views" }, WAIT);
const pressed = (name: string) =>
  waitFor(() => expect(screen.getByRole("button", { name, pressed: true })).toBeInTheDocument(), WAIT);

/** The app with one view; answers which view the reader's list begins with, as the server knows it. */
function withView(path: string, first: string | null) {
  const known = { first };
  openApp(path, new StandIn(3));
  const view = { id: "v1", name: "By size", scope: "firm", mine: false, pinned: false, version: 1 };
  server.use(
    http.get("*/api/views", () =>
      HttpResponse.json({
        items: [{ ...view, query: { sort: "-aum" }, is_default: known.first === view.id }],
      }),
    ),
    http.patch("*/api/me/profile", async ({ request }) => {
      known.first = ((await request.json()) as { default_view_id: string | null }).default_view_id;
      return HttpResponse.json({});
    }),
  );
  return known;
}

test("HL the list begins with its reader's view, and whoever comes back finds it as they left it", async () => {
  withView("/tasks", "v1");
  const user = userEvent.setup();
  await screen.findByRole("heading", { level: 1, name: "Tasks" }, WAIT);
  await user.keyboard("gh");
  await pressed("By size");
  expect(window.location.search).toBe("?sort=-aum");
  await user.click(screen.getByRole("button", { name: "All households" }));
  await pressed("All households");
  await user.keyboard("gk");
  await screen.findByRole("heading", { level: 1, name: "Tasks" }, WAIT);
  window.history.back();
  await pressed("All households");
  expect(window.location.search).toBe("");
});

test("HL an address that asks for something is not changed by the reader's view", async () => {
  withView("/households?type=client", "v1");
  await list();
  await screen.findByRole("table", { name: "Households" }, WAIT);
  expect(window.location.search).toBe("?type=client");
});

test("HL a view is chosen for the list to begin with, and the choice is taken back", async () => {
  const known = withView("/households?sort=-aum", null);
  const user = userEvent.setup();
  await pressed("By size");
  await user.click(screen.getByRole("button", { name: "Begin with the view By size" }));
  await screen.findByRole("button", { name: "Begin with all households" }, WAIT);
  expect(known.first).toBe("v1");
  await user.click(await screen.findByRole("button", { name: "Undo" }, WAIT));
  await screen.findByRole("button", { name: "Begin with the view By size" }, WAIT);
  expect(known.first).toBeNull();
});
