/** The columns of the list by their ids, in the order in which they are offered. */
export const COLUMN_IDS = [
  "type",
  "tier",
  "stage",
  "tags",
  "primary",
  "place",
  "team",
  "aum",
  "held_away",
  "touch",
  "review",
  "cadence",
  "loops",
  "tasks",
  "since",
  "flags",
] as const;
export type ColumnId = (typeof COLUMN_IDS)[number];

export const DEFAULT_COLUMNS: readonly ColumnId[] = [
  "tier",
  "primary",
  "aum",
  "touch",
  "review",
  "loops",
  "tasks",
  "flags",
  "team",
];

/** The columns that `text` names, each once; nothing when it names none. */
export function readColumns(text: unknown): ColumnId[] | undefined {
  if (typeof text !== "string" || text.length > 300) return undefined;
  const named = new Set(text.split(","));
  const known = [...named].filter((id): id is ColumnId => (COLUMN_IDS as readonly string[]).includes(id));
  return known.length > 0 ? known : undefined;
}

export const sameColumns = (a: readonly string[], b: readonly string[]) => a.join() === b.join();
