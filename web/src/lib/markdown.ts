/**
 * A small Markdown reader for notes. It answers a tree, never HTML, so whatever a note holds can only ever become text:
 * tags in a note are shown as typed. Links keep their address only when it is http, https or mailto.
 */
export type Inline =
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "strong" | "em" | "strike"; children: Inline[] }
  | { kind: "link"; href: string; children: Inline[] }
  | { kind: "mention"; id: string; name: string }
  | { kind: "break" };
export type Block =
  | { kind: "paragraph"; children: Inline[] }
  | { kind: "heading"; level: number; children: Inline[] }
  | { kind: "list"; ordered: boolean; items: Inline[][] }
  | { kind: "quote"; children: Block[] }
  | { kind: "code"; text: string }
  | { kind: "rule" };

/** Notes nest quotes by hand; deeper than this is text. */
const MAX_DEPTH = 6;
const LIST_ITEM = /^\s{0,3}(?:([-*+])|(\d{1,9})[.)])\s+(.*)$/;

/** The address of a link, or null where it is not one we follow. */
export function safeHref(raw: string): string | null {
  // Browsers ignore control characters and spaces inside a scheme, so they must not hide one from us.
  const address = Array.from(raw)
    .filter((c) => c > " " && c !== "\u007f")
    .join("");
  return /^(https?:\/\/|mailto:)/i.test(address) ? address : null;
}

export function parseMarkdown(source: string): Block[] {
  return parseBlocks(source.replace(/\r\n?/g, "\n").split("\n"), 0);
}

function parseBlocks(lines: string[], depth: number): Block[] {
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    if ((lines[at] ?? "").trim() === "") {
      at += 1;
      continue;
    }
    const [block, next] = readBlock(lines, at, depth);
    blocks.push(block);
    at = next;
  }
  return blocks;
}

function readBlock(lines: string[], at: number, depth: number): [Block, number] {
  const line = lines[at] ?? "";
  if (line.startsWith("```")) return readCode(lines, at);
  const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
  if (heading)
    return [
      { kind: "heading", level: heading[1]?.length ?? 1, children: parseInline(heading[2] ?? "") },
      at + 1,
    ];
  if (/^\s{0,3}([-*_])(\s*\1){2,}\s*$/.test(line)) return [{ kind: "rule" }, at + 1];
  if (/^\s{0,3}>/.test(line) && depth < MAX_DEPTH) return readQuote(lines, at, depth);
  if (LIST_ITEM.test(line)) return readList(lines, at);
  return readParagraph(lines, at);
}

function readCode(lines: string[], at: number): [Block, number] {
  let end = at + 1;
  while (end < lines.length && !(lines[end] ?? "").startsWith("```")) end += 1;
  return [{ kind: "code", text: lines.slice(at + 1, end).join("\n") }, end + 1];
}

function readQuote(lines: string[], at: number, depth: number): [Block, number] {
  let end = at;
  while (end < lines.length && /^\s{0,3}>/.test(lines[end] ?? "")) end += 1;
  const inner = lines.slice(at, end).map((l) => l.replace(/^\s{0,3}>\s?/, ""));
  return [{ kind: "quote", children: parseBlocks(inner, depth + 1) }, end];
}

function readList(lines: string[], at: number): [Block, number] {
  const ordered = LIST_ITEM.exec(lines[at] ?? "")?.[2] !== undefined;
  const items: string[] = [];
  let end = at;
  for (; end < lines.length; end += 1) {
    const line = lines[end] ?? "";
    const item = LIST_ITEM.exec(line);
    if (item && (item[2] !== undefined) === ordered) items.push(item[3] ?? "");
    else if (!item && line.trim() !== "" && /^\s{2,}/.test(line))
      items.push(`${items.pop()}\n${line.trim()}`);
    else break;
  }
  return [{ kind: "list", ordered, items: items.map(parseInline) }, end];
}

function readParagraph(lines: string[], at: number): [Block, number] {
  let end = at + 1;
  const starts = /^(#{1,6}\s|```|\s{0,3}>)/;
  while (end < lines.length) {
    const line = lines[end] ?? "";
    if (line.trim() === "" || starts.test(line) || LIST_ITEM.test(line)) break;
    end += 1;
  }
  return [{ kind: "paragraph", children: parseInline(lines.slice(at, end).join("\n")) }, end];
}

const INLINE =
  /\\([\\`*_~[\]()#>+\-.!])|`([^`\n]+)`|\*\*(\S(?:[\s\S]*?\S)??)\*\*|~~(\S(?:[\s\S]*?\S)??)~~|(?<![\w*])[*_](\S(?:[^*_]*?\S)??)[*_](?![\w*])|\[([^\][\n]{1,300})\]\(([^()\s]{1,2000})\)|(https?:\/\/[^\s<>()]+[^\s<>().,;:!?'"])|(\n)|@\[([^[\]\n]{1,200})\]\(user:([0-9a-f-]{36})\)/;

function parseInline(source: string): Inline[] {
  const out: Inline[] = [];
  let rest = source;
  while (rest) {
    const match = INLINE.exec(rest);
    if (!match) break;
    if (match.index > 0) pushText(out, rest.slice(0, match.index));
    pushInline(out, match);
    rest = rest.slice(match.index + match[0].length);
  }
  if (rest) pushText(out, rest);
  return out;
}

function pushText(out: Inline[], text: string) {
  const last = out.at(-1);
  if (last?.kind === "text") last.text += text;
  else out.push({ kind: "text", text });
}

function pushInline(out: Inline[], match: RegExpExecArray) {
  const [whole, escaped, code, strong, strike, em, linkText, linkTo, bare, newline, name, userId] = match;
  if (escaped !== undefined) return pushText(out, escaped);
  if (code !== undefined) return void out.push({ kind: "code", text: code });
  if (strong !== undefined) return void out.push({ kind: "strong", children: parseInline(strong) });
  if (strike !== undefined) return void out.push({ kind: "strike", children: parseInline(strike) });
  if (em !== undefined) return void out.push({ kind: "em", children: parseInline(em) });
  if (newline !== undefined) return void out.push({ kind: "break" });
  if (name !== undefined && userId !== undefined) return void out.push({ kind: "mention", id: userId, name });
  const href = safeHref(linkTo ?? bare ?? "");
  if (href === null) return pushText(out, whole);
  out.push({ kind: "link", href, children: [{ kind: "text", text: linkText ?? whole }] });
}

/** The first words of a note without its marks, for one-line lists. */
export function plainText(source: string, limit = 160) {
  const text = parseMarkdown(source).map(blockText).join(" ").replace(/\s+/g, " ").trim();
  return text.length > limit ? `${text.slice(0, limit).trimEnd()}…` : text;
}
function blockText(block: Block): string {
  if (block.kind === "list") return block.items.map(inlineText).join("; ");
  if (block.kind === "quote") return block.children.map(blockText).join(" ");
  if (block.kind === "code") return block.text;
  return block.kind === "rule" ? "" : inlineText(block.children);
}
function inlineText(nodes: Inline[]): string {
  return nodes
    .map((n) => {
      if (n.kind === "break") return " ";
      if (n.kind === "mention") return `@${n.name}`;
      return "children" in n ? inlineText(n.children) : n.text;
    })
    .join("");
}
