/** What changed between two texts, word by word or line by line: the longest common subsequence (Hunt and McIlroy, 1976). */
export interface Piece {
  kind: "same" | "gone" | "new";
  text: string;
}
/** Above this many pairs the middle is shown as replaced: nobody reads such a comparison piece by piece. */
const MOST_PAIRS = 4_000_000;

const words = (text: string) => text.match(/\s+|[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? [];

export const diffWords = (before: string, after: string) => diff(words(before), words(after));

/** Every line with its line end; the last may have none. */
const lines = (text: string) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** Lines that stand together and share their fate are one piece. */
export const diffLines = (before: string, after: string) => diff(lines(before), lines(after));

function diff(a: string[], b: string[]): Piece[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  const out: Piece[] = [];
  const push = (kind: Piece["kind"], text: string) => {
    const last = out.at(-1);
    if (last?.kind === kind) last.text += text;
    else if (text) out.push({ kind, text });
  };
  push("same", a.slice(0, head).join(""));
  middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail), push);
  push("same", a.slice(a.length - tail).join(""));
  return out;
}

function middle(a: string[], b: string[], push: (kind: Piece["kind"], text: string) => void) {
  if (a.length * b.length > MOST_PAIRS) {
    push("gone", a.join(""));
    push("new", b.join(""));
    return;
  }
  // length[i][j]: how much of a from i on and of b from j on can be kept.
  const width = b.length + 1;
  const length = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number) => length[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      length[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      push("same", a[i] ?? "");
      [i, j] = [i + 1, j + 1];
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) push("gone", a[i++] ?? "");
    else push("new", b[j++] ?? "");
  }
}
