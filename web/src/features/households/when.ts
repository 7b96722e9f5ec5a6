import type { Note } from "@/api/types";

/** The moment that a note tells of. */
export const when = (note: Note) => note.occurred_at ?? note.created_at;
