import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck, Undo2 } from "lucide-react";
import { useState } from "react";
import { importedHouseholdsQuery } from "@/api/queries/uploads";
import { importsQuery } from "@/api/queries/work";
import type { Upload } from "@/api/types";
import { useCan } from "@/features/auth";
import { plural, sentence } from "@/lib/words";
import { Button } from "@/ui/button";
import { ErrorState, Loading, SkeletonCard } from "@/ui/states";
import { focusNew } from "./focus";
import { RevertDialog } from "./RevertDialog";
import { StepTitle } from "./StepTitle";

/** What came in, where it is, and the way back. */
export function Done({ upload }: { upload: Upload }) {
  if (upload.import_id) return <Written id={upload.import_id} />;
  return (
    <section className="rounded-lg border border-line bg-surface p-5 shadow-1">
      <StepTitle>
        <CircleCheck aria-hidden className="size-5 text-pos" />
        Nothing to write
      </StepTitle>
      <p className="mt-1 text-ink-2">
        Every row of this book was in yours already. What was uploaded is removed.
      </p>
    </section>
  );
}

function Written({ id }: { id: string }) {
  const canRevert = useCan("import.revert");
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [reverting, setReverting] = useState(false);
  const imports = useQuery({
    ...importsQuery,
    refetchInterval: (query) =>
      reverting && !query.state.data?.items.find((run) => run.id === id)?.reverted_at ? 1_500 : false,
  });
  const run = imports.data?.items.find((one) => one.id === id);
  if (imports.isPending)
    return (
      <Loading label="Loading the import">
        <SkeletonCard />
      </Loading>
    );
  if (imports.isLoadingError)
    return <ErrorState error={imports.error} onRetry={() => void imports.refetch()} />;
  if (!run) return null;
  const written = Object.entries((run.report.written ?? {}) as Record<string, number>);
  return (
    <div className="flex flex-col gap-6">
      <section aria-labelledby="came-in" className="rounded-lg border border-line bg-surface p-5 shadow-1">
        <div className="flex flex-wrap items-start justify-between gap-3">
          <div>
            <StepTitle id="came-in" step={reverting}>
              <CircleCheck aria-hidden className="size-5 text-pos" />
              {run.reverted_at ? "Taken back" : "It is in the book"}
            </StepTitle>
            <p role="status" className="mt-1 text-ink-2">
              {run.reverted_at
                ? "What this import brought is hidden again, except for what people changed since."
                : reverting
                  ? "It is being taken back."
                  : "What was uploaded is removed from the server."}
            </p>
          </div>
          {canRevert && !run.reverted_at && !reverting && (
            <Button variant="danger" onClick={() => setAsking(true)}>
              <Undo2 />
              Revert
            </Button>
          )}
        </div>
        <dl className="mt-4 flex flex-wrap gap-x-8 gap-y-2 border-t border-line pt-4">
          {written.map(([table, n]) => (
            <div key={table}>
              <dt className="eyebrow">{sentence(table)}</dt>
              <dd className="num text-md">{n.toLocaleString("en-US")}</dd>
            </div>
          ))}
        </dl>
      </section>
      {!run.reverted_at && <Households id={id} />}
      {asking && (
        <RevertDialog
          run={run}
          onBegun={() => {
            setReverting(true);
            void client.invalidateQueries({ queryKey: ["imports"] });
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}

function Households({ id }: { id: string }) {
  const households = useInfiniteQuery(importedHouseholdsQuery(id));
  const [from, setFrom] = useState<number | null>(null);
  if (!households.data) return null;
  const all = households.data.pages.flatMap((page) => page.items);
  const more = () => {
    if (households.isFetchingNextPage) return;
    setFrom(all.length);
    void households.fetchNextPage();
  };
  return (
    <section
      aria-labelledby="its-households"
      className="rounded-lg border border-line bg-surface p-5 shadow-1"
    >
      <h2 id="its-households" className="display text-lg">
        {plural(all.length, "household")}
        {households.hasNextPage && " and more"}
      </h2>
      <ul className="mt-3 gap-x-8 text-sm sm:columns-2 lg:columns-3">
        {all.map((household, i) => (
          <li key={household.id} className="break-inside-avoid py-1">
            <Link
              ref={i === from ? focusNew : undefined}
              to="/households/$id"
              params={{ id: household.id }}
              className="rounded-sm text-brand-ink hover:underline focus-ring"
            >
              {household.name}
            </Link>
          </li>
        ))}
      </ul>
      {households.hasNextPage && (
        <Button className="mt-3" onClick={more}>
          Show more
        </Button>
      )}
    </section>
  );
}
