import { Link } from "@tanstack/react-router";
import { FileText, Folder as FolderIcon } from "lucide-react";
import type { ReactNode } from "react";
import type { BrainFile } from "@/api/queries/brain";
import { cn } from "@/lib/cn";
import { ago, moment } from "@/lib/dates";
import { plural } from "@/lib/words";
import { byFolder, nameOf, whoOf } from "./files";
import { focusOn, LIST_ID, TITLE_ID } from "./focus";

/** The files by folder, with who wrote each and when; below them, folded, those that were removed. */
export function FileList({
  files,
  removed,
  shown,
  narrow,
  action,
}: {
  files: BrainFile[];
  removed: BrainFile[];
  shown: BrainFile | undefined;
  /** The file takes the place of the list, and the focus with it. */
  narrow: boolean;
  action: ReactNode;
}) {
  const line = (file: BrainFile) => (
    <FileLine
      key={file.id}
      file={file}
      current={file.id === shown?.id}
      onOpen={narrow ? () => focusOn(TITLE_ID, true) : undefined}
    />
  );
  return (
    <nav aria-labelledby={LIST_ID} className="min-w-0">
      <div className="mb-2 flex min-h-8 items-center justify-between gap-2">
        <h2 id={LIST_ID} tabIndex={-1} className="display scroll-mt-6 text-lg focus-ring">
          Brain files
        </h2>
        {action}
      </div>
      {byFolder(files).map((folder) => (
        <div key={folder.name} className="not-first:mt-3">
          {folder.name && (
            <h3 className="eyebrow mb-1 flex items-center gap-1.5 px-2 [&_svg]:size-3.5">
              <FolderIcon aria-hidden />
              <span className="truncate">{folder.name}</span>
            </h3>
          )}
          <ul className="flex flex-col gap-0.5">{folder.files.map(line)}</ul>
        </div>
      ))}
      {removed.length > 0 && (
        <details
          className="mt-4 border-t border-line pt-2"
          open={removed.some((file) => file.id === shown?.id)}
        >
          <summary className="cursor-pointer rounded-sm px-2 py-1 text-sm text-ink-2 focus-ring">
            {plural(removed.length, "removed file")}
          </summary>
          <ul aria-label="Removed files" className="mt-1 flex flex-col gap-0.5">
            {removed.map(line)}
          </ul>
        </details>
      )}
    </nav>
  );
}

function FileLine({ file, current, onOpen }: { file: BrainFile; current: boolean; onOpen?: () => void }) {
  return (
    <li>
      <Link
        from="/households/$id"
        to="."
        search={(s) => ({ ...s, tab: "brain", file: file.id, version: undefined })}
        onClick={onOpen}
        aria-current={current ? "page" : undefined}
        data-testid="brain-file"
        className={cn(
          "flex items-start gap-2 rounded-md px-2 py-1.5 focus-ring [&_svg]:mt-0.5 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-3",
          current ? "bg-brand-soft [&_svg]:text-brand-ink" : "hover:bg-sunken",
        )}
      >
        <FileText aria-hidden />
        <span className="min-w-0">
          <span className={cn("block font-medium break-words", current && "text-brand-ink")}>
            {file.removed ? file.path : nameOf(file.path)}
          </span>
          <span className={cn("block text-xs", current ? "text-ink-2" : "text-ink-3")}>
            {whoOf(file)},{" "}
            <time dateTime={file.at} title={moment(file.at)}>
              {ago(file.at)}
            </time>
          </span>
        </span>
      </Link>
    </li>
  );
}
