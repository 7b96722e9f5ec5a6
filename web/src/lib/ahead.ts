/** Loads parts of the app before somebody asks for them; what cannot be loaded now is asked for again by whoever needs it. */
export function ahead(...parts: readonly (() => Promise<unknown>)[]) {
  for (const load of parts) load().catch(() => undefined);
}
