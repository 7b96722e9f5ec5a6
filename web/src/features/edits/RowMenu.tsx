import { Ellipsis, Pencil, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { IconButton } from "@/ui/button";
import { Menu, MenuItem } from "@/ui/menu";
import { type EditedRow, type FactSpec, useEditor } from "./editor";

/** What can be done with one fact: edit, remove, and whatever its own kind adds. Nothing for those who may only read. */
export function RowMenu({
  spec,
  row,
  name,
  children,
}: {
  spec: FactSpec;
  row: EditedRow;
  name: string;
  children?: ReactNode;
}) {
  const { canWrite, change, remove } = useEditor();
  if (!canWrite) return null;
  return (
    <Menu
      trigger={
        <IconButton label={`Actions for ${name}`} className="-mr-2">
          <Ellipsis />
        </IconButton>
      }
    >
      {children}
      <MenuItem onSelect={() => change(spec, row, name)}>
        <Pencil />
        Edit
      </MenuItem>
      <MenuItem onSelect={() => remove(spec, row.id, name)}>
        <Trash2 />
        Remove
      </MenuItem>
    </Menu>
  );
}

/** The small "Add" at the head of a card. */
export function AddButton({ spec, presets }: { spec: FactSpec; presets?: Record<string, unknown> }) {
  const { canWrite, add } = useEditor();
  if (!canWrite) return null;
  return (
    <button
      type="button"
      aria-label={`Add ${spec.singular}`}
      onClick={() => add(spec, presets)}
      className="rounded-md px-2 py-1 text-sm font-medium text-brand-ink hover:bg-sunken focus-ring"
    >
      Add
    </button>
  );
}
