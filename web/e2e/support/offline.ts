import type { Page } from "@playwright/test";
import { expect, type Seat } from "./fixtures";

/** The bar that tells of the connection and lists what waits. */
export const connection = (page: Page) => page.getByRole("region", { name: "Connection" });
/** What was written down and is not on the server yet, where it will stand. */
export const coming = (page: Page) => page.getByTestId("coming");

/** Something that a test holds back until it has seen what it looks for. */
export function gate() {
  let open = () => {};
  const passed = new Promise<void>((done) => {
    open = done;
  });
  return { passed, open: () => open() };
}

/** A household with a task and a loop, on screen. */
export async function family({ page, api }: Seat, name: string, task: object = {}) {
  const made = await api.newHousehold(name, { stage: "Review" });
  const rows = `/api/households/${made.id}`;
  await api.post(`${rows}/tasks`, { title: "Send the papers", ...task });
  await api.post(`${rows}/open-loops`, { text: "Answer on the annuity", direction: "we_owe" });
  await page.goto(`/crm/households/${made.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  // The form comes right after the record, for as long as there is a connection.
  await page.waitForFunction(() =>
    performance.getEntriesByType("resource").some((r) => r.name.includes("/FactDialog-")),
  );
  return made;
}
