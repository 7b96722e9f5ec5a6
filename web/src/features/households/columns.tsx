import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { HouseholdSort } from "@/api/queries/households";
import type { HouseholdListItem } from "@/api/types";
import { date, isOverdue } from "@/lib/dates";
import { isZero, moneyShort } from "@/lib/money";
import { phoneText } from "@/lib/phone";
import { HOUSEHOLD_TYPES, label } from "@/lib/words";
import { Badge } from "@/ui/card";
import { Monogram } from "@/ui/monogram";

export interface Column {
  id: string;
  header: string;
  /** Width in CSS grid terms. */
  width: string;
  sort?: HouseholdSort;
  direction?: "ascending" | "descending";
  right?: boolean;
  cell: (h: HouseholdListItem) => ReactNode;
}

const quiet = (text: string) => <span className="text-ink-3">{text}</span>;

export function HouseholdName({ household: h }: { household: HouseholdListItem }) {
  const place = [h.city, h.state].filter(Boolean).join(", ");
  return (
    <div className="flex min-w-0 items-center gap-3">
      <Monogram name={h.name} />
      <div className="min-w-0">
        <Link
          to="/households/$id"
          params={{ id: h.id }}
          data-row-link
          className="block truncate font-medium text-ink after:absolute after:inset-0 hover:text-brand-ink focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-[var(--mf-focus)]"
        >
          {h.name}
        </Link>
        <p className="truncate text-xs text-ink-3">{place || h.team_name}</p>
      </div>
    </div>
  );
}

export const money = (h: HouseholdListItem) =>
  isZero(h.aum_usd) ? quiet("None yet") : <span title={asOf(h)}>{moneyShort(h.aum_usd)}</span>;
const asOf = (h: HouseholdListItem) =>
  h.oldest_as_of ? `Oldest balance ${date(h.oldest_as_of)}` : undefined;

export const COLUMNS: Column[] = [
  {
    id: "name",
    header: "Household",
    width: "minmax(15rem, 1.4fr)",
    sort: "name",
    direction: "ascending",
    cell: (h) => <HouseholdName household={h} />,
  },
  {
    id: "type",
    header: "Type",
    width: "7rem",
    cell: (h) => (
      <Badge tone={h.type === "prospect" ? "info" : "neutral"}>{label(HOUSEHOLD_TYPES, h.type)}</Badge>
    ),
  },
  {
    id: "tier",
    header: "Tier",
    width: "5rem",
    cell: (h) => h.tier && <Badge tone="brass">{h.tier}</Badge>,
  },
  {
    id: "primary",
    header: "Primary contact",
    width: "minmax(10rem, 1fr)",
    cell: (h) => (
      <div className="min-w-0">
        <p className="truncate">{h.primary_name ?? quiet("Nobody yet")}</p>
        {h.primary_phone && (
          <p className="num truncate text-xs text-ink-3">{phoneText(h.primary_phone, h.primary_phone)}</p>
        )}
      </div>
    ),
  },
  {
    id: "aum",
    header: "Assets",
    width: "6.5rem",
    right: true,
    sort: "-aum",
    direction: "descending",
    cell: money,
  },
  {
    id: "review",
    header: "Next review",
    width: "8.5rem",
    right: true,
    sort: "next_review",
    direction: "ascending",
    cell: (h) =>
      h.next_review === null ? (
        quiet("Not set")
      ) : (
        <span className={isOverdue(h.next_review) ? "text-warn" : undefined}>{date(h.next_review)}</span>
      ),
  },
  {
    id: "loops",
    header: "Loops",
    width: "4.5rem",
    right: true,
    cell: (h) => (h.open_loops > 0 ? h.open_loops : quiet("0")),
  },
  {
    id: "tasks",
    header: "Tasks",
    width: "4.5rem",
    right: true,
    cell: (h) => (h.open_tasks > 0 ? h.open_tasks : quiet("0")),
  },
  {
    id: "team",
    header: "Team",
    width: "minmax(7rem, .7fr)",
    cell: (h) => <span className="block truncate pl-3">{h.team_name}</span>,
  },
];
export const GRID = COLUMNS.map((c) => c.width).join(" ");
