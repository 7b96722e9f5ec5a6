import { Query, QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test, vi } from "vitest";
import type { HouseholdListItem } from "@/api/types";
import { LongList, withPage } from "./long-list";

const KEY = ["households", "list"];
const row = (id: string, tier = "A") => ({ id, tier }) as unknown as HouseholdListItem;
const page = (next: string | null, ...items: HouseholdListItem[]) => ({ items, next_cursor: next });
const rows = () => ({
  pages: [page("b", row("1"), row("2")), page("c", row("3"), row("4")), page(null, row("5"), row("6"))],
  pageParams: [null, "b", "c"],
});
const settle = () => vi.waitFor(() => new Promise((done) => setTimeout(done)));

/** `removed`: the server no longer knows the row that a page begins after, and begins from the first. */
function onScreen(view: [number, number], removed?: string, answered = Date.now()) {
  const client = new QueryClient();
  client.setQueryData(KEY, rows(), { updatedAt: answered });
  const watching = new QueryObserver(client, { queryKey: KEY, enabled: false, staleTime: 30_000 });
  const stopWatching = watching.subscribe(() => {});
  const asked: (string | null)[] = [];
  const whole = vi.spyOn(Query.prototype, "fetch").mockResolvedValue(undefined);
  const list = new LongList(
    client,
    KEY,
    async (cursor) => {
      asked.push(cursor);
      const answer = rows().pages[removed === cursor ? 0 : rows().pageParams.indexOf(cursor)];
      return page(answer?.next_cursor ?? null, ...(answer?.items ?? []).map((h) => row(h.id, "B")));
    },
    () => view,
  );
  const stopList = list.start();
  const tiers = () =>
    client
      .getQueryData<ReturnType<typeof rows>>(KEY)
      ?.pages.flatMap((p) => p.items.map((h) => h.tier))
      .join("");
  const stop = () => {
    stopList();
    stopWatching();
    client.clear();
    whole.mockRestore();
  };
  return { client, list, asked, tiers, whole, stop };
}

test("ST-6 of a long list only the pages in view are asked for again, the others when they are scrolled to", async () => {
  const view: [number, number] = [0, 1];
  const { client, list, asked, tiers, stop } = onScreen(view);
  await client.invalidateQueries({ queryKey: ["households"] });
  await settle();
  expect([asked, tiers()]).toEqual([[null], "BBAAAA"]);
  view.splice(0, 2, 2, 3);
  list.look();
  await settle();
  expect([asked, tiers()]).toEqual([[null, "b"], "BBBBAA"]);
  // With the page before, which says where the one in view begins.
  view.splice(0, 2, 4, 5);
  await client.invalidateQueries({ queryKey: ["households"] });
  await settle();
  expect(asked).toEqual([null, "b", "b", "c"]);
  stop();
});

test("ST-6 a long list that is come back to is asked for again where it is seen", async () => {
  const { asked, stop } = onScreen([0, 1], undefined, Date.now() - 60_000);
  await settle();
  expect(asked).toEqual([null]);
  stop();
});

test("ST-6 what changes while a page is being asked for has it asked for once more", async () => {
  const { client, asked, stop } = onScreen([0, 1]);
  await Promise.all([
    client.invalidateQueries({ queryKey: ["households"] }),
    client.invalidateQueries({ queryKey: ["households"] }),
  ]);
  await settle();
  expect(asked).toEqual([null, null]);
  stop();
});

test("ST-6 where the row that a page begins after is gone, the whole list is asked for again", async () => {
  const { client, asked, tiers, whole, stop } = onScreen([4, 5], "c");
  await client.invalidateQueries({ queryKey: ["households"] });
  await settle();
  expect([asked, tiers()]).toEqual([["b", "c"], "AABBAA"]);
  expect(whole).toHaveBeenCalledOnce();
  stop();
});

test("ST-6 a row that came to another page is in the list once, and no row is lost at the end of a page", () => {
  const moved = withPage(rows(), 1, page("c", row("6", "B"), row("4")));
  expect(moved.pages.map((p) => p.items.map((h) => h.id))).toEqual([["1", "2"], ["6", "4"], ["5"]]);
  const pushed = withPage(rows(), 0, page("x", row("0"), row("1")));
  expect(pushed).toEqual({ pages: [page("x", row("0"), row("1"))], pageParams: [null] });
});
