/* biome-ignore-all lint/a11y/useSemanticElements: see the table */
/* biome-ignore-all lint/a11y/useFocusableInteractive: see the table */
import { Check, Pencil } from "lucide-react";
import { memo } from "react";
import type { HouseholdListItem } from "@/api/types";
import { WaitingMark } from "@/features/edits";
import { cn } from "@/lib/cn";
import { phoneText } from "@/lib/phone";
import { Badge } from "@/ui/card";
import { Checkbox } from "@/ui/form";
import { Skeleton } from "@/ui/states";
import { CellEditor, fieldFor } from "./CellEditor";
import { type Column, type EditableField, HouseholdName, money, Review, Touch } from "./columns";
import type { Editing } from "./HouseholdTable";

interface RowProps {
  household: HouseholdListItem;
  columns: readonly Column[];
  grid: string;
  narrow: boolean;
  selected: boolean;
  onToggle: (id: string) => void;
  canWrite: boolean;
  editing: EditableField | null;
  /** The value of this row that has just been saved. */
  ticked: string | null;
  teams: readonly { id: string; name: string }[];
  tierChoices: readonly string[];
  onEdit: (editing: Editing) => void;
  onSave: (household: HouseholdListItem, fields: Record<string, unknown>) => Promise<void>;
  onLeave: (household: HouseholdListItem, field: EditableField, step: 1 | -1 | 0) => void;
}

/** One household: in columns on a desk, as a card on a phone. */
export const HouseholdRow = memo(
  function HouseholdRow(props: RowProps) {
    return props.narrow ? <Card {...props} /> : <Cells {...props} />;
  },
  // The ways to act are new with every drawing of the table and do the same; what is seen decides.
  (a, b) =>
    a.household === b.household &&
    a.columns === b.columns &&
    a.narrow === b.narrow &&
    a.selected === b.selected &&
    a.canWrite === b.canWrite &&
    a.editing === b.editing &&
    a.ticked === b.ticked &&
    a.teams === b.teams &&
    a.tierChoices === b.tierChoices,
);

function SelectBox({ household, selected, onToggle }: RowProps) {
  return (
    <Checkbox
      // Above the row's link, which fills the row. The row itself is reached by j and k, and chosen by x.
      className="relative z-10"
      aria-label={`Select ${household.name}`}
      checked={selected}
      onChange={() => onToggle(household.id)}
    />
  );
}

function Cells(props: RowProps) {
  const { household, columns, grid, editing } = props;
  return (
    <div role="presentation" className="grid h-full items-center" style={{ gridTemplateColumns: grid }}>
      <div role="cell" className="flex h-full items-center pl-4">
        <SelectBox {...props} />
      </div>
      {columns.map((column) => (
        <div
          key={column.id}
          role="cell"
          data-column={column.id}
          className={cn(
            "min-w-0 px-2 last:pr-5",
            column.right && "num text-right",
            editing !== null && editing === column.edits ? "relative h-full content-center" : "truncate",
          )}
        >
          {column.edits ? (
            <EditableCell {...props} column={column} field={column.edits} />
          ) : (
            column.cell(household)
          )}
        </div>
      ))}
    </div>
  );
}

function EditableCell(props: RowProps & { column: Column; field: EditableField }) {
  const { household, column, field, canWrite, editing, ticked, teams, onEdit, onSave, onLeave } = props;
  if (!canWrite) return column.cell(household);
  if (editing === field)
    return (
      <CellEditor
        household={household}
        field={fieldFor(field, teams, props.tierChoices)}
        onSave={(seen, fields) => void onSave(seen, fields)}
        onLeave={(step) => onLeave(household, field, step)}
      />
    );
  const label = fieldFor(field, teams).label;
  return (
    <button
      type="button"
      // By keyboard, e opens the first of these and Tab the next.
      tabIndex={-1}
      aria-label={`Edit ${label} of ${household.name}`}
      onClick={() => onEdit({ id: household.id, field })}
      className={cn(
        "group/cell relative z-10 -mx-1.5 inline-flex h-8 max-w-full items-center gap-1 rounded-md px-1.5 hover:bg-sunken focus-ring",
        column.right && "flex-row-reverse",
      )}
    >
      <span className="min-w-0 truncate">{column.cell(household)}</span>
      <WaitingMark id={household.id} field={field} bare />
      {ticked === `${household.id}/${field}` ? (
        <span role="status" className="inline-flex text-pos">
          <Check aria-hidden className="size-3.5" />
          <span className="sr-only">{label} saved</span>
        </span>
      ) : (
        <Pencil
          aria-hidden
          className="absolute -right-2 size-3 shrink-0 text-ink-3 opacity-0 group-hover/cell:opacity-100"
        />
      )}
    </button>
  );
}

function Card(props: RowProps) {
  const { household: h } = props;
  return (
    <div role="cell" className="flex h-full items-center gap-3 px-4">
      <SelectBox {...props} />
      <div className="min-w-0 flex-1">
        <HouseholdName household={h} />
        <p className="mt-0.5 flex items-center gap-1.5 truncate pl-11 text-xs text-ink-2">
          {h.tier && <Badge tone="brass">{h.tier}</Badge>}
          <span className="num truncate">
            {h.primary_phone ? phoneText(h.primary_phone, h.primary_phone) : (h.primary_name ?? "Nobody yet")}
          </span>
        </p>
      </div>
      <div className="shrink-0 text-right text-xs text-ink-2">
        <p className="num text-base text-ink">{money(h)}</p>
        <p className="mt-0.5">
          <Review household={h} />
        </p>
        <p className="mt-0.5">
          <Touch household={h} />
        </p>
      </div>
    </div>
  );
}

export const RowSkeleton = () => (
  <div role="cell" className="flex h-full items-center gap-3 px-5">
    <span className="sr-only">Loading more households</span>
    <Skeleton className="size-8 rounded-full" />
    <Skeleton className="h-4 w-60" />
  </div>
);
