/** One line, trimmed, of at most `longest` characters; nothing when that leaves nothing. */
export function line(text: string | undefined, longest: number): string | undefined {
  if (!text) return undefined;
  // Control characters and what only steers the direction of text are no part of a name.
  const clean = text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\u0000-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return clean === "" ? undefined : [...clean].slice(0, longest).join("").trim();
}
