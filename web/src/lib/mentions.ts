/**
 * Mentions of colleagues. A note stores `@[Name](user:ID)`; while it is being written it reads `@Name`, and the ids are kept
 * beside the text.
 */
const TOKEN = /@\[([^[\]\n]{1,200})\]\(user:([0-9a-f-]{36})\)/g;

/** Names in the text to the colleagues that they mean. */
export type People = ReadonlyMap<string, string>;

export interface Colleague {
  id: string;
  name: string;
}

/** The text as it is written, and whom its mentions mean. */
export function decodeMentions(body: string): { text: string; people: Map<string, string> } {
  const people = new Map<string, string>();
  const text = body.replace(TOKEN, (token, name: string, id: string) => {
    // Two colleagues of one name: the second stays as it is stored, so that it still means them.
    if ((people.get(name) ?? id) !== id) return token;
    people.set(name, id);
    return `@${name}`;
  });
  return { text, people };
}

/** The text as it is stored. */
export function encodeMentions(text: string, people: People): string {
  const names = [...people.keys()].sort((a, b) => b.length - a.length);
  if (names.length === 0) return text;
  const known = new RegExp(`@(${names.map(escaped).join("|")})(?![\\p{L}\\p{N}])`, "gu");
  return text.replace(known, (_, name: string) => `@[${name}](user:${people.get(name)})`);
}

const escaped = (name: string) => name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
const folded = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** What is being typed after an `@` before the caret; null when it is no mention. */
export function mentionAt(text: string, caret: number): { from: number; typed: string } | null {
  const match = /(?:^|[\s(])@([^@\n]{0,40})$/.exec(text.slice(0, caret));
  const typed = match?.[1];
  if (typed === undefined || typed.startsWith(" ") || typed.endsWith("  ")) return null;
  return { from: caret - typed.length - 1, typed };
}

const MOST = 6;

/** The colleagues who may be meant: a word of the name begins with what is typed. */
export function matching<C extends Colleague>(colleagues: readonly C[], typed: string): C[] {
  const wanted = folded(typed.trim());
  const hits = colleagues.filter(({ name }) => {
    const whole = folded(name);
    return whole.startsWith(wanted) || whole.split(/\s+/).some((word) => word.startsWith(wanted));
  });
  // Once the whole name stands there, there is nothing left to choose.
  if (hits.length === 1 && folded(hits[0]?.name ?? "") === wanted) return [];
  return hits.slice(0, MOST);
}
