import { useNavigate, useSearch } from "@tanstack/react-router";
import { Brain, Plus } from "lucide-react";
import { useState } from "react";
import type { BrainFile } from "@/api/queries/brain";
import { useEditor } from "@/features/edits";
import { cn } from "@/lib/cn";
import { date } from "@/lib/dates";
import { useNarrow } from "@/lib/narrow";
import { Button } from "@/ui/button";
import { Empty, ErrorState, Loading, SkeletonCard } from "@/ui/states";
import { FileEditor, type Writing } from "./FileEditor";
import { FileList } from "./FileList";
import { FileView } from "./FileView";
import { FACTS, firstFile } from "./files";
import { focusOn, LIST_ID, TITLE_ID } from "./focus";
import { useBrainFiles } from "./useBrain";

/** The firm's memory of a household: files that are encrypted, versioned and proved. */
export function BrainTab() {
  const { householdId, knownAt, canWrite } = useEditor();
  const brain = useBrainFiles(householdId, knownAt);
  const [writing, setWriting] = useState<Writing | null>(null);
  const begin = (path: string) => setWriting({ path });
  // The past is not written to; neither is what one may only read.
  if (writing && canWrite) return <Write writing={writing} onClose={() => setWriting(null)} />;
  if (brain.error) return <ErrorState error={brain.error} onRetry={brain.retry} />;
  if (brain.pending || !brain.files)
    return (
      <Loading label="Loading brain files">
        <div className="grid grid-cols-1 gap-6 @4xl:grid-cols-[15rem_minmax(0,1fr)]">
          <SkeletonCard rows={3} />
          <SkeletonCard rows={8} />
        </div>
      </Loading>
    );
  if (brain.files.length + brain.removed.length === 0) return <NothingYet onBegin={() => begin(FACTS)} />;
  return (
    <>
      <Files files={brain.files} removed={brain.removed} onBegin={begin} onEdit={setWriting} />
      {brain.removedUnknown && <RemovedUnknown onRetry={brain.retry} />}
    </>
  );
}

const RemovedUnknown = ({ onRetry }: { onRetry: () => void }) => (
  <p role="status" className="mt-4 text-sm text-warn">
    The files that were removed could not be asked for.{" "}
    <button
      type="button"
      onClick={onRetry}
      className="rounded-sm font-medium underline underline-offset-4 focus-ring"
    >
      Try again
    </button>
  </p>
);

function NothingYet({ onBegin }: { onBegin: () => void }) {
  const { knownAt, canWrite } = useEditor();
  const icon = <Brain aria-hidden />;
  if (knownAt) return <Empty icon={icon} title="Nothing was remembered of this household then" />;
  return (
    <Empty
      icon={icon}
      title="Nothing is remembered of this household yet"
      action={
        canWrite && (
          <Button variant="primary" onClick={onBegin}>
            Write facts.md
          </Button>
        )
      }
    >
      Brain files hold what the firm should not forget. Every version is encrypted, kept and proved.
    </Empty>
  );
}

/** The list and the file that is read, side by side; on a phone one after the other. */
function Files({
  files,
  removed,
  onBegin,
  onEdit,
}: {
  files: BrainFile[];
  removed: BrainFile[];
  /** With the path of the new file, as far as it is known. */
  onBegin: (path: string) => void;
  onEdit: (writing: Writing) => void;
}) {
  const { knownAt, canWrite } = useEditor();
  const { file: wanted } = useSearch({ from: "/households/$id" });
  const narrow = useNarrow();
  const chosen = [...files, ...removed].find((file) => file.id === wanted);
  const shown = chosen ?? (narrow ? undefined : firstFile(files));
  return (
    <div data-edits>
      {knownAt && <AsOf knownAt={knownAt} />}
      <div
        className={cn(
          "grid grid-cols-1 items-start gap-6",
          !narrow && "grid-cols-[13rem_minmax(0,1fr)] @6xl:grid-cols-[15rem_minmax(0,1fr)]",
        )}
      >
        {!(narrow && shown) && (
          <FileList
            files={files}
            removed={removed}
            shown={shown}
            narrow={narrow}
            action={canWrite && <NewFile files={files} onBegin={onBegin} />}
          />
        )}
        {shown && (
          <FileView
            key={shown.id}
            file={shown}
            narrow={narrow}
            onEdit={(base) => onEdit({ path: base.path, base })}
          />
        )}
      </div>
    </div>
  );
}

/** What is remembered first of a household is its facts. */
function NewFile({ files, onBegin }: { files: BrainFile[]; onBegin: (path: string) => void }) {
  const first = !files.some((file) => file.path === FACTS);
  return (
    <Button size="sm" onClick={() => onBegin(first ? FACTS : "")}>
      <Plus />
      {first ? `Write ${FACTS}` : "New file"}
    </Button>
  );
}

const AsOf = ({ knownAt }: { knownAt: string }) => (
  <p className="mb-4 text-sm text-warn">
    Brain files with the versions that they had on {date(knownAt)}. They are proved as they are stored now.
  </p>
);

function Write({ writing, onClose }: { writing: Writing; onClose: () => void }) {
  const navigate = useNavigate({ from: "/households/$id" });
  const written = async (file: BrainFile) => {
    onClose();
    await navigate({ search: (s) => ({ ...s, file: file.id, version: undefined }), replace: true });
    focusOn(TITLE_ID);
  };
  const leave = () => {
    onClose();
    focusOn(writing.base ? TITLE_ID : LIST_ID);
  };
  return <FileEditor writing={writing} onSaved={(file) => void written(file)} onLeave={leave} />;
}
