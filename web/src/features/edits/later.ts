import { Problem } from "@/api/problem";
import type { KeptCreation } from "./waiting-list";

/** Whether it may have been done, and is worth sending again. */
export const unanswered = (error: unknown) => error instanceof Problem && error.isUnanswered;

/** A thing that somebody wrote down. `names` says what it belongs to, where the screen does not know that itself. */
export type NewThing = Omit<KeptCreation, "names"> & { names?: string[] };

/** Keeps what found no server, to be sent once there is one; a refusal is thrown on. */
export async function keepUnanswered(error: unknown, one: NewThing) {
  if (!unanswered(error)) throw error;
  // It came with the shell: without a connection nothing more can be loaded.
  const { keepNew } = await import("./waiting");
  keepNew(one);
}
