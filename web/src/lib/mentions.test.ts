import { expect, test } from "vitest";
import { decodeMentions, encodeMentions, matching, mentionAt } from "./mentions";

const WILL = "01900000-0000-7000-8000-00000000000a";
const WILLA = "01900000-0000-7000-8000-00000000000b";

test("a mention is written as a name and stored with its id, there and back", () => {
  const stored = `Ask @[Will](user:${WILL}), not @[Will Ardent](user:${WILLA}). willing@will.example`;
  const { text, people } = decodeMentions(stored);
  expect(text).toBe("Ask @Will, not @Will Ardent. willing@will.example");
  expect(encodeMentions(text, people)).toBe(stored);
  expect(encodeMentions("@Willow and @Will", people)).toBe(`@Willow and @[Will](user:${WILL})`);
});
test("two colleagues of one name stay apart", () => {
  const stored = `@[Will](user:${WILL}) and @[Will](user:${WILLA})`;
  const { text, people } = decodeMentions(stored);
  expect(encodeMentions(text, people)).toBe(stored);
});
test.each([
  ["@", 1, ""],
  ["Ask @wi", 7, "wi"],
  ["Ask (@Will Ar", 13, "Will Ar"],
  ["will@example.com", 16, null],
  ["@Will  ", 7, null],
  ["@ now", 5, null],
  ["@wi\nnext", 8, null],
])("what is typed after an @: %j", (text, caret, typed) => {
  expect(mentionAt(text, caret)?.typed ?? null).toBe(typed);
});
test("colleagues are found by the beginning of any word of their name, accents aside", () => {
  const all = ["Will Ardent", "Élise Ware", "Priya Shah"].map((name) => ({ id: name, name }));
  expect(matching(all, "w").map((c) => c.name)).toEqual(["Will Ardent", "Élise Ware"]);
  expect(matching(all, "eli").map((c) => c.name)).toEqual(["Élise Ware"]);
  expect(matching(all, "will ardent")).toEqual([]);
});
