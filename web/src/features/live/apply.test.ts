import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { onItsWay, rememberOwn } from "@/api/own";
import { Problem } from "@/api/problem";
import { NeverOldClient } from "@/app/query";
import { applyBeginning, Renewal, staleKeys } from "./apply";

const change = (entity: string, household_id: string | null) => ({
  entity,
  entity_id: "e",
  household_id,
  op: "change",
  fields: ["x"],
  user_id: "u",
  user_name: "Matt",
  source: "ui",
  request_id: null,
  at: "2026-03-14T09:26:53Z",
});

test("ST-6 a change makes old what shows it, and nothing of another household", () => {
  expect(staleKeys([change("notes", "h")])).toEqual([
    ["households"],
    ["household", "h"],
    ["edits", "h"],
    ["totals", "h"],
    ["notes", "h"],
    ["notifications"],
    ["search"],
    ["why"],
  ]);
  expect(staleKeys([change("tasks", null)])).toEqual([["households"], ["today"], ["tasks"], ["why"]]);
  expect(staleKeys([change("people", "h")])).toContainEqual(["household"]);
  expect(staleKeys([change("memberships", "h")])).toContainEqual(["household"]);
  // Its name stands in these as well.
  for (const kind of ["tasks", "open-loops", "notes", "search"])
    expect(staleKeys([change("households", "h")])).toContainEqual([kind]);
  expect(staleKeys([])).toEqual([]);
});

describe("ST-6 what changed is asked for", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
  const asked = () => {
    const client = new QueryClient();
    const asks = vi.spyOn(client, "invalidateQueries").mockResolvedValue();
    const lists = () =>
      asks.mock.calls.filter(([f]) => f?.queryKey?.[0] === "households" && f.refetchType !== "none").length;
    return { renewal: new Renewal(client), asks, lists };
  };

  test("at once, and then together: once while changes come fast, and the last is not forgotten", () => {
    const { renewal, lists } = asked();
    renewal.changed([change("notes", "h")]);
    expect(lists()).toBe(1);
    for (let n = 0; n < 50; n += 1) renewal.changed([change("notes", "h")]);
    expect(lists()).toBe(1);
    vi.advanceTimersByTime(1_000);
    expect(lists()).toBe(2);
    vi.advanceTimersByTime(60_000);
    expect(lists()).toBe(2);
  });

  test("but what could not be had, which stays on screen as it is said", async () => {
    const client = new QueryClient();
    const asked = vi.fn(() => Promise.reject(new Error("not in your book")));
    const watching = new QueryObserver(client, {
      queryKey: ["household", "h"],
      queryFn: asked,
      retry: false,
    });
    const stop = watching.subscribe(() => {});
    await vi.advanceTimersByTimeAsync(100);
    expect(watching.getCurrentResult().isError).toBe(true);
    const renewal = new Renewal(client);
    renewal.changed([change("people", "another")]);
    renewal.stop();
    expect(watching.getCurrentResult().isError).toBe(true);
    expect(asked).toHaveBeenCalledOnce();
    stop();
  });

  test("at most every few seconds while they never end, far below the rate limit", () => {
    const { renewal, lists } = asked();
    for (let ms = 0; ms < 60_000; ms += 100) {
      renewal.changed([change("households", "h")]);
      vi.advanceTimersByTime(100);
    }
    expect(lists()).toBeGreaterThan(12);
    expect(lists()).toBeLessThan(20);
  });

  test("once the page is seen again, and not behind it", () => {
    const { renewal, lists } = asked();
    const seen = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    renewal.changed([change("notes", "h")]);
    vi.advanceTimersByTime(60_000);
    expect(lists()).toBe(0);
    seen.mockReturnValue("visible");
    renewal.look();
    expect(lists()).toBe(1);
  });

  test("not again by the page that changed it itself", () => {
    const { renewal, asks, lists } = asked();
    rememberOwn("mine");
    renewal.changed([{ ...change("notes", "h"), request_id: "mine" }]);
    expect(lists()).toBe(0);
    // What is not on screen is still known to be old.
    expect(asks).toHaveBeenCalledWith({ queryKey: ["households"], refetchType: "none" });
    renewal.changed([{ ...change("notes", "h"), request_id: "another" }]);
    expect(lists()).toBe(1);
  });

  test("not while a change of this page is on its way: an answer of before it would put the old value back", async () => {
    const { renewal, lists } = asked();
    let answer = (_: unknown) => {};
    const change_ = onItsWay(new Promise((done) => (answer = done)));
    renewal.changed([change("tasks", "h")]);
    vi.advanceTimersByTime(2_000);
    expect(lists()).toBe(0);
    answer("saved");
    await change_;
    vi.advanceTimersByTime(2_000);
    expect(lists()).toBe(1);
  });

  test("after five seconds although a change of this page was not answered", () => {
    const { renewal, lists } = asked();
    void onItsWay(new Promise(() => {}));
    renewal.changed([change("tasks", "h")]);
    vi.advanceTimersByTime(4_000);
    expect(lists()).toBe(0);
    vi.advanceTimersByTime(6_000);
    expect(lists()).toBe(1);
  });

  test("again from the beginning of the stream, if it was asked before it", async () => {
    vi.useRealTimers();
    const client = new NeverOldClient();
    client.setQueryData(["households", "list"], 1);
    client.setQueryData(["me"], 1);
    let answer = (_: number) => {};
    const asked = vi.fn(() => new Promise<number>((done) => (answer = done)));
    const watching = new QueryObserver(client, { queryKey: ["today"], queryFn: asked });
    const stop = watching.subscribe(() => {});
    applyBeginning(client);
    // On its way: its answer may be of before the beginning.
    answer(1);
    await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(2));
    answer(2);
    stop();
    const old = (key: string[]) => client.getQueryState(key)?.isInvalidated;
    expect([old(["households", "list"]), old(["me"])]).toEqual([true, false]);
  });

  test.each([
    [0, 2],
    [503, 2],
    [403, 1],
    [404, 1],
  ])(
    "again from the beginning of the stream, if it was answered with %d: %d times in all",
    async (status, times) => {
      vi.useRealTimers();
      const client = new NeverOldClient();
      const asked = vi.fn(() => Promise.reject(new Problem(status)));
      const options = { queryKey: ["household", "h"], queryFn: asked, retry: false };
      const watching = new QueryObserver(client, options);
      const stop = watching.subscribe(() => {});
      await vi.waitFor(() => expect(watching.getCurrentResult().isError).toBe(true));
      applyBeginning(client);
      expect(asked).toHaveBeenCalledTimes(times);
      stop();
    },
  );
});
