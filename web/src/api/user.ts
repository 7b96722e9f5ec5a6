/**
 * Who is signed in, as the server last said. A browser may change hands in another tab: what somebody wrote on this page is theirs,
 * and is neither shown nor sent for whoever signs in after them.
 */
let known: string | null = null;
const listeners = new Set<() => void>();

/** Whose page this is: the user who is signed in, or was before the session ended. */
export const pageUser = () => known;

/** Calls `listener` as soon as the server names another user than before, with nothing of theirs on screen yet. */
export function onAnotherUser(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The server says who is signed in. */
export function hearOf(userId: string) {
  const another = known !== null && known !== userId;
  known = userId;
  if (another) for (const listener of listeners) listener();
}
