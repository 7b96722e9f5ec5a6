import type { HouseholdSort } from "@/api/queries/households";
import type { HouseholdType } from "@/api/types";

export interface HouseholdsSearch {
  type?: HouseholdType;
  tier?: string;
  team?: string;
  sort?: HouseholdSort;
}
const TYPES = new Set(["client", "prospect", "former"]);
const SORTS = new Set(["name", "-aum", "next_review"]);
const text = (value: unknown) => (typeof value === "string" && value.length <= 100 ? value : undefined);

/** The list's chips and order live in the address, so a view can be shared. What was typed never does. */
export function householdsSearch(raw: Record<string, unknown>): HouseholdsSearch {
  const type = text(raw.type);
  const sort = text(raw.sort);
  return {
    ...(type && TYPES.has(type) ? { type: type as HouseholdType } : {}),
    ...(sort && SORTS.has(sort) ? { sort: sort as HouseholdSort } : {}),
    ...(text(raw.tier) ? { tier: text(raw.tier) } : {}),
    ...(text(raw.team) ? { team: text(raw.team) } : {}),
  };
}
