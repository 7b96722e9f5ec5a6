import { useState } from "react";
import type { HouseholdListItem } from "@/api/types";

type Seen = Readonly<Record<string, readonly string[]>>;

/** The firm's own words, by field, as the list has shown them so far: choosing one must not take the others away. */
export function useSeenWords(rows: readonly HouseholdListItem[]): Seen {
  const [seen, setSeen] = useState<Seen>({});
  const [from, setFrom] = useState<readonly HouseholdListItem[]>([]);
  if (from === rows) return seen;
  setFrom(rows);
  const fresh = new Map<string, Set<string>>();
  const note = (field: string, word: string | null) => {
    if (!word || seen[field]?.includes(word)) return;
    fresh.set(field, (fresh.get(field) ?? new Set()).add(word));
  };
  for (const h of rows) {
    note("tier", h.tier);
    note("stage", h.stage);
    note("city", h.city);
    note("state", h.state);
    for (const tag of h.tags) note("tag", tag);
  }
  if (fresh.size === 0) return seen;
  const next = { ...seen };
  for (const [field, words] of fresh) next[field] = [...(seen[field] ?? []), ...words].sort();
  setSeen(next);
  return next;
}
