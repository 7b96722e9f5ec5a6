/** What a server answers in a test, and when. */
import { HttpResponse } from "msw";

/** Something that a test holds back until it has seen what it looks for. */
export function gate() {
  let open = () => {};
  const passed = new Promise<void>((done) => {
    open = done;
  });
  return { passed, open: () => open() };
}

/** Where it gives none, the stand-in does. */
export type Answer = () => Response | undefined | Promise<Response>;
/** A connection that breaks. */
export const lost: Answer = () => HttpResponse.error();
/** One that breaks for as long as a test looks: what waits is tried again after two seconds. */
export const LOST = Array<Answer>(20).fill(lost);
