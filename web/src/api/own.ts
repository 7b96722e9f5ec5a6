/** Which requests this page made itself, so that their echo in the stream is known. In memory alone. */
const MOST = 200;
const own = new Set<string>();

export function rememberOwn(request: string) {
  own.add(request);
  for (const oldest of own) {
    if (own.size <= MOST) break;
    own.delete(oldest);
  }
}

export const isOwn = (request: string | null) => request !== null && own.has(request);
