import { ArrowDown, ArrowUp, Columns3 } from "lucide-react";
import { Button, IconButton } from "@/ui/button";
import { Checkbox } from "@/ui/form";
import { Panel } from "@/ui/popover";
import { COLUMN_IDS, type ColumnId, DEFAULT_COLUMNS, sameColumns } from "./column-ids";
import { COLUMNS } from "./columns";

/** Which columns the list shows, and in which order. */
export function ColumnChooser({
  columns,
  onChange,
}: {
  columns: readonly ColumnId[];
  onChange: (next: ColumnId[]) => void;
}) {
  const hidden = COLUMN_IDS.filter((id) => !columns.includes(id));
  const move = (id: ColumnId, step: 1 | -1) => {
    const next = [...columns];
    const at = next.indexOf(id);
    const to = at + step;
    if (to < 0 || to >= next.length) return;
    next.splice(at, 1);
    next.splice(to, 0, id);
    onChange(next);
  };
  const name = (id: ColumnId) => COLUMNS[id].title ?? COLUMNS[id].header;
  return (
    <Panel
      title="Columns"
      className="w-72"
      trigger={
        <Button className="hidden md:inline-flex">
          <Columns3 />
          Columns
        </Button>
      }
    >
      <div className="p-3">
        <p className="eyebrow px-1">Shown, from left to right</p>
        <ul className="mt-1">
          {columns.map((id, index) => (
            <li key={id} className="flex items-center gap-2 rounded-md py-0.5 pl-1 hover:bg-sunken">
              <Choice label={name(id)} checked onChange={() => onChange(columns.filter((c) => c !== id))} />
              <IconButton
                label={`Move ${name(id)} left`}
                className="size-7"
                disabled={index === 0}
                onClick={() => move(id, -1)}
              >
                <ArrowUp />
              </IconButton>
              <IconButton
                label={`Move ${name(id)} right`}
                className="size-7"
                disabled={index === columns.length - 1}
                onClick={() => move(id, 1)}
              >
                <ArrowDown />
              </IconButton>
            </li>
          ))}
        </ul>
        {hidden.length > 0 && (
          <>
            <p className="eyebrow mt-3 px-1">Not shown</p>
            <ul className="mt-1">
              {hidden.map((id) => (
                <li key={id} className="rounded-md py-1 pl-1 hover:bg-sunken">
                  <Choice label={name(id)} checked={false} onChange={() => onChange([...columns, id])} />
                </li>
              ))}
            </ul>
          </>
        )}
        <div className="mt-3 border-t border-line pt-2">
          <Button
            size="sm"
            variant="ghost"
            disabled={sameColumns(columns, DEFAULT_COLUMNS)}
            onClick={() => onChange([...DEFAULT_COLUMNS])}
          >
            As delivered
          </Button>
        </div>
      </div>
    </Panel>
  );
}

function Choice({ label, checked, onChange }: { label: string; checked: boolean; onChange: () => void }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control inside is a component
    <label className="flex min-w-0 flex-1 cursor-pointer items-center gap-2.5">
      <Checkbox checked={checked} onChange={onChange} />
      <span className="truncate">{label}</span>
    </label>
  );
}
