import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import { type BrainFile, brainFilesQuery, removeBrainFile } from "@/api/queries/brain";
import { Button, IconButton } from "@/ui/button";
import { Dialog } from "@/ui/overlay";
import { ProblemLine } from "@/ui/states";
import { toast } from "@/ui/toast";
import { focusOn, LIST_ID } from "./focus";
import { ReasonField } from "./ReasonField";
import { keepWritten } from "./useBrain";

/** Takes a file out of the list. What it said stays in its versions. */
export function RemoveButton({ file }: { file: BrainFile }) {
  const [asked, setAsked] = useState(false);
  return (
    <>
      <IconButton data-edit label={`Remove ${file.path}`} onClick={() => setAsked(true)}>
        <Trash2 />
      </IconButton>
      {asked && <RemoveDialog file={file} onClose={() => setAsked(false)} />}
    </>
  );
}

function RemoveDialog({ file, onClose }: { file: BrainFile; onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate({ from: "/households/$id" });
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const remove = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const removed = await removeBrainFile(file.id, { seen: file.version, reason: reason.trim() });
      onClose();
      await navigate({ search: (s) => ({ ...s, file: undefined, version: undefined }), replace: true });
      keepWritten(client, removed);
      toast(`${file.path} is removed. It stands below the list, with its versions.`);
      focusOn(LIST_ID);
    } catch (error) {
      const found = asProblem(error);
      setProblem(found);
      setBusy(false);
      if (found.status === 409) void client.invalidateQueries(brainFilesQuery(file.household_id));
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Remove ${file.path}`}
      description="It leaves the list. Its versions stay, and any of them can be brought back."
    >
      <form onSubmit={(event) => void remove(event)} className="flex flex-col gap-4 p-5">
        <ProblemLine error={problem?.fieldErrors.reason ? null : problem} />
        <ReasonField
          value={reason}
          onChange={setReason}
          error={problem?.fieldErrors.reason}
          hint="It is kept with the file and in the log."
          longest={400}
          required
          autoFocus
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="danger" disabled={busy}>
            Remove
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
