import { expect, test } from "vitest";
import { pageOf } from "./page";

test.each([
  ["/households/$id", "/households/$id"],
  ["/tasks/", "/tasks"],
  ["/", "/"],
  [undefined, "/"],
  ["/households/01900000-0000-7000-8000-00000000000a", "/"],
  ["/households?q=Whitfield", "/"],
])("MO-4 feedback names the kind of page and no row: %s", (pattern, page) => {
  expect(pageOf(pattern)).toBe(page);
});
