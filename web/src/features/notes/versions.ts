import type { Edit } from "@/api/types";

/** The text of a note as it was left by one edit. */
export interface Version {
  id: string;
  at: string;
  by: string;
  reason: string | null;
  body: string;
}

/** The versions of a text, the newest first, from the edits of the field and the creation of its row. */
export function versionsOf(trail: readonly Edit[]): Version[] {
  return trail.map((edit) => {
    const left = edit.field === null ? (edit.new as { body?: unknown } | null)?.body : edit.new;
    return {
      id: edit.id,
      at: edit.at,
      by: edit.user_name,
      reason: edit.reason,
      body: typeof left === "string" ? left : "",
    };
  });
}
