import { useQuery } from "@tanstack/react-query";
import { FileInput, Undo2 } from "lucide-react";
import { useState } from "react";
import { importsQuery } from "@/api/queries/work";
import type { ImportRun } from "@/api/types";
import { useCan } from "@/features/auth";
import { ago, moment } from "@/lib/dates";
import { plural, sentence } from "@/lib/words";
import { Button } from "@/ui/button";
import { Badge } from "@/ui/card";
import { Empty, ErrorState, Loading, SkeletonCard } from "@/ui/states";
import { RevertDialog } from "./RevertDialog";

/** What was brought in from elsewhere, and the way to take it back. */
export function ImportsPage() {
  const imports = useQuery(importsQuery);
  return (
    <div className="mx-auto max-w-[64rem] px-4 pt-6 pb-12 md:px-8 md:pt-9">
      <h1 className="display text-2xl md:text-3xl">Imports</h1>
      <p className="mt-1 text-ink-2">What was brought in, when and by whom.</p>
      <div className="mt-6">
        {imports.isPending && (
          <Loading label="Loading imports">
            <SkeletonCard />
          </Loading>
        )}
        {imports.isError && <ErrorState error={imports.error} onRetry={() => void imports.refetch()} />}
        {imports.data?.items.length === 0 && (
          <Empty icon={<FileInput aria-hidden />} title="Nothing imported yet">
            An import is run by your administrator on the server. It appears here with what it brought.
          </Empty>
        )}
        {imports.data && imports.data.items.length > 0 && (
          <ul aria-label="Imports" className="flex flex-col gap-4">
            {imports.data.items.map((run) => (
              <ImportCard key={run.id} run={run} />
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function ImportCard({ run }: { run: ImportRun }) {
  const canRevert = useCan("import.revert");
  const [asking, setAsking] = useState(false);
  const counts = Object.entries(run.counts).filter(([, n]) => n > 0);
  return (
    <li className="rounded-lg border border-line bg-surface p-5 shadow-1" data-testid="import">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="mr-auto min-w-0">
          <p className="flex flex-wrap items-center gap-2">
            <span className="display text-lg">{sentence(run.kind)} import</span>
            {run.reverted_at && <Badge>Reverted {ago(run.reverted_at)}</Badge>}
            {!run.finished_at && <Badge tone="info">Running</Badge>}
          </p>
          <p className="text-sm text-ink-2">
            <time dateTime={run.started_at}>{moment(run.started_at)}</time>
            {run.user && `, ${run.user.name}`}
            {run.kept_edits > 0 && `, ${plural(run.kept_edits, "later edit")} kept`}
          </p>
        </div>
        {canRevert && run.finished_at && !run.reverted_at && (
          <Button variant="danger" onClick={() => setAsking(true)}>
            <Undo2 />
            Revert
          </Button>
        )}
      </div>
      {counts.length > 0 && (
        <dl className="mt-4 flex flex-wrap gap-x-8 gap-y-2 border-t border-line pt-4">
          {counts.map(([table, n]) => (
            <div key={table}>
              <dt className="eyebrow">{sentence(table)}</dt>
              <dd className="num text-md">{n.toLocaleString("en-US")}</dd>
            </div>
          ))}
        </dl>
      )}
      {asking && <RevertDialog run={run} onClose={() => setAsking(false)} />}
    </li>
  );
}
