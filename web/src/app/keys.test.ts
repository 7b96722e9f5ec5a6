import { renderHook } from "@testing-library/react";
import { useLayoutEffect } from "react";
import { expect, test, vi } from "vitest";
import { CHORD_MS, KEYS, KeyRouter, keyRouter, useKey } from "./keys";

function press(router: KeyRouter, key: string, over: Partial<KeyboardEvent> = {}) {
  const event = {
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    target: document.body,
    defaultPrevented: false,
  };
  return router.press({ ...event, preventDefault: vi.fn(), ...over });
}
const within = (html: string, selector: string) => {
  document.body.innerHTML = html;
  return document.querySelector(selector);
};

test("no two bindings of one group share a key, nor any two an id", () => {
  expect(new Set(KEYS.map((k) => `${k.group} ${k.keys}`)).size).toBe(KEYS.length);
  expect(new Set(KEYS.map((k) => k.id)).size).toBe(KEYS.length);
});
test("no binding hides behind the first key of a chord", () => {
  const first = new Set(KEYS.filter((k) => k.keys.includes(" ")).map((k) => k.keys.split(" ")[0]));
  expect(KEYS.filter((k) => first.has(k.keys))).toEqual([]);
});
test("a key acts only while somebody handles it", () => {
  const router = new KeyRouter();
  const act = vi.fn();
  expect(press(router, "u")).toBe(false);
  const stop = router.register("undo", act);
  expect(press(router, "u")).toBe(true);
  stop();
  expect(press(router, "u")).toBe(false);
  expect(act).toHaveBeenCalledTimes(1);
});
test("the newest handler wins and the older one returns", () => {
  const router = new KeyRouter();
  const [older, newer] = [vi.fn(), vi.fn()];
  router.register("record.note", older);
  const stop = router.register("record.note", newer);
  press(router, "n");
  stop();
  press(router, "n");
  expect([older.mock.calls.length, newer.mock.calls.length]).toEqual([1, 1]);
});
test("a chord has to be typed within its time", () => {
  let now = 0;
  const router = new KeyRouter(() => now);
  const [go, tab] = [vi.fn(), vi.fn()];
  router.register("go.tasks", go);
  router.register("list.previous", tab);
  press(router, "g");
  now = CHORD_MS;
  press(router, "k");
  expect(go).toHaveBeenCalledTimes(1);
  press(router, "g");
  now += CHORD_MS + 1;
  press(router, "k");
  expect(go).toHaveBeenCalledTimes(1);
  expect(tab).toHaveBeenCalledTimes(1);
});
test("nothing acts while the user types, or with a modifier", () => {
  const router = new KeyRouter();
  const act = vi.fn();
  router.register("record.task", act);
  for (const tag of ["<input>", "<textarea></textarea>", "<select></select>"])
    press(router, "t", { target: within(tag, "input,textarea,select") });
  press(router, "t", { ctrlKey: true });
  press(router, "t", { metaKey: true });
  press(router, "t", { isComposing: true });
  expect(act).not.toHaveBeenCalled();
  press(router, "t", { target: within("<input type=checkbox>", "input") });
  expect(act).toHaveBeenCalledTimes(1);
});
test("a key that a page uses means what the page says", () => {
  const router = new KeyRouter();
  const [why, waiting] = [vi.fn(), vi.fn()];
  router.register("why", why);
  const leave = router.register("loop.waiting", waiting);
  press(router, "w");
  leave();
  press(router, "w");
  expect([waiting.mock.calls.length, why.mock.calls.length]).toEqual([1, 1]);
});
test("in a dialog only the keys meant for it act", () => {
  const router = new KeyRouter();
  const [why, task] = [vi.fn(), vi.fn()];
  router.register("why", why);
  router.register("record.task", task);
  const inside = within("<div role=dialog><button>x</button></div>", "button");
  press(router, "t", { target: inside });
  press(router, "w", { target: inside });
  expect([task.mock.calls.length, why.mock.calls.length]).toEqual([0, 1]);
});
test("a key held with Ctrl or the command key acts while the user types, and not with both or Alt", () => {
  const router = new KeyRouter();
  const open = vi.fn();
  router.register("palette", open);
  const input = within("<div role=dialog><input></div>", "input");
  expect(press(router, "k", { ctrlKey: true, target: input })).toBe(true);
  expect(press(router, "K", { metaKey: true, target: input })).toBe(true);
  expect(press(router, "k", { ctrlKey: true, altKey: true })).toBe(false);
  expect(press(router, "k", { target: input })).toBe(false);
  expect(open).toHaveBeenCalledTimes(2);
});
test("a command for a screen that is about to open is done once that screen handles it, and not later", async () => {
  let now = 0;
  const router = new KeyRouter(() => now);
  const act = vi.fn();
  expect(router.run("create")).toBe(false);
  router.runOnceHandled("create");
  router.register("create", act)();
  await Promise.resolve();
  expect(act).toHaveBeenCalledTimes(1);
  router.runOnceHandled("create");
  now = 6000;
  router.register("create", act);
  await Promise.resolve();
  expect(act).toHaveBeenCalledTimes(1);
});

test("FE-5 a key that is pressed as soon as its screen is drawn acts on what is drawn", () => {
  const act = vi.fn();
  const { rerender } = renderHook(
    ({ row }) => {
      useKey("undo", () => act(row));
      useLayoutEffect(() => void keyRouter.run("undo"));
    },
    { initialProps: { row: "first" } },
  );
  rerender({ row: "second" });
  expect(act.mock.calls).toEqual([["first"], ["second"]]);
});
