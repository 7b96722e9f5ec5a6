import type { Problem } from "@/api/problem";
import { ago, moment } from "@/lib/dates";
import { Button } from "@/ui/button";
import { fieldLabel, formatValue, type NameOf } from "./format";

/** Two people changed the same field: both values, who and when, and the choice. Nothing is lost until one is made. */
export function ConflictCard({
  problem,
  entity,
  nameOf,
  onKeepMine,
  onTakeTheirs,
  busy,
}: {
  problem: Problem;
  entity: string;
  nameOf: NameOf;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
  busy?: boolean;
}) {
  return (
    <div
      role="alert"
      data-testid="conflict"
      className="rounded-md border border-line-2 bg-warn-soft p-3 text-sm"
    >
      {problem.conflicts.map((conflict) => (
        <div key={conflict.field} className="not-first:mt-3">
          <p className="text-warn">
            <strong className="font-semibold">{conflict.changed_by}</strong> changed{" "}
            {fieldLabel(conflict.field).toLowerCase()}{" "}
            <time dateTime={conflict.changed_at} title={moment(conflict.changed_at)}>
              {ago(conflict.changed_at)}
            </time>{" "}
            while you were editing.
          </p>
          <dl className="mt-2 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 text-ink">
            <dt className="text-ink-2">Yours</dt>
            <dd className="font-medium break-words">
              {formatValue(entity, conflict.field, conflict.yours, nameOf)}
            </dd>
            <dt className="text-ink-2">Theirs</dt>
            <dd className="font-medium break-words">
              {formatValue(entity, conflict.field, conflict.theirs, nameOf)}
            </dd>
          </dl>
        </div>
      ))}
      <div className="mt-3 flex gap-2">
        <Button size="sm" disabled={busy} onClick={onKeepMine}>
          Keep mine
        </Button>
        <Button size="sm" disabled={busy} onClick={onTakeTheirs}>
          Take theirs
        </Button>
      </div>
    </div>
  );
}
