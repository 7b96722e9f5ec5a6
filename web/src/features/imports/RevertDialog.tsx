import { useMutation, useQueryClient } from "@tanstack/react-query";
import { revertImport } from "@/api/queries/work";
import type { ImportRun } from "@/api/types";
import { moment } from "@/lib/dates";
import { sentence } from "@/lib/words";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/overlay";
import { ProblemLine } from "@/ui/states";
import { toast } from "@/ui/toast";
import { revertWords } from "./report";

/** Asks once; the work itself runs in the background, and the run on the page says when it is done. */
export function RevertDialog({
  run,
  onBegun,
  onClose,
}: {
  run: ImportRun;
  onBegun: () => void;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const revert = useMutation({
    mutationFn: () => revertImport(run.id),
    onSuccess: () => {
      toast("The import is being taken back.");
      onBegun();
      onClose();
      // What was read before may be hidden any moment now.
      void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "me" });
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Revert this import?"
      description={`${sentence(run.kind)} import of ${moment(run.started_at)}`}
    >
      <div className="flex flex-col gap-4 p-5">
        <p>{revertWords(run)}</p>
        {!run.finished_at && (
          <p className="text-warn">
            It has not finished: take it back once it no longer runs, or what it still writes stays.
          </p>
        )}
        <ProblemLine error={revert.error} />
        <div className="flex justify-end gap-2">
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button
            variant="primary"
            aria-disabled={revert.isPending}
            onClick={() => revert.isPending || revert.mutate()}
          >
            Revert import
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
