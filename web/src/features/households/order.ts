/** The households of the list the user came from, in its order, so `[` and `]` walk it. Memory only: gone with the page. */
let ids: readonly string[] = [];

export function rememberOrder(next: readonly string[]) {
  ids = next;
}

/** The household `step` places from `id` in that list. */
export function neighbour(id: string, step: 1 | -1): string | undefined {
  const at = ids.indexOf(id);
  return at < 0 ? undefined : ids[at + step];
}
