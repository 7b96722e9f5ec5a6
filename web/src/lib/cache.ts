/**
 * Replaces rows inside whatever shape a cached answer has. A record nests its rows (a member holds a person, an account
 * holds its owners), so the row is looked for by id wherever it is. Parts without it are kept as they are.
 */
export function patchRow<T>(cached: T, id: string, fields: object): T {
  return walk(cached, id, fields) as T;
}

function walk(node: unknown, id: string, fields: object): unknown {
  if (Array.isArray(node)) {
    const next = node.map((item) => walk(item, id, fields));
    return next.every((item, i) => item === node[i]) ? node : next;
  }
  if (typeof node !== "object" || node === null) return node;
  const row = node as Record<string, unknown>;
  let next: Record<string, unknown> = row;
  for (const [key, value] of Object.entries(row)) {
    if (typeof value !== "object" || value === null) continue;
    const changed = walk(value, id, fields);
    if (changed !== value) next = { ...next, [key]: changed };
  }
  return row.id === id ? { ...next, ...fields } : next;
}

/** What cached answers, of whatever shape, say of the row with `id`; of two answers the earlier one is believed. */
export function valuesIn(cached: unknown, id: string): Record<string, unknown> {
  if (typeof cached !== "object" || cached === null) return {};
  const inside = Object.values(cached).map((value) => valuesIn(value, id));
  return Object.assign({}, ...inside.reverse(), (cached as { id?: unknown }).id === id ? cached : {});
}

/** Takes the row with `id` out of every list it is in. */
export function dropRow<T>(cached: T, id: string): T {
  return drop(cached, id) as T;
}

function drop(node: unknown, id: string): unknown {
  if (Array.isArray(node)) {
    const kept = node.filter((item) => !isRow(item, id)).map((item) => drop(item, id));
    return kept.length === node.length && kept.every((item, i) => item === node[i]) ? node : kept;
  }
  if (typeof node !== "object" || node === null) return node;
  let next = node as Record<string, unknown>;
  for (const [key, value] of Object.entries(next)) {
    const changed = drop(value, id);
    if (changed !== value) next = { ...next, [key]: changed };
  }
  return next;
}

/** A member of a household is shown under its person, but it is the membership or the person that is removed. */
function isRow(item: unknown, id: string) {
  if (typeof item !== "object" || item === null) return false;
  const row = item as { id?: string; membership?: { id?: string }; person?: { id?: string } };
  return row.id === id || row.membership?.id === id || row.person?.id === id;
}
