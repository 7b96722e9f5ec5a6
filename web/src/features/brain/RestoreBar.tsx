import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import { type BrainFile, brainFilesQuery, restoreBrainVersion } from "@/api/queries/brain";
import { useEditor } from "@/features/edits";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/overlay";
import { ProblemLine } from "@/ui/states";
import { toast } from "@/ui/toast";
import { PROFILE } from "./files";
import { focusOn, TITLE_ID } from "./focus";
import { ReasonField } from "./ReasonField";
import { keepWritten } from "./useBrain";

/** Says that the file was removed, and brings its last text back. By whom and why stands in the head above. */
export function RemovedBar({ file }: { file: BrainFile }) {
  const { canWrite } = useEditor();
  const [asked, setAsked] = useState(false);
  const close = () => setAsked(false);
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line bg-warn-soft px-5 py-2 text-sm text-warn">
      <p className="mr-auto">This file was removed. Its versions are here.</p>
      {canWrite && (
        <Button size="sm" className="text-ink" onClick={() => setAsked(true)}>
          Bring it back
        </Button>
      )}
      {asked && (
        <RestoreDialog
          file={file}
          version={file.version - 1}
          onClose={close}
          onNewest={() => {
            close();
            focusOn(TITLE_ID);
          }}
        />
      )}
    </div>
  );
}

/** Says that an earlier version is read, and brings it back. */
export function RestoreBar({ file, version }: { file: BrainFile; version: number }) {
  const { canWrite, knownAt } = useEditor();
  const navigate = useNavigate({ from: "/households/$id" });
  const [asked, setAsked] = useState(false);
  const toNewest = async () => {
    setAsked(false);
    await navigate({ search: (s) => ({ ...s, version: undefined }), replace: true });
    focusOn(TITLE_ID);
  };
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line bg-info-soft px-5 py-2 text-sm text-info">
      <p className="mr-auto">
        An earlier version: {version} of {file.version}
      </p>
      <Button size="sm" onClick={() => void toNewest()}>
        {knownAt ? "Version of that day" : "Newest version"}
      </Button>
      {canWrite && file.path !== PROFILE && (
        <Button size="sm" onClick={() => setAsked(true)}>
          Restore this version
        </Button>
      )}
      {asked && (
        <RestoreDialog
          file={file}
          version={version}
          onClose={() => setAsked(false)}
          onNewest={() => void toNewest()}
        />
      )}
    </div>
  );
}

function RestoreDialog({
  file,
  version,
  onClose,
  onNewest,
}: {
  file: BrainFile;
  version: number;
  onClose: () => void;
  onNewest: () => void;
}) {
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const restore = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const why = reason.trim();
      const body = { version, seen: file.version, ...(why ? { reason: why } : {}) };
      const written = await restoreBrainVersion(file.id, body);
      keepWritten(client, written);
      toast(`Saved as version ${written.version}.`);
      onNewest();
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  const readNewest = () =>
    client.invalidateQueries({ queryKey: brainFilesQuery(file.household_id).queryKey }).then(onNewest);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Restore version ${version}`}
      description={`Its text becomes version ${file.version + 1}. Nothing is lost: version ${file.version} stays in the list.`}
    >
      <form onSubmit={(event) => void restore(event)} className="flex flex-col gap-4 p-5">
        {problem?.status === 409 ? (
          <div role="alert" data-testid="conflict" className="rounded-md bg-warn-soft p-3 text-sm text-warn">
            <p>{problem.message}</p>
            <Button size="sm" className="mt-3 text-ink" onClick={() => void readNewest()}>
              Read the newest version
            </Button>
          </div>
        ) : (
          <ProblemLine error={problem?.fieldErrors.reason ? null : problem} />
        )}
        <ReasonField
          value={reason}
          onChange={setReason}
          error={problem?.fieldErrors.reason}
          hint="Optional. It is kept with the version."
          longest={400}
          autoFocus
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={busy}>
            Restore
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
