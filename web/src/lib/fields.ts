/** Fields of a fact as a form sees them, and the way from a row to a form and back. */
type Kind =
  | "text"
  | "long"
  | "date"
  | "datetime"
  | "time"
  | "number"
  | "money"
  | "percent"
  | "email"
  | "tel"
  | "tags"
  | "select"
  | "checkbox"
  | "sealed";

export interface FormField {
  name: string;
  label: string;
  kind: Kind;
  options?: readonly (readonly [value: string, label: string])[];
  required?: boolean;
  hint?: string;
  /** Words that are offered; any other may be typed. */
  suggestions?: readonly string[];
  /** Takes half the width where there is room. */
  half?: boolean;
  /** Shown only while this holds for what has been typed so far. */
  when?: (values: Values) => boolean;
  /** Asked when a row is made, never when it is changed. */
  createOnly?: boolean;
  /** Chosen when a row is made; afterwards it only decides which other fields are shown. */
  fixed?: boolean;
  initial?: string | boolean;
  /** A choice that is stored as a number. */
  numeric?: boolean;
  /** A sealed value that is typed as a date. */
  sealedDate?: boolean;
}
export type Values = Record<string, string | boolean>;

function toInput(field: FormField, stored: unknown): string | boolean {
  if (field.kind === "checkbox") return stored === true;
  if (stored === null || stored === undefined || field.kind === "sealed") return "";
  if (field.kind === "tags") return Array.isArray(stored) ? stored.join(", ") : "";
  if (field.kind === "datetime") return localInput(String(stored));
  return String(stored);
}

/** A moment as a field for one shows it: by the reader's own clock, to the minute. */
export function localInput(timestamp: string) {
  const t = new Date(timestamp);
  return new Date(t.getTime() - t.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** What the form starts with: the row's values, or the fields' own defaults for a new row. */
export function initialValues(fields: readonly FormField[], row?: object): Values {
  const stored = row as Record<string, unknown> | undefined;
  return Object.fromEntries(
    fields.map((f) => [f.name, stored ? toInput(f, stored[f.name]) : (f.initial ?? toInput(f, undefined))]),
  );
}

/** What one typed value is sent as. Nothing typed is null. */
export function toStored(field: FormField, typed: string | boolean): unknown {
  if (field.kind === "checkbox") return typed === true;
  const text = String(typed).trim();
  if (field.kind === "tags") return splitTags(text);
  if (text === "") return null;
  if (field.kind === "number" || field.numeric) return Number(text);
  if (field.kind === "money" || field.kind === "percent")
    return text.replace(/[$,%\s]/g, "").replace("−", "-");
  if (field.kind === "datetime") return new Date(text).toISOString();
  return text;
}

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

export function splitTags(text: string) {
  return [
    ...new Set(
      text
        .split(",")
        .map((t) => t.trim())
        .filter(Boolean),
    ),
  ];
}

/**
 * The body of a create (everything that was filled in) or of a change (only what would be stored otherwise than at the start: a
 * space more is no change). A sealed field left empty is left alone, since the form never knew its value.
 */
export function toBody(
  fields: readonly FormField[],
  values: Values,
  start?: Values,
): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const field of fields) {
    if (field.when && !field.when(values)) continue;
    const typed = values[field.name] ?? "";
    const stored = toStored(field, typed);
    if (start && isSame(stored, toStored(field, start[field.name] ?? ""))) continue;
    const empty = stored === null || (Array.isArray(stored) && stored.length === 0) || stored === false;
    if (start || !empty) body[field.name] = stored;
  }
  return body;
}
