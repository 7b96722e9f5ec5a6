import { useMutation, useQueryClient } from "@tanstack/react-query";
import { revertImport } from "@/api/queries/work";
import type { ImportRun, RevertResult } from "@/api/types";
import { moment } from "@/lib/dates";
import { plural, sentence } from "@/lib/words";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/overlay";
import { ProblemLine } from "@/ui/states";

/** Asks once, then says what went and what stayed because somebody had worked on it since. */
export function RevertDialog({ run, onClose }: { run: ImportRun; onClose: () => void }) {
  const client = useQueryClient();
  const revert = useMutation({
    mutationFn: () => revertImport(run.id),
    onSuccess: () => client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "me" }),
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={revert.data ? "Import reverted" : "Revert this import?"}
      description={`${sentence(run.kind)} import of ${moment(run.started_at)}`}
    >
      <div className="flex flex-col gap-4 p-5">
        {revert.data ? (
          <Result result={revert.data} />
        ) : (
          <p>
            What this import brought is hidden again. Records and fields that somebody has changed since are
            kept, and you will see which.
          </p>
        )}
        <ProblemLine error={revert.error} />
        <div className="flex justify-end gap-2">
          <Button variant="ghost" onClick={onClose}>
            {revert.data ? "Close" : "Cancel"}
          </Button>
          {!revert.data && (
            <Button variant="primary" disabled={revert.isPending} onClick={() => revert.mutate()}>
              Revert import
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}

function Result({ result }: { result: RevertResult }) {
  const rows = Object.entries(result.reverted).filter(([, n]) => n > 0);
  return (
    <>
      <p>
        {rows.length === 0
          ? "Nothing was left to take back."
          : `Taken back: ${rows.map(([table, n]) => `${n.toLocaleString("en-US")} ${sentence(table).toLowerCase()}`).join(", ")}.`}
      </p>
      {result.kept.length > 0 && (
        <section aria-label="Kept">
          <h3 className="font-medium">{plural(result.kept.length, "change")} kept</h3>
          <ul className="mt-1 max-h-72 overflow-y-auto text-sm">
            {result.kept.map((k) => (
              <li key={`${k.entity_id}${k.field}`} className="border-t border-line py-1.5">
                {sentence(k.entity)}
                {k.field && `, ${sentence(k.field).toLowerCase()}`}:{" "}
                <span className="text-ink-2">{k.reason}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
