import { idOf, only } from "@/lib/address";

export interface LoopsSearch {
  /** A list by age and not a board by direction; or those that are closed. */
  view?: "list" | "closed";
  /** Whose loops: one colleague's. */
  who?: string;
  /** Of this household alone. */
  household?: string;
}

/** The view and its filter live in the address, so they can be shared: ids only. */
export function loopsSearch(raw: Record<string, unknown>): LoopsSearch {
  const view = raw.view === "list" || raw.view === "closed" ? raw.view : undefined;
  return only(raw, { view, who: idOf(raw.who), household: idOf(raw.household) });
}
