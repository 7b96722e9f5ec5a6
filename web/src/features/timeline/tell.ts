/** Edits in words. */
import type { Edit } from "@/api/types";
import {
  createdValues,
  entityLabel,
  fieldLabel,
  formatValue,
  isNothing,
  type NameOf,
} from "@/features/edits";
import { plainText } from "@/lib/markdown";
import { plural } from "@/lib/words";
import type { Burst } from "./bursts";

/** The text of the note that the edit made; null for any other edit. */
export function noteBody(edit: Edit): string | null {
  if (edit.entity !== "notes" || edit.op !== "create") return null;
  const body = (edit.new as { body?: unknown } | null)?.body;
  return typeof body === "string" ? body : null;
}

export function summary(burst: Burst, nameOf: NameOf): string {
  const [first] = burst.edits;
  if (!first) return "";
  if (burst.edits.length === 1) return tell(first, nameOf);
  // A reason that all of them share says it better than a list of what was touched.
  const reason = first.reason && burst.edits.every((e) => e.reason === first.reason) ? first.reason : null;
  if (reason) return reason;
  const entities = [...new Set(burst.edits.map((e) => entityLabel(e.entity).toLowerCase()))];
  const what = entities.length > 3 ? `${entities.slice(0, 3).join(", ")} and more` : entities.join(", ");
  return `${plural(burst.edits.length, "change")}: ${what}`;
}

/** One edit as a sentence. */
export function tell(edit: Edit, nameOf: NameOf): string {
  const thing = entityLabel(edit.entity);
  const name = nameOfThing(edit, nameOf);
  const named = name ? `${thing} “${name}”` : thing;
  if (edit.op === "create") {
    const body = noteBody(edit);
    return body !== null ? plainText(body) || "An empty note" : `${named} added`;
  }
  if (edit.field === "deleted_at") return `${named} ${edit.new === null ? "restored" : "removed"}`;
  if (edit.field === "done_at") return `${named} ${edit.new === null ? "opened again" : "done"}`;
  const show = (value: unknown) => plainText(formatValue(edit.entity, edit.field, value, nameOf), 80);
  const field = `${named}: ${fieldLabel(edit.field ?? "").toLowerCase()}`;
  if (isNothing(edit.new)) return `${field} cleared`;
  return isNothing(edit.old)
    ? `${field} set to ${show(edit.new)}`
    : `${field} ${show(edit.old)} to ${show(edit.new)}`;
}

function nameOfThing(edit: Edit, nameOf: NameOf): string | null {
  if (edit.entity === "households" || edit.entity === "notes") return null;
  const known = nameOf(edit.entity_id);
  if (known) return known;
  const values = edit.op === "create" ? (edit.new as Record<string, unknown> | null) : null;
  const own = values?.name ?? values?.title ?? values?.text ?? values?.value;
  if (typeof own === "string") return plainText(own, 80);
  return createdValues(edit.entity, values, nameOf)[0]?.[1] ?? null;
}

/** Whether the words, all of them, stand in what the burst says. */
export function says(burst: Burst, words: string, nameOf: NameOf): boolean {
  const fold = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const text = fold(
    burst.edits
      .map((e) => `${tell(e, nameOf)} ${noteBody(e) ?? ""} ${e.reason ?? ""} ${e.user_name}`)
      .join(" "),
  );
  return fold(words)
    .split(/\s+/)
    .every((word) => text.includes(word));
}
