import { Download, Pencil, X } from "lucide-react";
import { Button, IconButton } from "@/ui/button";
import { Menu, MenuItem } from "@/ui/menu";
import type { Selection } from "../selection";
import { BULK_KINDS, type BulkKind } from "./kinds";

/** What can be done with the households that are selected. */
export function BulkBar({
  selection,
  canWrite,
  canExport,
  onChange,
  onExport,
}: {
  selection: Selection;
  canWrite: boolean;
  canExport: boolean;
  onChange: (kind: BulkKind) => void;
  onExport: () => void;
}) {
  const count = selection.ids.size;
  const said = `${count.toLocaleString("en-US")} selected`;
  return (
    <>
      <p role="status" className="sr-only">
        {count > 0 && (selection.all ? `All ${said}` : said)}
      </p>
      {count > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: a bar of buttons, not a form's fieldset
        <div
          role="group"
          aria-label="Selected households"
          className="fixed inset-x-3 bottom-20 z-30 mx-auto flex w-fit max-w-[calc(100%-1.5rem)] items-center gap-1 rounded-lg border border-line-2 bg-raised p-1.5 pl-4 shadow-3 md:bottom-6 md:left-58"
        >
          <p className="mr-2 whitespace-nowrap">
            <strong className="num font-medium">{count.toLocaleString("en-US")}</strong> selected
            {selection.all && (
              <span className="hidden text-ink-3 sm:inline">, all that the filter leaves</span>
            )}
          </p>
          {canWrite && (
            <>
              <div className="hidden gap-1 lg:flex">
                {BULK_KINDS.map((kind) => (
                  <Button key={kind.id} size="sm" variant="ghost" onClick={() => onChange(kind.id)}>
                    {kind.action}
                  </Button>
                ))}
              </div>
              <div className="lg:hidden">
                <Menu
                  side="top"
                  trigger={
                    <Button size="sm" variant="ghost">
                      <Pencil />
                      Change
                    </Button>
                  }
                >
                  {BULK_KINDS.map((kind) => (
                    <MenuItem key={kind.id} onSelect={() => onChange(kind.id)}>
                      {kind.action}
                    </MenuItem>
                  ))}
                </Menu>
              </div>
            </>
          )}
          {canExport && (
            <Button size="sm" variant="ghost" onClick={onExport}>
              <Download />
              <span className="sr-only sm:not-sr-only">Export selected</span>
            </Button>
          )}
          <IconButton label="Select nothing" onClick={selection.clear}>
            <X />
          </IconButton>
        </div>
      )}
    </>
  );
}
