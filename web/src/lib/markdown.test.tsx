import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import { Markdown } from "@/ui/Markdown";
import { parseMarkdown, plainText, safeHref } from "./markdown";

const html = (source: string) => render(<Markdown source={source} />).container.innerHTML;

test("paragraphs, emphasis, lists and links are formatted", () => {
  const out = html("**Review** of *May*\n\n- one\n- two\n\n1. first\n\n[form](https://example.com/f)");
  expect(out).toContain("<strong");
  expect(out).toContain("<em>May</em>");
  expect(out).toMatch(/<ul[^>]*><li>one<\/li><li>two<\/li><\/ul>/);
  expect(out).toMatch(/<ol[^>]*><li>first<\/li><\/ol>/);
  expect(out).toContain('href="https://example.com/f"');
  expect(out).toContain('rel="noopener noreferrer nofollow"');
});
test("a mention of a colleague is a chip, and plain text where there is room for one line only", () => {
  const source = "Ask @[Will **A**](user:01900000-0000-7000-8000-00000000000a), not @[x](user:nobody)";
  const { container } = render(<Markdown source={source} />);
  expect(container.querySelector("[data-mention]")?.textContent).toBe("@Will **A**");
  expect(container.textContent).toBe("Ask @Will **A**, not @[x](user:nobody)");
  expect(plainText(source)).toBe("Ask @Will **A**, not @[x](user:nobody)");
});
test.each([
  "<script>alert(1)</script>",
  '<img src=x onerror="alert(1)">',
  "<a href=javascript:alert(1)>x</a>",
  "**<iframe src=//evil></iframe>**",
  "`<svg onload=alert(1)>`",
  "> <style>*{display:none}</style>",
  "```\n<script>1</script>\n```",
])("markup in a note is only ever text: %s", (source) => {
  const { container } = render(<Markdown source={source} />);
  expect(container.querySelector("script,img,iframe,svg,style,a[href^='javascript' i]")).toBeNull();
  expect(container.textContent).toContain("<");
});
test.each([
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "java\tscript:alert(1)",
  " javascript:alert(1)",
  "data:text/html,<script>1</script>",
  "vbscript:x",
  "//evil.example",
  "/relative",
])("an address that is not http, https or mailto is not followed: %j", (address) => {
  expect(safeHref(address)).toBeNull();
  expect(html(`[x](${address.replaceAll(/\s/g, "")})`)).not.toContain("<a ");
});
test("web and mail addresses are followed", () => {
  expect(safeHref("https://example.com/a?b=c")).toBe("https://example.com/a?b=c");
  expect(safeHref("mailto:will@harborlane.example")).toBe("mailto:will@harborlane.example");
  expect(html("see https://example.com/x.")).toContain('href="https://example.com/x"');
});
test("underscores and stars inside words are left alone", () => {
  expect(html("tax_id and 2*3*4")).toContain("tax_id and 2*3*4");
});
test.each(["*", "_a", "[", "> ", "**a", "`", "[x](", "- "])(
  "the longest note made of %j alone is read",
  (mark) => {
    const source = mark.repeat(50_000 / mark.length);
    expect(parseMarkdown(source).length).toBeGreaterThan(0);
  },
);
test("the plain text of a note has no marks and a limit", () => {
  expect(plainText("# Call\n\n**James** asked:\n- fees\n- Q3")).toBe("Call James asked: fees; Q3");
  expect(plainText("x".repeat(300), 10)).toBe("xxxxxxxxxx…");
});
