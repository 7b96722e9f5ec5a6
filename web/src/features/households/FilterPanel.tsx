import { ListFilter } from "lucide-react";
import { useEffect, useState } from "react";
import { useKey } from "@/app/keys";
import { Button } from "@/ui/button";
import { Panel } from "@/ui/popover";
import type { FilterBuilder, FilterWords } from "./FilterBuilder";
import type { FilterNode } from "./filter/tree";

/** The button and the panel that builds a filter. What is filled in acts at once. */
export function FilterPanel({
  filter,
  count,
  onChange,
  words,
  children,
}: {
  filter: FilterNode | undefined;
  /** How many conditions act, for the button. */
  count: number;
  onChange: (next: FilterNode | undefined) => void;
  words: FilterWords;
  /** What stands above the builder: on a phone, the chips. */
  children?: React.ReactNode;
}) {
  const [open, setOpen] = useState(false);
  // Fetched once the list stands; the panel waits for it, so that the focus falls into what it opens.
  const [Builder, setBuilder] = useState<typeof FilterBuilder | null>(null);
  useEffect(() => {
    void import("./FilterBuilder").then((m) => setBuilder(() => m.FilterBuilder));
  }, []);
  useKey("list.filter", () => setOpen(true));
  return (
    <Panel
      title="Filter households"
      open={open && Builder !== null}
      onOpenChange={setOpen}
      className="w-[40rem] max-w-[calc(100vw-2rem)]"
      trigger={
        <Button aria-expanded={open}>
          <ListFilter />
          Filter
          {count > 0 && (
            <span className="num rounded-full bg-brand-soft px-1.5 text-xs text-brand-ink">
              <span className="sr-only">, </span>
              {count}
              <span className="sr-only"> {count === 1 ? "condition" : "conditions"}</span>
            </span>
          )}
        </Button>
      }
    >
      <div className="flex flex-col gap-4 p-4">
        {children}
        {Builder && <Builder filter={filter} onChange={onChange} words={words} />}
        <div className="flex justify-between gap-2 border-t border-line pt-3">
          <Button variant="ghost" disabled={!filter} onClick={() => onChange(undefined)}>
            Clear conditions
          </Button>
          <Button variant="primary" onClick={() => setOpen(false)}>
            Done
          </Button>
        </div>
      </div>
    </Panel>
  );
}
