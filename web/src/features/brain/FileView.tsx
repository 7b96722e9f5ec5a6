import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { ArrowLeft, FileDiff, Pencil } from "lucide-react";
import { type ReactNode, useState } from "react";
import { type BrainFile, type BrainText, type BrainVersion, brainTextQuery } from "@/api/queries/brain";
import { useEditor } from "@/features/edits";
import { moment } from "@/lib/dates";
import { Button } from "@/ui/button";
import { ErrorState, Loading, Skeleton } from "@/ui/states";
import { ChangesSince } from "./Changes";
import { FileText } from "./FileText";
import { PROFILE, whoOf } from "./files";
import { focusOn, LIST_ID, TITLE_ID } from "./focus";
import { ProofBadge } from "./ProofBadge";
import { ProvenanceCard } from "./ProvenanceCard";
import { RemoveButton } from "./RemoveFile";
import { RemovedBar, RestoreBar } from "./RestoreBar";
import { useBrainVersions } from "./useBrain";
import { VersionsCard } from "./VersionsCard";

/** A brain file in the version that the address names: its text, what can be proved of it, and how it came about. */
export function FileView({
  file,
  narrow,
  onEdit,
}: {
  file: BrainFile;
  narrow: boolean;
  onEdit: (base: BrainText) => void;
}) {
  const { knownAt } = useEditor();
  const { version: wanted = file.version } = useSearch({ from: "/households/$id" });
  const versions = useBrainVersions(file, knownAt);
  const [changes, setChanges] = useState(false);
  // A version that is not there, or not yet on the day that is shown, is the newest one.
  const version = Math.min(wanted, file.version);
  const text = useQuery(brainTextQuery(file.id, version));
  const read = version === file.version ? file : versions.items?.find((one) => one.version === version);
  return (
    <div className="grid min-w-0 grid-cols-1 items-start gap-6 @6xl:grid-cols-[minmax(0,1fr)_19rem]">
      <article
        aria-labelledby={TITLE_ID}
        className="min-w-0 rounded-lg border border-line bg-surface shadow-1"
      >
        <header className="border-b border-line px-5 py-4">
          {narrow && <ToList />}
          <Head file={file} version={version} read={read ?? text.data}>
            {version > 1 && !(read?.removed ?? false) && (
              <Button
                size="sm"
                aria-pressed={changes}
                className="aria-pressed:bg-brand-soft aria-pressed:text-brand-ink"
                onClick={() => setChanges(!changes)}
              >
                <FileDiff />
                Changes
              </Button>
            )}
            <EditButtons file={file} version={version} text={text.data} onEdit={onEdit} />
          </Head>
        </header>
        {version < file.version && <RestoreBar file={file} version={version} />}
        {version === file.version && file.removed && <RemovedBar file={file} />}
        <div className="px-5 pt-4 pb-6">
          {read?.removed ? (
            <p className="text-ink-2">There is no text in this version: with it the file was removed.</p>
          ) : (
            <Text file={file} version={version} changes={changes} />
          )}
        </div>
      </article>
      <aside aria-label={`Versions of ${file.path}`} className="flex min-w-0 flex-col gap-6">
        <VersionsCard file={file} shown={version} versions={versions} />
        {read && <ProvenanceCard provenance={read.provenance} />}
      </aside>
    </div>
  );
}

/** The text of a version, or what it changed. */
function Text({ file, version, changes }: { file: BrainFile; version: number; changes: boolean }) {
  const text = useQuery(brainTextQuery(file.id, version));
  if (text.isError) return <ErrorState error={text.error} onRetry={() => void text.refetch()} />;
  if (!text.data)
    return (
      <Loading label={`Loading ${file.path}`}>
        {["w-2/5", "w-4/5", "w-3/5", "w-1/2"].map((width) => (
          <Skeleton key={width} className={`mb-4 h-4 ${width}`} />
        ))}
      </Loading>
    );
  const { body } = text.data;
  if (changes && version > 1) return <ChangesSince file={file} version={version} body={body} />;
  return <FileText source={body} />;
}

const ToList = () => (
  <Link
    from="/households/$id"
    to="."
    search={(s) => ({ ...s, file: undefined, version: undefined })}
    onClick={() => focusOn(LIST_ID, true)}
    className="mb-2 inline-flex items-center gap-1.5 text-sm text-ink-2 hover:text-ink focus-ring [&_svg]:size-4"
  >
    <ArrowLeft aria-hidden />
    All brain files
  </Link>
);

function Head({
  file,
  version,
  read,
  children,
}: {
  file: BrainFile;
  version: number;
  read: BrainVersion | undefined;
  children: ReactNode;
}) {
  return (
    <>
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <h2
          id={TITLE_ID}
          tabIndex={-1}
          className="mr-auto min-w-0 scroll-mt-20 text-lg font-medium break-words focus-ring"
        >
          {file.path}
        </h2>
        <div className="flex flex-wrap items-center gap-2">{children}</div>
      </div>
      {read && (
        <p className="mt-1 text-sm text-ink-2" data-testid="brain-version">
          version {version} · {whoOf(read)} · <time dateTime={read.at}>{moment(read.at)}</time>
        </p>
      )}
      {read?.reason && <p className="mt-1 text-sm break-words text-ink-2">Reason: {read.reason}</p>}
      {read && (
        <div className="mt-2.5">
          <ProofBadge fileId={file.id} version={read} />
        </div>
      )}
    </>
  );
}

/** Only the newest version is written over, and never what the product makes. */
function EditButtons({
  file,
  version,
  text,
  onEdit,
}: {
  file: BrainFile;
  version: number;
  text: BrainText | undefined;
  onEdit: (base: BrainText) => void;
}) {
  const { canWrite } = useEditor();
  if (file.path === PROFILE)
    return <p className="self-center text-sm text-ink-3">Made from the household's record</p>;
  if (!canWrite || file.removed || version < file.version || !text) return null;
  return (
    <>
      <Button size="sm" data-edit onClick={() => onEdit(text)}>
        <Pencil />
        Edit
      </Button>
      <RemoveButton file={file} />
    </>
  );
}
