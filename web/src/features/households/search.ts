import type { HouseholdSort } from "@/api/queries/households";
import type { HouseholdType } from "@/api/types";
import { idOf, only } from "@/lib/address";
import { readColumns } from "./column-ids";
import { type FilterNode, readTree } from "./filter/tree";

export interface HouseholdsSearch {
  type?: HouseholdType;
  tier?: string;
  team?: string;
  sort?: HouseholdSort;
  /** A tree of conditions, joined to the three above. */
  filter?: FilterNode;
  /** The columns and their order, where they differ from the reader's own. */
  cols?: string;
}
/** The list's address: how it is looked at, and whose panel stands over it. */
export interface HouseholdsAddress extends HouseholdsSearch {
  open?: string;
}
const TYPES = new Set(["client", "prospect", "former"]);
const SORTS = new Set<string>([
  "name",
  "-name",
  "aum",
  "-aum",
  "next_review",
  "-next_review",
  "last_touch",
  "-last_touch",
  "-open_loops",
  "-open_tasks",
] satisfies HouseholdSort[]);
const text = (value: unknown) =>
  typeof value === "string" && value !== "" && value.length <= 100 ? value : undefined;
// The router reads a value that looks like a number as one: a tier may be called 1.
const word = (value: unknown) => (typeof value === "number" ? String(value) : text(value));

/**
 * The list's chips, filter, order and columns live in the address, so a view can be shared. What was typed to find a family
 * never does (ADR 0008).
 */
export function householdsSearch(raw: Record<string, unknown>): HouseholdsSearch {
  const type = text(raw.type);
  const sort = text(raw.sort);
  const tier = word(raw.tier);
  const team = text(raw.team);
  const filter = readTree(raw.filter);
  const cols = readColumns(raw.cols)?.join();
  return {
    type: type && TYPES.has(type) ? (type as HouseholdType) : undefined,
    sort: sort && SORTS.has(sort) ? (sort as HouseholdSort) : undefined,
    tier,
    team,
    filter,
    cols,
  };
}

export const householdsAddress = (raw: Record<string, unknown>): HouseholdsAddress =>
  only(raw, { ...householdsSearch(raw), open: idOf(raw.open) });
