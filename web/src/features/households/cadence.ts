import { useQuery } from "@tanstack/react-query";
import { tiersQuery } from "@/api/queries/session";
import type { HouseholdRecord } from "@/api/types";
import { plural } from "@/lib/words";

type Reviewed = Pick<HouseholdRecord["household"], "review_cadence_months" | "tier">;

/** How often a household is reviewed: as it says itself, or else as its tier does. Nothing when neither says. */
export function useCadence({ review_cadence_months: own, tier }: Reviewed) {
  const tiers = useQuery({ ...tiersQuery, enabled: !own && !!tier });
  const theirs = tiers.data?.items.find(({ name }) => name === tier)?.review_cadence_months;
  if (own) return `every ${plural(own, "month")}`;
  return theirs ? `every ${plural(theirs, "month")}, as tier ${tier}` : null;
}
