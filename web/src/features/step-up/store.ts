/**
 * Some things the server does only for somebody who has just proved who they are (AU-7). The request is refused, the person
 * is asked, and the same request goes out again: what was typed stays where it is.
 */
import { asProblem } from "@/api/problem";

/** A confirmation that the person has not given or refused yet. */
interface Asked {
  resolve: () => void;
  reject: (reason: unknown) => void;
}
let asked: Asked | null = null;
const listeners = new Set<() => void>();

function set(next: Asked | null) {
  asked = next;
  for (const listener of listeners) listener();
}

export const stepUpStore = {
  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  isAsking: () => asked !== null,
  /** The person has proved who they are. */
  done() {
    asked?.resolve();
    set(null);
  },
  /** The person would rather not. */
  cancel(reason: unknown) {
    asked?.reject(reason);
    set(null);
  },
};

/** Does `run`; where the server wants to know first that it is really them, asks the person and does it again. */
export async function confirmed<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (asProblem(error).code !== "step_up") throw error;
    // One question at a time: whoever waits is answered by the same confirmation.
    await new Promise<void>((resolve, reject) => {
      const before = asked;
      set({
        resolve: () => {
          before?.resolve();
          resolve();
        },
        reject: (reason) => {
          before?.reject(reason);
          reject(error);
        },
      });
    });
    return run();
  }
}
