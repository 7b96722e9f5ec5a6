import { expect, test } from "vitest";
import { target } from "./order";

const LIST = ["a", "b", "c"];

test("the walk goes to the household before and after, and past the last loaded one", () => {
  expect(target(LIST, "b", 1, 1)).toBe(2);
  expect(target(LIST, "b", -1, 1)).toBe(0);
  expect(target(LIST, "a", -1, 0)).toBe(-1);
  expect(target(LIST, "c", 1, 2)).toBe(3);
});
test("a household that has left the list is followed by the one that took its place", () => {
  expect(target(["a", "c"], "b", 1, 1)).toBe(1);
  expect(target(["a", "c"], "b", -1, 1)).toBe(0);
});
test("a household that was never in the list has no neighbours", () => {
  expect(target(LIST, "x", 1, -1)).toBe(-1);
});
