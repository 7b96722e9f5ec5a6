/**
 * What a page reads from its address, and nothing beside it. The router keeps every key that the address has and that is not
 * named here, and carries it on to the next address; so each of those is named, and says nothing.
 */
export function only<T extends object>(raw: Record<string, unknown>, read: T): T {
  const nothing = Object.fromEntries(Object.keys(raw).map((key) => [key, undefined]));
  return { ...nothing, ...read };
}

/** An id as it stands in an address. Never a name: addresses end up in logs and histories. */
export const idOf = (value: unknown) =>
  typeof value === "string" && /^[\w-]{1,64}$/.test(value) ? value : undefined;
