import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Problem } from "@/api/problem";
import type { Draft, DraftWrite } from "@/api/queries/notes";
import { statusLine } from "./DraftLine";
import { DraftKeeper } from "./draft";
import { versionsOf } from "./versions";

beforeEach(() => void vi.useFakeTimers({ now: new Date("2026-11-22T14:03:00Z") }));
afterEach(() => void vi.useRealTimers());

const row = (over: Partial<Draft>): Draft => ({
  id: "d",
  household_id: "h",
  note_id: null,
  body: "",
  privacy: "team",
  base_version: null,
  written_in: "elsewhere",
  turn: 1,
  version: 1,
  updated_at: "2026-11-22T14:03:00Z",
  ...over,
});

/** A server that answers as listed, then keeps whatever it is sent. */
function setUp(answers: (Problem | Promise<Draft>)[] = []) {
  const sent: (DraftWrite & { leaving: boolean })[] = [];
  const removed: string[] = [];
  const check = vi.fn();
  let stored: Draft | undefined;
  const keeper = new DraftKeeper(
    {
      write: async (draft, leaving) => {
        sent.push({ ...draft, leaving });
        const answer = answers.shift();
        if (answer instanceof Problem) throw answer;
        if (answer) return answer;
        stored = row({
          ...draft,
          note_id: draft.note_id ?? null,
          base_version: null,
          version: (stored?.version ?? 0) + 1,
        } as Partial<Draft>);
        return stored;
      },
      read: async () => row({ body: "From the train", version: 7 }),
      remove: async (id) => removed.push(id),
      check: async () => check(),
    },
    null,
    { body: "", privacy: "team", base: null },
  );
  const type = (body: string) => keeper.change({ body });
  return { keeper, sent, removed, type, check };
}

describe("ST-5 a draft", () => {
  test("is sent when the writer pauses, and every three seconds while they do not", async () => {
    const { keeper, sent, type } = setUp();
    for (let n = 0; n < 40; n += 1) {
      type("x".repeat(n + 1));
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(sent.length).toBe(1);
    await vi.advanceTimersByTimeAsync(700);
    expect(sent.map((s) => s.body.length)).toEqual([30, 40]);
    expect(sent.map((s) => s.seen ?? null)).toEqual([null, 1]);
    expect(statusLine(keeper.get().status)).toMatch(/^Draft saved \d\d:\d\d$/);
  });

  test("is sent at once when the page goes away", () => {
    const { keeper, sent, type } = setUp();
    type("Half a thou");
    void keeper.flush(true);
    expect(sent).toMatchObject([{ body: "Half a thou", leaving: true }]);
  });

  test("that could not be sent says so and is tried again, later each time", async () => {
    const down = new Problem(0);
    const { keeper, sent, type } = setUp([down, down, down]);
    type("Said on the train");
    await vi.advanceTimersByTimeAsync(700);
    expect(statusLine(keeper.get().status)).toBe("Draft not saved, will retry");
    await vi.advanceTimersByTimeAsync(2_000 + 4_000);
    expect(sent.length).toBe(3);
    await vi.advanceTimersByTimeAsync(8_000);
    expect(keeper.get().status.kind).toBe("saved");
  });

  test("of another window is shown beside this one, and neither is lost", async () => {
    const clash = () => new Problem(409, { code: "conflict" });
    const mine = setUp([clash()]);
    mine.type("From the desk");
    await vi.advanceTimersByTimeAsync(700);
    expect(mine.keeper.get().status).toMatchObject({ kind: "contested", theirs: { body: "From the train" } });
    mine.type("From the desk, later");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(mine.sent.length, "nothing is overwritten until somebody chooses").toBe(1);
    mine.keeper.keepMine();
    await vi.advanceTimersByTimeAsync(0);
    expect(mine.sent.at(-1)).toMatchObject({ body: "From the desk, later", seen: 7 });
    const theirs = setUp([clash()]);
    theirs.type("From the desk");
    await vi.advanceTimersByTimeAsync(700);
    theirs.keeper.takeTheirs();
    expect(theirs.keeper.get().body).toBe("From the train");
  });

  test("AU-7 whose writer may have left while there was no answer is sent again only after asking whose page it is", async () => {
    const { keeper, sent, type, check } = setUp([new Problem(0)]);
    type("Said on the train");
    await vi.advanceTimersByTimeAsync(700);
    expect(check).not.toHaveBeenCalled();
    check.mockImplementation(() => keeper.stop());
    await keeper.flush(true);
    await vi.advanceTimersByTimeAsync(60_000);
    type("More of it");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(check).toHaveBeenCalledTimes(1);
    expect(sent.length).toBe(1);
  });

  test("of an earlier visit is taken up, unless something has been written here already", () => {
    const fresh = setUp();
    fresh.keeper.adopt(row({ body: "Half a thought", privacy: "private" }));
    expect(fresh.keeper.get()).toMatchObject({
      body: "Half a thought",
      privacy: "private",
      restored: { id: "d" },
    });
    const busy = setUp();
    busy.type("New");
    busy.keeper.adopt(row({ body: "Half a thought" }));
    expect(busy.keeper.get()).toMatchObject({ body: "New", restored: null });
  });

  test("that is on its way is waited for before the note is saved", async () => {
    let answer = (_: Draft) => {};
    const late = new Promise<Draft>((done) => {
      answer = done;
    });
    const { keeper, type } = setUp([late]);
    type("A thought");
    await vi.advanceTimersByTimeAsync(700);
    let id: string | null | undefined;
    void keeper.settle().then((known) => {
      id = known;
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(id).toBeUndefined();
    answer(row({ body: "A thought" }));
    await vi.advanceTimersByTimeAsync(0);
    expect(id).toBe("d");
  });

  test("is whole on the server before the note is saved, so a page that goes away brings nothing back", async () => {
    const { keeper, sent, type } = setUp();
    type("Just typed");
    expect(await keeper.settle()).toBe("d");
    expect(sent.map((d) => d.body)).toEqual(["Just typed"]);
    await keeper.flush(true);
    expect(sent.length).toBe(1);
  });

  test("ST-5 that became a note while something else was written leaves that to a draft of its own", async () => {
    const { keeper, sent, type } = setUp();
    type("For the note");
    const draft = await keeper.settle();
    keeper.clear();
    type("Another thought");
    await vi.advanceTimersByTimeAsync(700);
    keeper.gone("other");
    await vi.advanceTimersByTimeAsync(700);
    expect(sent).toHaveLength(2);
    keeper.gone(draft);
    await vi.advanceTimersByTimeAsync(700);
    expect(sent.at(-1)).toMatchObject({ body: "Another thought", seen: null });
    expect(keeper.unsaved).toBe(false);
  });

  test("that is thrown away is gone here and on the server", async () => {
    const { keeper, removed } = setUp();
    keeper.adopt(row({ body: "Never mind" }));
    await keeper.discard();
    expect(removed).toEqual(["d"]);
    expect(keeper.get()).toMatchObject({ body: "", restored: null, status: { kind: "none" } });
  });
});

test("the versions of a note are read from its edits, its creation last", () => {
  const edit = (field: string | null, value: unknown, reason: string | null = null) =>
    ({ id: String(field), at: "", user_name: "Will", field, new: value, reason }) as never;
  expect(
    versionsOf([edit("body", "B", "Wrong day"), edit(null, { body: "A" })]).map((v) => [v.body, v.reason]),
  ).toEqual([
    ["B", "Wrong day"],
    ["A", null],
  ]);
});
