import { Link } from "@tanstack/react-router";
import { CheckSquare, CircleCheck, FileText, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { ExportColumn, HouseholdSort } from "@/api/queries/households";
import type { HouseholdListItem } from "@/api/types";
import { date, daysBetween, isOverdue, today } from "@/lib/dates";
import { money as fullMoney, isZero, moneyShort } from "@/lib/money";
import { phoneText } from "@/lib/phone";
import { HOUSEHOLD_TYPES, label, plural } from "@/lib/words";
import { Badge } from "@/ui/card";
import { Monogram } from "@/ui/monogram";
import type { ColumnId } from "./column-ids";

/** The fields that are edited where they stand. */
export type EditableField = "tier" | "tags" | "team_id" | "review_cadence_months";

export interface Column {
  id: ColumnId | "name";
  header: string;
  /** The name in full, where the header is short. */
  title?: string;
  /** Width in CSS grid terms. */
  width: string;
  /** The order that the header asks for first, and the other way round. */
  sorts?: readonly [HouseholdSort, HouseholdSort?];
  right?: boolean;
  edits?: EditableField;
  /** What of it goes into a file. */
  exported: readonly ExportColumn[];
  cell: (h: HouseholdListItem) => ReactNode;
}

const quiet = (text: string) => <span className="text-ink-3">{text}</span>;
const count = (n: number) => (n > 0 ? n : quiet("0"));

export function HouseholdName({ household: h }: { household: HouseholdListItem }) {
  const place = [h.city, h.state].filter(Boolean).join(", ");
  return (
    <div className="flex min-w-0 items-center gap-3">
      <Monogram name={h.name} />
      <div className="min-w-0">
        <Link
          to="/households/$id"
          params={{ id: h.id }}
          data-row-link={h.id}
          className="block truncate font-medium text-ink after:absolute after:inset-0 hover:text-brand-ink focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-[var(--mf-focus)]"
        >
          {h.name}
        </Link>
        <p className="truncate text-xs text-ink-3">
          {[h.type === "client" ? null : label(HOUSEHOLD_TYPES, h.type), place || h.team_name]
            .filter(Boolean)
            .join(" · ")}
        </p>
      </div>
    </div>
  );
}

export const money = (h: HouseholdListItem) =>
  isZero(h.aum_usd) ? quiet("None yet") : <span title={asOf(h)}>{moneyShort(h.aum_usd)}</span>;
const asOf = (h: HouseholdListItem) =>
  [fullMoney(h.aum_usd), h.oldest_as_of ? `oldest balance ${date(h.oldest_as_of)}` : null]
    .filter(Boolean)
    .join(", ");

const TOUCHES = {
  note: [FileText, "Note"],
  task: [CheckSquare, "Task done"],
  loop: [CircleCheck, "Loop closed"],
} as const;
/** Longer ago than this is worth a look. */
const LONG_AGO_DAYS = 120;

export function Touch({ household: h }: { household: HouseholdListItem }) {
  if (!h.last_touch_on) return quiet("Never");
  const [Icon, what] = TOUCHES[h.last_touch_kind ?? "note"];
  const days = daysBetween(h.last_touch_on, today());
  return (
    <span
      title={`${what}, ${date(h.last_touch_on)}`}
      className={days > LONG_AGO_DAYS ? "text-warn" : undefined}
    >
      <Icon aria-hidden className="mr-1.5 mb-0.5 inline size-3.5 text-ink-3" />
      <span className="sr-only">{what} </span>
      {days < 0
        ? date(h.last_touch_on)
        : days === 0
          ? "today"
          : days === 1
            ? "yesterday"
            : `${days} days ago`}
    </span>
  );
}

export function Review({ household: h }: { household: Pick<HouseholdListItem, "next_review"> }) {
  if (h.next_review === null) return quiet("Not set");
  if (!isOverdue(h.next_review)) return date(h.next_review);
  return (
    <Badge tone="warn">
      <span title={`Was due ${date(h.next_review)}`}>Late · {date(h.next_review)}</span>
    </Badge>
  );
}

function Flags({ household: h }: { household: HouseholdListItem }) {
  if (h.missing_beneficiaries === 0) return null;
  const what = plural(h.missing_beneficiaries, "account names", "accounts name");
  return (
    <span title={`${what} no beneficiary`} className="text-warn">
      <TriangleAlert aria-hidden className="size-4" />
      <span className="sr-only">{what} no beneficiary</span>
    </span>
  );
}

export const NAME_COLUMN: Column = {
  id: "name",
  header: "Household",
  width: "minmax(12.5rem, 1.4fr)",
  sorts: ["name", "-name"],
  exported: ["name"],
  cell: (h) => <HouseholdName household={h} />,
};

export const COLUMNS: Record<ColumnId, Column> = {
  type: {
    id: "type",
    header: "Type",
    width: "7rem",
    exported: ["type"],
    cell: (h) => label(HOUSEHOLD_TYPES, h.type),
  },
  tier: {
    id: "tier",
    header: "Tier",
    width: "4.75rem",
    edits: "tier",
    exported: ["tier"],
    cell: (h) => (h.tier ? <Badge tone="brass">{h.tier}</Badge> : quiet("None")),
  },
  stage: {
    id: "stage",
    header: "Stage",
    width: "8rem",
    exported: ["stage"],
    cell: (h) => h.stage ?? quiet("None"),
  },
  tags: {
    id: "tags",
    header: "Tags",
    width: "minmax(9rem, .8fr)",
    edits: "tags",
    exported: ["tags"],
    cell: (h) => (h.tags.length > 0 ? h.tags.join(", ") : quiet("None")),
  },
  primary: {
    id: "primary",
    header: "Primary contact",
    width: "minmax(9.5rem, 1fr)",
    exported: ["primary_name", "primary_phone"],
    cell: (h) => (
      <div className="min-w-0">
        <p className="truncate">{h.primary_name ?? quiet("Nobody yet")}</p>
        {h.primary_phone && (
          <p className="num truncate text-xs text-ink-3">{phoneText(h.primary_phone, h.primary_phone)}</p>
        )}
      </div>
    ),
  },
  place: {
    id: "place",
    header: "City",
    width: "minmax(8rem, .7fr)",
    exported: ["city", "state"],
    cell: (h) => [h.city, h.state].filter(Boolean).join(", ") || quiet("None"),
  },
  team: {
    id: "team",
    header: "Team",
    width: "minmax(7.5rem, .8fr)",
    edits: "team_id",
    exported: ["team"],
    cell: (h) => h.team_name,
  },
  aum: {
    id: "aum",
    header: "Assets",
    width: "5.5rem",
    right: true,
    sorts: ["-aum", "aum"],
    exported: ["aum_usd", "oldest_as_of"],
    cell: money,
  },
  held_away: {
    id: "held_away",
    header: "Held away",
    width: "6.5rem",
    right: true,
    exported: ["held_away_usd"],
    cell: (h) => (isZero(h.held_away_usd) ? quiet("None") : moneyShort(h.held_away_usd)),
  },
  touch: {
    id: "touch",
    header: "Last touch",
    width: "8rem",
    right: true,
    sorts: ["last_touch", "-last_touch"],
    exported: ["last_touch"],
    cell: (h) => <Touch household={h} />,
  },
  review: {
    id: "review",
    header: "Next review",
    width: "8.75rem",
    right: true,
    sorts: ["next_review", "-next_review"],
    exported: ["next_review"],
    cell: (h) => <Review household={h} />,
  },
  cadence: {
    id: "cadence",
    header: "Review every",
    width: "7.5rem",
    right: true,
    edits: "review_cadence_months",
    exported: ["review_cadence_months"],
    cell: (h) => (h.review_cadence_months ? plural(h.review_cadence_months, "month") : quiet("Not set")),
  },
  loops: {
    id: "loops",
    header: "Loops",
    title: "Open loops",
    width: "4.25rem",
    right: true,
    sorts: ["-open_loops"],
    exported: ["open_loops"],
    cell: (h) => count(h.open_loops),
  },
  tasks: {
    id: "tasks",
    header: "Tasks",
    title: "Open tasks",
    width: "4.25rem",
    right: true,
    sorts: ["-open_tasks"],
    exported: ["open_tasks"],
    cell: (h) => count(h.open_tasks),
  },
  since: {
    id: "since",
    header: "Client since",
    width: "7.5rem",
    right: true,
    exported: ["client_since"],
    cell: (h) => (h.client_since ? date(h.client_since) : quiet("Not set")),
  },
  flags: {
    id: "flags",
    header: "Flags",
    width: "3.75rem",
    exported: ["missing_beneficiaries"],
    cell: (h) => <Flags household={h} />,
  },
};

/** The columns of a list, the name always first. */
export const columnsOf = (ids: readonly ColumnId[]): Column[] => [
  NAME_COLUMN,
  ...ids.map((id) => COLUMNS[id]),
];
/** The first track holds the box that selects the row. */
export const gridOf = (columns: readonly Column[]) => `2.75rem ${columns.map((c) => c.width).join(" ")}`;
