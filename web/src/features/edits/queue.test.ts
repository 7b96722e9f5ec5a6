import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Problem } from "@/api/problem";
import { SendQueue } from "./queue";
import { type Change, type Creation, type Sendable, WaitingList } from "./waiting-list";

beforeEach(() => vi.useFakeTimers());
const queues: SendQueue<Sendable>[] = [];
afterEach(() => {
  for (const queue of queues.splice(0)) queue.clear();
  vi.useRealTimers();
});

const NOBODY = new Problem(0);
const conflict = (field: string, yours: unknown, theirs: unknown, current_version: number) =>
  new Problem(409, {
    conflicts: [
      { field, yours, theirs, changed_by: "Matt", changed_at: "2026-11-24T10:00:00Z", edit_id: "e" },
    ],
    current_version,
  });

/** A queue before a server whose answers the test gives one after another; after the last it takes everything. */
function before(...answers: (number | Problem)[]) {
  const list = new WaitingList<Sendable>();
  const sent: Sendable[] = [];
  const effects = {
    send: vi.fn(async (one: Sendable) => {
      sent.push({ ...one });
      const answer = answers.shift() ?? ("version" in one ? one.version + 1 : 1);
      if (answer instanceof Problem) throw answer;
      return { version: answer };
    }),
    saved: vi.fn(),
    withdrawn: vi.fn(),
    retract: vi.fn(async (_: Sendable) => {}),
    done: vi.fn(),
  };
  const queue = new SendQueue(list, effects);
  queues.push(queue);
  return { queue, list, sent, effects };
}
let made = 0;
const change = (id: string, fields: object, version = 1): Change => ({
  key: `key-${++made}`,
  noun: "households",
  id,
  version,
  fields: { ...fields },
});
const creation = (words: string): Creation => ({
  key: `key-${++made}`,
  noun: "tasks",
  address: "/api/tasks/quick-add",
  body: { text: words },
});
const states = (list: WaitingList<Sendable>) => list.all().map((e) => e.state);

test("what waits is sent in the order in which it was made, and told of once", async () => {
  const { queue, list, sent, effects } = before();
  const three = [change("a", { stage: "x" }), change("b", { stage: "y" }), change("a", { tier: "z" })];
  for (const one of three) queue.add(one);
  expect(states(list)).toEqual(["waiting", "waiting", "waiting"]);
  await queue.flush();
  expect(sent.map((c) => c.key)).toEqual(three.map((c) => c.key));
  expect(list.all()).toEqual([]);
  expect(effects.done).toHaveBeenCalledTimes(1);
  expect(effects.withdrawn).not.toHaveBeenCalled();
});

test("without an answer it is tried again, less and less often, and at once when the connection is back", async () => {
  const { queue, list, sent } = before(...Array.from({ length: 9 }, () => NOBODY));
  queue.add(change("a", { stage: "x" }));
  const at: number[] = [];
  const start = Date.now();
  for (let seconds = 0; seconds < 200; seconds += 1) {
    const had = sent.length;
    await vi.advanceTimersByTimeAsync(1000);
    if (sent.length > had) at.push((Date.now() - start) / 1000);
  }
  expect(at).toEqual([2, 6, 14, 30, 62, 122, 182]);
  window.dispatchEvent(new Event("online"));
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toHaveLength(8);
  await vi.advanceTimersByTimeAsync(2_000);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(list.all()).toEqual([]);
  expect(new Set(sent.map((c) => c.key)).size).toBe(1);
});

test.each([0, 401, 408, 429, 503])("an answer of %i is none: the change stays", async (status) => {
  const { queue, list, effects } = before(new Problem(status));
  queue.add(change("a", { stage: "x" }));
  await queue.flush();
  expect(states(list)).toEqual(["waiting"]);
  expect(effects.withdrawn).not.toHaveBeenCalled();
});

test("a conflict holds back what comes after it in the same field alone, and mine goes on top of theirs", async () => {
  const { queue, list, sent, effects } = before(conflict("stage", "x", "theirs", 5), 2, 6, 7);
  const made = [
    change("a", { stage: "x" }),
    change("b", { stage: "y" }),
    change("a", { stage: "z" }),
    change("a", { tier: "A" }),
  ] as const;
  for (const one of made) queue.add(one);
  const [first, other, again, beside] = made;
  await queue.flush();
  expect(list.all().map((e) => [e.key, e.state])).toEqual([
    [first.key, "conflict"],
    [again.key, "waiting"],
  ]);
  expect(effects.withdrawn).toHaveBeenCalledTimes(1);
  queue.settle(first.key, { version: 5, fields: first.fields });
  await vi.advanceTimersByTimeAsync(0);
  expect(sent.map((c) => [c.key, "version" in c && c.version])).toEqual([
    [first.key, 1],
    [other.key, 1],
    [beside.key, 1],
    [first.key, 5],
    [again.key, 7],
  ]);
  expect(list.all()).toEqual([]);
});

test("theirs leaves nothing to send, and lets what comes after it go on", async () => {
  const { queue, list, sent } = before(conflict("stage", "x", "theirs", 5));
  const [first, second] = [change("a", { stage: "x" }), change("a", { stage: "y" })];
  queue.add(first);
  queue.add(second);
  await queue.flush();
  queue.settle(first.key, null);
  await vi.advanceTimersByTimeAsync(0);
  expect(sent.map((c) => c.key)).toEqual([first.key, second.key]);
  expect(list.all()).toEqual([]);
});

test("what the server refuses stays to be seen until it is dropped", async () => {
  const { queue, list, effects } = before(new Problem(422, { detail: "too long", request_id: "r-1" }));
  const one = change("a", { stage: "x" });
  queue.add(one);
  await queue.flush();
  expect(list.all()[0]).toMatchObject({ state: "refused", problem: { requestId: "r-1" } });
  expect(effects.withdrawn).toHaveBeenCalledTimes(1);
  expect(queue.drop(one.key)).toBe(true);
  expect(effects.withdrawn).toHaveBeenCalledTimes(1);
  expect(queue.drop(one.key)).toBe(false);
});

test("a dropped change is taken back and never sent; one on its way cannot be", async () => {
  const { queue, list, sent, effects } = before();
  const [one, two] = [change("a", { stage: "x" }), change("b", { stage: "y" })];
  queue.add(one);
  queue.add(two);
  const going = queue.flush();
  expect(queue.drop(one.key)).toBe(false);
  expect(queue.drop(two.key)).toBe(true);
  await going;
  expect(sent.map((c) => c.key)).toEqual([one.key]);
  expect(effects.withdrawn).toHaveBeenCalledWith(expect.objectContaining({ key: two.key }));
  expect(list.all()).toEqual([]);
});

test("ST-5 what is new goes out in its turn, once for each key, and holds nothing back", async () => {
  const { queue, list, sent } = before(NOBODY, 1, conflict("stage", "x", "theirs", 5), 1, 2);
  const things = [creation("one"), change("a", { stage: "x" }), creation("two"), change("b", { stage: "y" })];
  for (const one of things) queue.add(one);
  await queue.flush();
  expect(states(list)).toEqual(["waiting", "waiting", "waiting", "waiting"]);
  await queue.flush();
  expect(sent.map((one) => one.key)).toEqual([things[0], ...things].map((one) => one?.key));
  expect(list.all().map((one) => [one.key, one.state])).toEqual([[things[1]?.key, "conflict"]]);
});

test("ST-5 what is new and refused keeps every word until it is given up, and is not sent again", async () => {
  const { queue, list, sent } = before(new Problem(422, { detail: "holds a name that may mean several" }));
  const one = creation("call @sam about the trust");
  queue.add(one);
  await queue.flush();
  await queue.flush();
  expect(sent).toHaveLength(1);
  expect(list.all()).toMatchObject([{ ...one, state: "refused" }]);
  expect(queue.lost()).toBe("1 change is");
  expect(queue.drop(one.key)).toBe(true);
  expect(list.all()).toEqual([]);
});

test("ST-5 what is new and dropped may have been made: once the server answers it is taken back, and not sent", async () => {
  const { queue, list, sent, effects } = before(NOBODY, 1);
  const [one, two] = [creation("one"), creation("two")];
  queue.add(one);
  queue.add(two);
  await queue.flush();
  effects.retract.mockRejectedValueOnce(NOBODY);
  expect(queue.drop(one.key)).toBe(true);
  await vi.advanceTimersByTimeAsync(0);
  expect(states(list)).toEqual(["dropped", "waiting"]);
  expect([queue.lost(), queue.drop(one.key)]).toEqual(["1 change is", false]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(effects.retract.mock.calls.map(([it]) => it.key)).toEqual([one.key, one.key]);
  expect(sent.map((it) => it.key)).toEqual([one.key, two.key]);
  expect(list.all()).toEqual([]);
});

test.each([404, 409])("ST-5 an answer of %i ends the taking back of what was dropped", async (status) => {
  const { queue, list, effects } = before();
  const one = creation("one");
  queue.add(one);
  effects.retract.mockRejectedValueOnce(new Problem(status));
  queue.drop(one.key);
  expect(queue.lost()).toBeNull();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(effects.retract).toHaveBeenCalledTimes(1);
  expect(list.all()).toEqual([]);
});

test("AU-7 a queue that is emptied while something is on its way tells nobody what became of it", async () => {
  const { queue, list, effects } = before(1, conflict("stage", "x", "theirs", 5));
  for (const one of [creation("one"), change("a", { stage: "x" })]) {
    queue.add(one);
    const going = queue.flush();
    queue.clear();
    await going;
  }
  expect(list.all()).toEqual([]);
  for (const told of [effects.saved, effects.withdrawn, effects.done]) expect(told).not.toHaveBeenCalled();
});

test("ST-5 nothing follows what is new: a later change keeps the version that its maker saw", async () => {
  const { queue, sent } = before(7);
  queue.add(creation("one"));
  queue.add(change("a", { stage: "x" }, 3));
  await queue.flush();
  expect(sent[1]).toMatchObject({ id: "a", version: 3 });
});

test("the page asks before it goes for as long as something waits, and no longer", async () => {
  const { queue } = before();
  const asks = () => !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  expect(asks()).toBe(false);
  queue.add(change("a", { stage: "x" }));
  expect(asks()).toBe(true);
  expect(queue.lost()).toBe("1 change is");
  await queue.flush();
  expect(asks()).toBe(false);
  expect(queue.lost()).toBeNull();
});

/** Numbers that look like chance and are the same in every run. */
function chance(seed: number) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

/** Rows as the server keeps them: a field that moved since the version that was seen contradicts, unless it is the same. */
class Rows {
  readonly rows = new Map<string, { version: number; fields: Map<string, { value: unknown; at: number }> }>();
  readonly history: string[] = [];
  readonly conflicts: string[] = [];
  /** What was made, by the key that named it. */
  readonly lines = new Map<string, unknown>();

  post({ key, body }: Creation) {
    if (!this.lines.has(key)) this.lines.set(key, body.text);
    return { version: 1 };
  }

  patch({ id, version, fields }: Change) {
    const row = this.rows.get(id) ?? { version: 1, fields: new Map() };
    this.rows.set(id, row);
    const moved = Object.entries(fields).filter(([f, v]) => {
      const now = row.fields.get(f);
      return now !== undefined && now.at > version && now.value !== v;
    });
    if (moved.length > 0) {
      this.conflicts.push(id);
      throw conflict(moved[0]?.[0] ?? "", null, null, row.version);
    }
    row.version += 1;
    for (const [field, value] of Object.entries(fields)) {
      if (row.fields.get(field)?.value === value) continue;
      row.fields.set(field, { value, at: row.version });
      this.history.push(`${id}.${field}=${value}`);
    }
    return { version: row.version };
  }
}

test.each(Array.from({ length: 40 }, (_, seed) => seed))(
  "whatever gets lost on the way, nothing is lost, doubled or out of order (%i)",
  async (seed) => {
    const random = chance(seed);
    const server = new Rows();
    const list = new WaitingList<Sendable>();
    // What the screen has: it hears of a version when the server's answer arrives.
    const seen = new Map<string, number>();
    const queue = new SendQueue(list, {
      send: async (one) => {
        if (random() < 0.3) throw NOBODY;
        const row = "address" in one ? server.post(one) : server.patch(one);
        // It arrived, and its answer did not.
        if (random() < 0.3) throw NOBODY;
        return row;
      },
      saved: (one, { version }) => void ("id" in one && seen.set(one.id, version)),
      withdrawn: () => undefined,
      retract: async () => undefined,
      done: () => undefined,
    });
    const wanted: string[] = [];
    const jotted: string[] = [];
    for (let n = 0; n < 25; n += 1) {
      if (random() < 0.3) {
        queue.add(creation(`line ${n}`));
        jotted.push(`line ${n}`);
      }
      const [id, field] = [
        `row${Math.floor(random() * 3)}`,
        ["stage", "tier"][Math.floor(random() * 2)] ?? "",
      ];
      queue.add(change(id, { [field]: n }, seen.get(id)));
      wanted.push(`${id}.${field}=${n}`);
      if (random() < 0.3) await vi.advanceTimersByTimeAsync(random() * 5_000);
    }
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(list.all()).toEqual([]);
    expect(server.conflicts).toEqual([]);
    expect([...server.lines.values()]).toEqual(jotted);
    const of = (all: string[], id: string) => all.filter((line) => line.startsWith(id));
    for (const id of ["row0", "row1", "row2"]) expect(of(server.history, id)).toEqual(of(wanted, id));
  },
);
