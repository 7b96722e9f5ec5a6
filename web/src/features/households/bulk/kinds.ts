/** The changes that can be made to many households, each with the form that asks for it. */
import type { BulkChange } from "@/api/queries/bulk";
import { type FormField, splitTags, type Values } from "@/lib/fields";

export type BulkKind = "tier" | "team" | "tags" | "cadence";

export const BULK_KINDS: readonly { id: BulkKind; action: string; title: string }[] = [
  { id: "tier", action: "Set tier", title: "Set the tier" },
  { id: "team", action: "Assign team", title: "Assign to a team" },
  { id: "tags", action: "Tags", title: "Add and remove tags" },
  { id: "cadence", action: "Review cadence", title: "Set the review cadence" },
];

export function fieldsOf(
  kind: BulkKind,
  teams: readonly { id: string; name: string }[],
  tiers: readonly string[],
): FormField[] {
  switch (kind) {
    case "tier":
      return [
        {
          name: "tier",
          label: "Tier",
          kind: "text",
          suggestions: tiers,
          hint: "Leave it empty to take the tier off.",
        },
      ];
    case "team":
      return [
        {
          name: "team_id",
          label: "Team",
          kind: "select",
          required: true,
          options: teams.map((t) => [t.id, t.name] as const),
          hint: "Only this team, and those who see the whole firm, will see these households.",
        },
      ];
    case "tags":
      return [
        { name: "add_tags", label: "Add tags", kind: "tags" },
        { name: "remove_tags", label: "Remove tags", kind: "tags" },
      ];
    case "cadence":
      return [
        {
          name: "review_cadence_months",
          label: "Review every (months)",
          kind: "number",
          hint: "1 to 60; leave it empty for none.",
        },
      ];
  }
}

/** What the form asks of the server; nothing while it asks for nothing. */
export function changeOf(kind: BulkKind, values: Values): BulkChange | null {
  const text = (name: string) => String(values[name] ?? "").trim();
  switch (kind) {
    case "tier":
      return { tier: text("tier") || null };
    case "team":
      return text("team_id") ? { team_id: text("team_id") } : null;
    case "tags": {
      const [add, remove] = [splitTags(text("add_tags")), splitTags(text("remove_tags"))];
      return add.length + remove.length > 0 ? { add_tags: add, remove_tags: remove } : null;
    }
    case "cadence": {
      const months = text("review_cadence_months");
      return { review_cadence_months: months === "" ? null : Number(months) };
    }
  }
}
