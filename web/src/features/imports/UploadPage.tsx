import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { ArrowLeft, CircleAlert } from "lucide-react";
import { useRef, useSyncExternalStore } from "react";
import { commitUpload, removeUpload, startReading, uploadQuery } from "@/api/queries/uploads";
import type { Upload } from "@/api/types";
import { bytes } from "@/lib/bytes";
import { Button } from "@/ui/button";
import { Failure, Loading, ProblemLine, SkeletonCard } from "@/ui/states";
import { Difference } from "./Difference";
import { Done } from "./Done";
import { Chooser } from "./StartCard";
import { Bar, Steps } from "./Steps";
import { StepTitle } from "./StepTitle";
import { callOff, type Sender, senderOf } from "./sender";
import { sectionName } from "./words";

const AT: Record<string, number> = {
  receiving: 0,
  reading: 1,
  ready: 1,
  refused: 0,
  failed: 1,
  committing: 2,
};

/** One book on its way in: uploaded, looked at and mended, written, or called off. */
export function UploadPage() {
  const { id } = useParams({ from: "/imports/$id" });
  const upload = useQuery(uploadQuery(id));
  return (
    <div className="mx-auto max-w-[64rem] px-4 pt-6 pb-12 md:px-8 md:pt-9">
      <Link
        to="/imports"
        className="inline-flex items-center gap-1.5 rounded-sm text-sm text-ink-2 hover:text-ink focus-ring"
      >
        <ArrowLeft aria-hidden className="size-4" />
        Imports
      </Link>
      {upload.isPending && (
        <Loading label="Loading the upload">
          <SkeletonCard />
        </Loading>
      )}
      <Failure of={upload} />
      {upload.data && <Wizard upload={upload.data} />}
    </div>
  );
}

function Wizard({ upload }: { upload: Upload }) {
  const done = upload.state === "committed";
  return (
    <>
      <h1 className="display mt-2 text-2xl break-words md:text-3xl">{upload.label}</h1>
      <div className="mt-3 mb-6 flex flex-wrap items-center justify-between gap-3">
        <Steps at={AT[upload.state] ?? 2} done={done} />
        {!done && upload.state !== "committing" && <CallOff upload={upload} />}
      </div>
      {upload.state === "receiving" && <Receiving upload={upload} />}
      {upload.state === "reading" && (
        <Working
          upload={upload}
          title="Dry run"
          text="Everything is read and compared. Nothing is written."
        />
      )}
      {upload.state === "committing" && (
        <Working
          upload={upload}
          title="Bringing it in"
          text="All of it or nothing. You may leave this page; it goes on."
        />
      )}
      {(upload.state === "refused" || upload.state === "failed") && <Stopped upload={upload} />}
      {upload.state === "ready" && <Ready upload={upload} />}
      {done && <Done upload={upload} />}
    </>
  );
}

function CallOff({ upload }: { upload: Upload }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => {
      callOff(upload.id);
      return removeUpload(upload.id);
    },
    onSuccess: async () => {
      client.removeQueries({ queryKey: ["uploads", upload.id] });
      await client.invalidateQueries({ queryKey: ["uploads"], exact: true });
      await navigate({ to: "/imports" });
    },
  });
  return (
    <div className="flex flex-wrap items-center gap-3">
      <ProblemLine error={remove.error} />
      <Button
        variant="ghost"
        size="sm"
        aria-disabled={remove.isPending}
        onClick={() => remove.isPending || remove.mutate()}
      >
        Cancel and remove
      </Button>
    </div>
  );
}

const nothing = () => () => {};

function Receiving({ upload }: { upload: Upload }) {
  const sender = senderOf(upload.id);
  const sending = useSyncExternalStore(sender?.subscribe ?? nothing, () => sender?.snapshot() ?? null);
  const parts = Math.ceil(upload.size / upload.part_size);
  const there = sending ? sending.sent : Math.min(upload.parts.length * upload.part_size, upload.size);
  return (
    <section aria-labelledby="uploading" className="rounded-lg border border-line bg-surface p-5 shadow-1">
      <div className="flex flex-wrap items-baseline justify-between gap-2">
        <StepTitle id="uploading">{sending ? "Uploading" : "Upload not finished"}</StepTitle>
        <p className="num text-sm text-ink-2">
          {bytes(there)} of {bytes(upload.size)}
        </p>
      </div>
      <div className="mt-3">
        <Bar label="Uploaded" value={there} max={upload.size} />
      </div>
      <p className="mt-3 text-sm text-ink-2">
        Every part is encrypted before it is stored, and all of it is removed after the import or after a day.
      </p>
      {sender && sending?.status === "failed" && <Broken sender={sender} />}
      {!sending && (
        <div className="mt-5 border-t border-line pt-5">
          <p className="mb-3 text-sm">
            {upload.parts.length} of {parts} parts are there. Choose the same{" "}
            {upload.kind === "folder" ? "folder" : "archive"} again, and it goes on where it stopped.
          </p>
          <Chooser compact />
        </div>
      )}
    </section>
  );
}

function Broken({ sender }: { sender: Sender }) {
  return (
    <div className="mt-4 flex flex-wrap items-center gap-3">
      <div className="min-w-0 flex-1">
        <ProblemLine error={sender.snapshot().problem} />
      </div>
      <Button variant="primary" onClick={() => void sender.run()}>
        Go on
      </Button>
    </div>
  );
}

const STEP_TEXT: Record<string, string> = {
  unpacking: "Unpacking",
  reading: "Reading",
  comparing: "Comparing with the book",
  writing: "Writing",
};

function Working({ upload, title, text }: { upload: Upload; title: string; text: string }) {
  const { step, sections } = upload.progress;
  return (
    <section aria-labelledby="working" className="rounded-lg border border-line bg-surface p-5 shadow-1">
      <StepTitle id="working">{title}</StepTitle>
      <p role="status" className="mt-1 text-sm text-ink-2">
        {STEP_TEXT[step] ?? "Waiting to begin"}. {text}
      </p>
      <dl className="mt-4 grid gap-x-6 gap-y-3 sm:grid-cols-2">
        {sections.map(({ section, read, total }) => (
          <div key={section}>
            <div className="flex justify-between gap-3 text-sm">
              <dt>{sectionName(section)}</dt>
              <dd className="num text-ink-2">
                {read.toLocaleString("en-US")} of {total.toLocaleString("en-US")}
              </dd>
            </div>
            <dd className="mt-1.5">
              <Bar label={`${sectionName(section)} read`} value={read} max={total} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Stopped({ upload }: { upload: Upload }) {
  const client = useQueryClient();
  const again = useMutation({
    mutationFn: () => startReading(upload.id),
    onSuccess: (changed) => client.setQueryData(["uploads", upload.id], changed),
  });
  const refused = upload.state === "refused";
  return (
    <section aria-labelledby="stopped" className="rounded-lg border border-line bg-surface p-5 shadow-1">
      <StepTitle id="stopped">
        <CircleAlert aria-hidden className="size-5 text-neg" />
        {refused ? "This archive was refused" : "This could not be read"}
      </StepTitle>
      <div role="alert" className="mt-2 max-w-prose">
        {upload.problem?.path && (
          <p className="mb-1">
            <code className="font-mono text-sm break-all">{upload.problem.path}</code>
          </p>
        )}
        <p className="first-letter:uppercase">{upload.problem?.detail}.</p>
        <p className="mt-1 text-ink-2">Nothing of it is in the book.</p>
      </div>
      <ProblemLine error={again.error} />
      {refused ? (
        <div className="mt-5">
          <Chooser compact />
        </div>
      ) : (
        <Button
          className="mt-4"
          variant="primary"
          aria-disabled={again.isPending}
          onClick={() => again.isPending || again.mutate()}
        >
          Run it again
        </Button>
      )}
    </section>
  );
}

function Ready({ upload }: { upload: Upload }) {
  const client = useQueryClient();
  const settle = (changed: Upload) => client.setQueryData(["uploads", upload.id], changed);
  const again = useMutation({ mutationFn: () => startReading(upload.id), onSuccess: settle });
  const commit = useMutation({ mutationFn: () => commitUpload(upload.id), onSuccess: settle });
  const nothingNew = Object.keys(upload.summary?.written ?? {}).length === 0;
  const goOn = useRef<HTMLButtonElement>(null);
  const busy = again.isPending || commit.isPending;
  return (
    <>
      <Difference upload={upload} onSkip={() => goOn.current?.focus()} />
      <div className="sticky -bottom-4 z-10 -mx-4 mt-6 flex flex-wrap items-center justify-end gap-3 border-t border-line bg-paper px-4 py-3 md:bottom-0 md:mx-0 md:px-0">
        <p role="status" className="mr-auto min-w-0 text-sm text-ink-2">
          {upload.stale
            ? "You decided about rows since the dry run. Run it again to see what it says now."
            : nothingNew
              ? "Everything in this book is in yours already: there is nothing to write."
              : "Nothing is written yet. An import can be reverted as a whole."}
        </p>
        <ProblemLine error={again.error ?? commit.error} />
        <Button
          ref={goOn}
          variant="primary"
          aria-disabled={busy}
          onClick={() => busy || (upload.stale ? again : commit).mutate()}
        >
          {upload.stale ? "Run the dry run again" : nothingNew ? "Finish" : "Bring it in"}
        </Button>
      </div>
    </>
  );
}
