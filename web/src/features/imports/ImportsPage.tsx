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
import { Empty, Failure, Loading, SkeletonCard } from "@/ui/states";
import { useLostFocus } from "./focus";
import { RevertDialog } from "./RevertDialog";
import {
  type Begun,
  begun,
  canTakeBack,
  counts,
  isReverting,
  type Kept,
  kept,
  keptWords,
  refused,
} from "./report";
import { StartCard } from "./StartCard";

/** While a revert runs, the list is asked again this often. */
const WATCH_MS = 1_500;

/** What was brought in from elsewhere, and the way to take it back. */
export function ImportsPage() {
  const canRun = useCan("import.run");
  const title = useLostFocus<HTMLHeadingElement>();
  const [asked, setAsked] = useState<ReadonlyMap<string, Begun>>(new Map());
  const imports = useQuery({
    ...importsQuery,
    refetchInterval: ({ state }) =>
      state.data?.items.some((run) => isReverting(run, asked.get(run.id), state.dataUpdatedAt))
        ? WATCH_MS
        : false,
  });
  return (
    <div className="mx-auto max-w-[64rem] px-4 pt-6 pb-12 md:px-8 md:pt-9">
      <h1 ref={title} tabIndex={-1} className="display rounded-sm text-2xl focus-ring md:text-3xl">
        Imports
      </h1>
      <p className="mt-1 text-ink-2">What was brought in, when and by whom.</p>
      <div className="mt-6 flex flex-col gap-6">
        {canRun && <StartCard />}
        {imports.isPending && (
          <Loading label="Loading imports">
            <SkeletonCard />
          </Loading>
        )}
        <Failure of={imports} />
        {imports.data?.items.length === 0 && (
          <Empty icon={<FileInput aria-hidden />} title="Nothing imported yet">
            What an import brings appears here, with the way to take it back.
          </Empty>
        )}
        {imports.data && imports.data.items.length > 0 && (
          <ul aria-label="Imports" className="flex flex-col gap-4">
            {imports.data.items.map((run) => (
              <ImportCard
                key={run.id}
                run={run}
                reverting={isReverting(run, asked.get(run.id), imports.dataUpdatedAt)}
                onRevert={() => setAsked((all) => new Map([...all, [run.id, begun(run, Date.now())]]))}
              />
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function ImportCard({
  run,
  reverting,
  onRevert,
}: {
  run: ImportRun;
  reverting: boolean;
  onRevert: () => void;
}) {
  const canRevert = useCan("import.revert");
  const [asking, setAsking] = useState(false);
  const name = useLostFocus<HTMLParagraphElement>(reverting, true);
  const sections = counts(run);
  return (
    <li className="rounded-lg border border-line bg-surface p-5 shadow-1" data-testid="import">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="mr-auto min-w-0">
          <p ref={name} tabIndex={-1} className="flex flex-wrap items-center gap-2 rounded-sm focus-ring">
            <span className="display text-lg">{sentence(run.kind)} import</span>
            {run.reverted_at && <Badge>Reverted {ago(run.reverted_at)}</Badge>}
            {reverting && <Badge tone="info">Reverting</Badge>}
            {!run.finished_at && <Badge tone="info">{canTakeBack(run) ? "Not finished" : "Running"}</Badge>}
          </p>
          <p className="text-sm break-words text-ink-2">
            {run.label}, <time dateTime={run.started_at}>{moment(run.started_at)}</time>, {run.user_name}
          </p>
        </div>
        {canRevert && canTakeBack(run) && !reverting && (
          <Button variant="danger" onClick={() => setAsking(true)}>
            <Undo2 />
            Revert
          </Button>
        )}
      </div>
      {sections.length > 0 && (
        <dl className="mt-4 flex flex-wrap gap-x-8 gap-y-2 border-t border-line pt-4">
          {sections.map(([section, n]) => (
            <div key={section}>
              <dt className="eyebrow">{sentence(section)}</dt>
              <dd className="num text-md">{n.toLocaleString("en-US")}</dd>
            </div>
          ))}
        </dl>
      )}
      <RefusedList run={run} />
      <KeptList run={run} />
      {asking && <RevertDialog run={run} onBegun={onRevert} onClose={() => setAsking(false)} />}
    </li>
  );
}

function RefusedList({ run }: { run: ImportRun }) {
  const rows = refused(run);
  if (rows.length === 0) return null;
  return (
    <details className="mt-4 border-t border-line pt-3">
      <summary className="cursor-pointer rounded-sm text-sm font-medium focus-ring">
        {plural(rows.length, "row")} not imported
      </summary>
      <ul className="mt-2 text-sm">
        {rows.map((row) => (
          <li key={`${row.section}${row.id}`} className="py-0.5">
            {sentence(row.section)} <code className="font-mono text-ink-2">{row.id}</code>:{" "}
            {sentence(row.reason).toLowerCase()}
          </li>
        ))}
      </ul>
    </details>
  );
}

function KeptList({ run }: { run: ImportRun }) {
  const rows = kept(run);
  if (rows.length === 0) return null;
  return (
    <section aria-label="Kept" className="mt-4 border-t border-line pt-3">
      <h2 className="text-sm font-medium">
        Kept as {rows.length === 1 ? "it is" : "they are"}: {rows.length}
      </h2>
      <ul className="mt-1 max-h-72 overflow-y-auto text-sm">
        {rows.map((row) => (
          <KeptLine key={`${row.entity_id}${row.field}`} row={row} />
        ))}
      </ul>
    </section>
  );
}

function KeptLine({ row }: { row: Kept }) {
  const { what, why } = keptWords(row);
  return (
    <li className="py-0.5">
      {what}: <span className="text-ink-2">{why}</span>
    </li>
  );
}
