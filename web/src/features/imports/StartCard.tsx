import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { FileArchive, FolderOpen, UploadCloud } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import { createUpload, uploadsQuery } from "@/api/queries/uploads";
import type { Upload } from "@/api/types";
import { bytes } from "@/lib/bytes";
import { cn } from "@/lib/cn";
import { ago } from "@/lib/dates";
import { sentence } from "@/lib/words";
import { Button } from "@/ui/button";
import { Badge } from "@/ui/card";
import { ProblemLine } from "@/ui/states";
import { BadChoice, type Chosen, chosenArchive, chosenDrop, chosenFolder, fromInput } from "./choose";
import { send } from "./sender";

const PART_SIZE = 4 * 1024 * 1024;

/** Begins an upload with what was chosen and goes to its page. Returns what stands in the way. */
export function useBegin() {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const begin = async (choice: Promise<Chosen>) => {
    setBusy(true);
    setProblem(null);
    try {
      const { kind, label, blob, fingerprint } = await choice;
      const upload = await createUpload({ kind, label, fingerprint, size: blob.size, part_size: PART_SIZE });
      client.setQueryData(["uploads", upload.id], upload);
      send(upload.id, blob, upload.part_size);
      await navigate({ to: "/imports/$id", params: { id: upload.id } });
    } catch (error) {
      setProblem(error);
    }
    setBusy(false);
  };
  return { begin, problem, busy };
}

/** Choose a folder or an archive, or drop one. */
export function Chooser({ compact }: { compact?: boolean }) {
  const { begin, problem, busy } = useBegin();
  const folder = useRef<HTMLInputElement>(null);
  const archive = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (!busy) void begin(chosenDrop(event.dataTransfer.items));
  };
  return (
    <div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a short cut; the buttons inside do the same */}
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={cn(
          "flex flex-col items-center gap-3 rounded-lg border border-dashed border-line-2 px-5 text-center",
          compact ? "py-6" : "py-9",
          over && "border-brand bg-brand-soft",
        )}
      >
        <UploadCloud aria-hidden className="size-6 text-brass" />
        <p className="max-w-110 text-ink-2">
          Choose the folder that holds <code className="font-mono text-sm">localstorage.json</code>, or an
          archive of it (.zip, .tar.gz). You can drop it here.
        </p>
        <div className="flex flex-wrap justify-center gap-2">
          <Button variant="primary" aria-disabled={busy} onClick={() => busy || folder.current?.click()}>
            <FolderOpen />
            Choose folder
          </Button>
          <Button aria-disabled={busy} onClick={() => busy || archive.current?.click()}>
            <FileArchive />
            Choose archive
          </Button>
        </div>
        <input
          ref={(element) => {
            folder.current = element;
            element?.setAttribute("webkitdirectory", "");
          }}
          type="file"
          hidden
          data-testid="choose-folder"
          onChange={(event) => {
            const { files } = event.target;
            if (files?.length) void begin(chosenFolder(fromInput(files)));
            event.target.value = "";
          }}
        />
        <input
          ref={archive}
          type="file"
          hidden
          accept=".zip,.tgz,.gz,.tar"
          data-testid="choose-archive"
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file) void begin(chosenArchive(file));
            event.target.value = "";
          }}
        />
      </div>
      {problem instanceof BadChoice ? (
        <p role="alert" className="mt-3 rounded-md bg-neg-soft px-3 py-2 text-sm text-neg">
          {problem.message}
        </p>
      ) : (
        problem !== null && (
          <div className="mt-3">
            <ProblemLine error={problem} />
          </div>
        )
      )}
    </div>
  );
}

/** The way in: what is brought in, what is not, and uploads that wait for somebody. */
export function StartCard() {
  const uploads = useQuery(uploadsQuery);
  const open = (uploads.data?.items ?? []).filter((upload) => upload.state !== "committed");
  return (
    <section aria-labelledby="bring-in" className="rounded-lg border border-line bg-surface p-5 shadow-1">
      <h2 id="bring-in" className="display text-lg">
        Bring in a book
      </h2>
      <p className="mt-1 mb-4 text-sm text-ink-2">
        First a dry run: you see exactly what would change, and nothing is written until you say so.
        Documents, recordings and other files of the old layout are not imported yet; they stay where they
        are.
      </p>
      <Chooser />
      {open.length > 0 && (
        <>
          <h3 className="eyebrow mt-5">Under way</h3>
          <ul aria-label="Under way" className="mt-1">
            {open.map((upload) => (
              <OpenUpload key={upload.id} upload={upload} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

const STATES: Record<string, string> = {
  receiving: "Uploading",
  reading: "Dry run",
  ready: "To be looked at",
  refused: "Refused",
  failed: "Failed",
  committing: "Being written",
};

function OpenUpload({ upload }: { upload: Upload }) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line py-2.5 first:border-0">
      <Link
        to="/imports/$id"
        params={{ id: upload.id }}
        className="min-w-0 truncate rounded-sm font-medium text-brand-ink hover:underline focus-ring"
      >
        {upload.label}
      </Link>
      <Badge tone={upload.state === "refused" || upload.state === "failed" ? "neg" : "info"}>
        {STATES[upload.state] ?? sentence(upload.state)}
      </Badge>
      <span className="text-sm text-ink-2">
        {bytes(upload.size)}, {ago(upload.created_at)}
      </span>
    </li>
  );
}
