import { CircleAlert } from "lucide-react";
import { useState } from "react";
import type { Hint } from "@/api/queries/record";
import { useEditor } from "@/features/edits";
import { plural } from "@/lib/words";
import { Badge, Card } from "@/ui/card";
import { useRemedies } from "./remedies";

const SHOWN = 4;

/** What the record lacks, or what names somebody who is gone; each line opens the place where it is put right. */
export function HintsCard() {
  const { record } = useEditor();
  const [all, setAll] = useState(false);
  const { hints } = record;
  if (hints.length === 0) return null;
  return (
    <Card
      id="hints"
      title={
        <span className="flex items-center gap-2">
          <CircleAlert aria-hidden className="size-4 text-brass" strokeWidth={1.75} />
          To put right
        </span>
      }
      action={<Badge tone="warn">{hints.length}</Badge>}
    >
      <div className="px-5 pb-4">
        <HintList hints={all ? hints : hints.slice(0, SHOWN)} />
        {hints.length > SHOWN && (
          <button
            type="button"
            aria-expanded={all}
            onClick={() => setAll(!all)}
            className="mt-1 -ml-2 rounded-md px-2 py-1 text-sm font-medium text-brand-ink hover:bg-sunken focus-ring"
          >
            {all ? "Show fewer" : `Show ${plural(hints.length - SHOWN, "more", "more")}`}
          </button>
        )}
      </div>
    </Card>
  );
}

/** The hints as lines with the way to put each right. */
export function HintList({ hints, onFollow }: { hints: readonly Hint[]; onFollow?: () => void }) {
  const remedyOf = useRemedies();
  return (
    <ul className="[&>li]:border-t [&>li]:border-line [&>li:first-child]:border-0">
      {hints.map((hint) => {
        const remedy = remedyOf(hint);
        return (
          <li
            key={`${hint.kind}${hint.entity_id}${hint.text}`}
            className="flex items-center gap-3 py-2"
            data-testid="hint"
          >
            <p className="min-w-0 flex-1">{hint.text}.</p>
            {remedy && (
              <button
                type="button"
                onClick={() => {
                  onFollow?.();
                  remedy.run();
                }}
                aria-label={`${remedy.label}: ${hint.text}`}
                className="shrink-0 rounded-md px-2 py-1 text-sm font-medium text-brand-ink hover:bg-sunken focus-ring"
              >
                {remedy.label}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
