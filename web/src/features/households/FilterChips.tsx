import type { HouseholdType } from "@/api/types";
import { useMe } from "@/features/auth";
import { cn } from "@/lib/cn";
import { HOUSEHOLD_TYPES } from "@/lib/words";
import { Select } from "@/ui/form";
import type { FilterWords } from "./FilterBuilder";
import { toggled, topCondition } from "./filter/shape";
import type { Condition } from "./filter/tree";
import type { HouseholdsSearch } from "./search";

const TYPE =
  "h-7.5 rounded-sm px-3 text-sm text-ink-2 hover:text-ink focus-ring aria-pressed:bg-brand-soft aria-pressed:font-medium aria-pressed:text-brand-ink";
const CHIP =
  "h-7 rounded-full border border-line-2 bg-surface px-3 text-sm whitespace-nowrap text-ink-2 hover:text-ink focus-ring aria-pressed:border-brand aria-pressed:bg-brand-soft aria-pressed:font-medium aria-pressed:text-brand-ink";

interface ChipsProps {
  search: HouseholdsSearch;
  onChange: (next: HouseholdsSearch) => void;
  words: FilterWords;
  className?: string;
}

const TYPES: readonly (readonly [HouseholdType | undefined, string])[] = [
  [undefined, "All"],
  ...HOUSEHOLD_TYPES.map(
    ([value, text]) => [value as HouseholdType, value === "former" ? "Former" : `${text}s`] as const,
  ),
];

/** Type, tier and whose book. */
export function FilterChips({ search, onChange, words, className }: ChipsProps) {
  const me = useMe();
  const tiers = [...new Set([...(words.seen.tier ?? []), ...(search.tier ? [search.tier] : [])])];
  return (
    <div className={cn("flex flex-wrap items-center gap-2", className)}>
      {/* biome-ignore lint/a11y/useSemanticElements: a row of toggles, not a form's fieldset */}
      <div role="group" aria-label="Type" className="flex rounded-md border border-line-2 bg-surface p-0.5">
        {TYPES.map(([type, text]) => (
          <button
            key={text}
            type="button"
            aria-pressed={search.type === type}
            onClick={() => onChange({ ...search, type })}
            className={TYPE}
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
      {words.teams.length > 1 && (
        <Select
          aria-label="Team"
          className="w-auto max-w-52 border-line-2"
          value={search.team ?? ""}
          onChange={(e) => onChange({ ...search, team: e.target.value || undefined })}
        >
          <option value="">All I may see</option>
          {words.teams.map((team) => (
            <option key={team.id} value={team.id}>
              {team.name === me?.user.name ? "My book" : `Team ${team.name}`}
            </option>
          ))}
        </Select>
      )}
    </div>
  );
}

const REVIEW_DAYS = 30;
const QUIET_DAYS = 90;
const QUICK: readonly { condition: Condition; text: (value: unknown) => string }[] = [
  { condition: { field: "next_review", op: "overdue" }, text: () => "Review overdue" },
  {
    condition: { field: "next_review", op: "within_days", value: REVIEW_DAYS },
    text: (days) => `Review due in ${days} days`,
  },
  {
    condition: { field: "last_touch", op: "older_than_days", value: QUIET_DAYS },
    text: (days) => `No touch for ${days} days`,
  },
  {
    condition: { field: "missing_beneficiaries", op: "at_least", value: "1" },
    text: () => "Missing beneficiary",
  },
  { condition: { field: "open_loops", op: "at_least", value: "1" }, text: () => "Open loops" },
];

/** One press adds a condition to the filter, or takes it off. A number that the panel has set stays. */
export function QuickChips({ search, onChange, className }: Omit<ChipsProps, "words">) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a row of toggles, not a form's fieldset
    <div role="group" aria-label="Quick filters" className={cn("flex flex-wrap gap-1.5", className)}>
      {QUICK.map(({ condition, text }) => {
        const there = topCondition(search.filter, condition.field, condition.op);
        return (
          <button
            key={condition.field + condition.op}
            type="button"
            aria-pressed={there !== undefined}
            onClick={() => onChange({ ...search, filter: toggled(search.filter, condition) })}
            className={CHIP}
          >
            {text((there ?? condition).value)}
          </button>
        );
      })}
    </div>
  );
}
