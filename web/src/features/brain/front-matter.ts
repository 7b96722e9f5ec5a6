/** The small part of YAML that heads a brain file: `name: text`, quoted text, `[flow, lists]` and `- item` lists. */
export interface FrontMatter {
  /** Name and value in the order in which they stand there. */
  fields: [name: string, value: string][];
  /** The text below. */
  body: string;
}

const HEAD = /^---[ \t]*\r?\n(?:([\s\S]*?)\r?\n)?---[ \t]*(?:\r?\n|$)/;

/** What heads a text, apart from it. A head that is not understood, or has no end, stays part of the text. */
export function splitFrontMatter(source: string): FrontMatter {
  const head = HEAD.exec(source);
  const fields = head && readFields(head[1] ?? "");
  if (!head || !fields) return { fields: [], body: source };
  return { fields, body: source.slice(head[0].length) };
}

function readFields(head: string): FrontMatter["fields"] | null {
  const fields: FrontMatter["fields"] = [];
  for (const line of head.split(/\r?\n/)) {
    if (/^\s*(#|$)/.test(line)) continue;
    const item = /^\s*-\s+(.*)$/.exec(line);
    const field = /^([\w-]+):(?:\s+(.*))?$/.exec(line);
    const last = fields.at(-1);
    if (item && last) last[1] = [last[1], plain(item[1] ?? "")].filter(Boolean).join(", ");
    else if (field) fields.push([field[1] ?? "", plain(field[2] ?? "")]);
    else return null;
  }
  return fields;
}

/** A value as it is read: without its quotes, a list as its items. */
function plain(value: string): string {
  const text = value.trim();
  const list = /^\[(.*)\]$/.exec(text);
  if (list) return (list[1]?.match(/"[^"]*"|'[^']*'|[^,]+/g) ?? []).map(plain).filter(Boolean).join(", ");
  const quoted = /^"(.*)"$|^'(.*)'$/.exec(text);
  return quoted ? (quoted[1] ?? quoted[2] ?? "") : text;
}
