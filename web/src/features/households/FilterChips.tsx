import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { teamsQuery } from "@/api/queries/session";
import type { HouseholdListItem, HouseholdType } from "@/api/types";
import { HOUSEHOLD_TYPES } from "@/lib/words";
import { Select } from "@/ui/form";
import type { HouseholdsSearch } from "./search";

const CHIP =
  "h-7.5 rounded-sm px-3 text-sm text-ink-2 hover:text-ink focus-ring aria-pressed:bg-brand-soft aria-pressed:font-medium aria-pressed:text-brand-ink";

/** Type, tier and team. Tiers are the firm's own words, so those seen in the list are offered. */
export function FilterChips({
  search,
  onChange,
  rows,
}: {
  search: HouseholdsSearch;
  onChange: (next: HouseholdsSearch) => void;
  rows: readonly HouseholdListItem[];
}) {
  const teams = useQuery(teamsQuery).data?.items ?? [];
  const tiers = useSeenTiers(rows, search.tier);
  const types: [HouseholdType | undefined, string][] = [
    [undefined, "All"],
    ...HOUSEHOLD_TYPES.map(
      ([v, l]) => [v as HouseholdType, l === "Former client" ? "Former" : `${l}s`] as const,
    ).map(([v, l]) => [v, l] as [HouseholdType, string]),
  ];
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a row of toggles, not a form's fieldset */}
      <div role="group" aria-label="Type" className="flex rounded-md border border-line-2 bg-surface p-0.5">
        {types.map(([type, text]) => (
          <button
            key={text}
            type="button"
            aria-pressed={search.type === type}
            onClick={() => onChange({ ...search, type })}
            className={CHIP}
          >
            {text}
          </button>
        ))}
      </div>
      {tiers.length > 0 && (
        <Select
          aria-label="Tier"
          className="w-auto border-line-2"
          value={search.tier ?? ""}
          onChange={(e) => onChange({ ...search, tier: e.target.value || undefined })}
        >
          <option value="">Every tier</option>
          {tiers.map((tier) => (
            <option key={tier} value={tier}>
              Tier {tier}
            </option>
          ))}
        </Select>
      )}
      {teams.length > 1 && (
        <Select
          aria-label="Team"
          className="w-auto border-line-2"
          value={search.team ?? ""}
          onChange={(e) => onChange({ ...search, team: e.target.value || undefined })}
        >
          <option value="">Every team</option>
          {teams.map((team) => (
            <option key={team.id} value={team.id}>
              {team.name}
            </option>
          ))}
        </Select>
      )}
    </>
  );
}

/** Every tier met so far: choosing one must not take the others out of the list. */
function useSeenTiers(rows: readonly HouseholdListItem[], chosen: string | undefined): string[] {
  const [seen, setSeen] = useState<readonly string[]>([]);
  const fresh = rows.map((h) => h.tier).filter((t): t is string => t !== null && !seen.includes(t));
  if (chosen && !seen.includes(chosen)) fresh.push(chosen);
  if (fresh.length > 0) setSeen([...new Set([...seen, ...fresh])].sort());
  return [...seen];
}
