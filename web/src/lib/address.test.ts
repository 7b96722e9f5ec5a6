import { expect, test } from "vitest";
import { loopsSearch } from "@/features/open-loops/search";
import { tasksSearch } from "@/features/tasks/search";
import { idOf, only } from "./address";

test("a key that a page does not read is named, and says nothing, so that the router drops it", () => {
  const read = only({ tab: "notes", name: "Whitfield", __proto__: 1 }, { tab: "notes" });
  expect(Object.keys(read)).toContain("name");
  expect({ ...{ name: "Whitfield" }, ...read }).toEqual({ tab: "notes" });
});

test("only what looks like an id is one", () => {
  expect(idOf("01900000-0000-7000-8000-000000000000")).toBe("01900000-0000-7000-8000-000000000000");
  for (const other of ["", "two words", "<x>", "a".repeat(65), 7, null, ["a"]])
    expect(idOf(other)).toBeUndefined();
});

test("the lists of work read their view and whose it is, and nothing else", () => {
  expect(tasksSearch({ view: "team", who: "u-1", q: "whitfield" })).toEqual({ view: "team", who: "u-1" });
  expect(tasksSearch({ view: "my-day", who: "<x>" })).toEqual({});
  const asked = { view: "closed", who: "u-1", household: "h-1" };
  expect(loopsSearch({ ...asked, q: "whitfield" })).toEqual(asked);
  expect(loopsSearch({ household: "The Whitfields" })).toEqual({});
});
