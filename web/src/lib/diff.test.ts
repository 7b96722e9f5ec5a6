import { expect, test } from "vitest";
import { diffLines, diffWords, type Piece } from "./diff";

const marked = (pieces: Piece[]) =>
  pieces
    .map((p) => (p.kind === "same" ? p.text : p.kind === "gone" ? `[-${p.text}-]` : `{+${p.text}+}`))
    .join("");

test.each([
  ["same", "same", "same"],
  ["", "new words", "{+new words+}"],
  ["old words", "", "[-old words-]"],
  ["Met on Monday, 3 pm", "Met on Friday, 4 pm", "Met on [-Monday-]{+Friday+}, [-3-]{+4+} pm"],
  ["a b c", "a c", "a [-b -]c"],
  ["réunion à Zürich", "réunion à Genève", "réunion à [-Zürich-]{+Genève+}"],
])("%j to %j", (before, after, shown) => {
  expect(marked(diffWords(before, after))).toBe(shown);
});
test("both texts can be read out of a comparison, however long", () => {
  const before = Array.from({ length: 9_000 }, (_, i) => `w${i % 97}`).join(" ");
  const after = Array.from({ length: 9_000 }, (_, i) => `w${i % 89}`).join(" ");
  const pieces = diffWords(before, after);
  const side = (other: Piece["kind"]) =>
    pieces
      .filter((p) => p.kind !== other)
      .map((p) => p.text)
      .join("");
  expect(side("new")).toBe(before);
  expect(side("gone")).toBe(after);
});
test.each([
  ["a\nb\nc\n", "a\nx\nc\n", "a\n[-b\n-]{+x\n+}c\n"],
  ["a\n", "a\nb", "a\n{+b+}"],
  ["a", "a\nb\n", "[-a-]{+a\nb\n+}"],
  ["\n\na", "\na", "\n[-\n-]a"],
])("%j to %j by lines", (before, after, shown) => {
  expect(marked(diffLines(before, after))).toBe(shown);
});
