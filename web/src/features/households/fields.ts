import type { FormField } from "@/lib/fields";
import { HOUSEHOLD_TYPES } from "@/lib/words";

/** How the badge of a type looks. */
export const TYPE_TONE = { client: "brand", prospect: "info", former: "neutral" } as const;

export const HOUSEHOLD_FIELDS = {
  name: { name: "name", label: "Name", kind: "text", required: true },
  type: {
    name: "type",
    label: "Type",
    kind: "select",
    options: HOUSEHOLD_TYPES,
    required: true,
    half: true,
    initial: "prospect",
  },
  tier: { name: "tier", label: "Tier", kind: "text", half: true },
  stage: { name: "stage", label: "Stage", kind: "text", half: true },
  tags: { name: "tags", label: "Tags", kind: "tags" },
  review_cadence_months: {
    name: "review_cadence_months",
    label: "Review every (months)",
    kind: "number",
    half: true,
  },
  next_review: { name: "next_review", label: "Next review", kind: "date", half: true },
  client_since: { name: "client_since", label: "Client since", kind: "date", half: true },
  risk_profile: { name: "risk_profile", label: "Risk profile", kind: "text", half: true },
  source: { name: "source", label: "Came through", kind: "text", half: true },
  story: { name: "story", label: "Story", kind: "long" },
} as const satisfies Record<string, FormField>;

export const teamField = (teams: readonly { id: string; name: string }[]): FormField => ({
  name: "team_id",
  label: "Team",
  kind: "select",
  required: true,
  half: true,
  options: teams.map((t) => [t.id, t.name] as const),
});
