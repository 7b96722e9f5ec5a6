import { expect, test } from "vitest";
import { splitFrontMatter } from "./front-matter";

test("BR-8 what heads a file is read apart from its text", () => {
  const source = [
    "---",
    "slug: fennimore",
    'name: "Pascal Fennimore"',
    'phones: ["+15205550115", +15205550116]',
    "# a comment",
    "tags:",
    "  - sailing",
    "  - 'golf, at times'",
    "---",
    "# Pascal",
    "",
    "---",
    "Below a rule",
  ].join("\n");
  expect(splitFrontMatter(source)).toEqual({
    fields: [
      ["slug", "fennimore"],
      ["name", "Pascal Fennimore"],
      ["phones", "+15205550115, +15205550116"],
      ["tags", "sailing, golf, at times"],
    ],
    body: "# Pascal\n\n---\nBelow a rule",
  });
  expect(splitFrontMatter("---\r\na: b\r\n---\r\nText")).toEqual({ fields: [["a", "b"]], body: "Text" });
  expect(splitFrontMatter("---\n---\nText").body).toBe("Text");
  expect(splitFrontMatter("---\na: b\n---")).toEqual({ fields: [["a", "b"]], body: "" });
});
test.each([
  ["no head", "# Facts\n\n---\n"],
  ["a head without an end", "---\nname: x\n# Facts"],
  ["a rule and text", "---\nThey said: nothing more.\nAnd left\n---\n"],
  ["nothing", ""],
])("BR-8 %s stays part of the text", (_, source) => {
  expect(splitFrontMatter(source)).toEqual({ fields: [], body: source });
});
