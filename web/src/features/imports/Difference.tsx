import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { uploadLinesQuery } from "@/api/queries/uploads";
import type { Upload, UploadFate, UploadSummary } from "@/api/types";
import { money, moneyExact } from "@/lib/money";
import { plural } from "@/lib/words";
import { Button } from "@/ui/button";
import { ErrorState, Loading, SkeletonCard } from "@/ui/states";
import { Tab, TabPanel, Tabs, TabsList } from "@/ui/tabs";
import { focusNew } from "./focus";
import { Line } from "./Line";
import { StepTitle } from "./StepTitle";
import { sectionName } from "./words";

/** What the dry run said: totals, what became of every section, and each row that needs a look. */
export function Difference({ upload, onSkip }: { upload: Upload; onSkip: () => void }) {
  const { summary } = upload;
  if (!summary) return null;
  return (
    <div className="flex flex-col gap-6">
      <Totals summary={summary} />
      <Sections summary={summary} />
      <NotYet summary={summary} />
      <Rows upload={upload} summary={summary} onSkip={onSkip} />
    </div>
  );
}

function Stat({ label, children, note }: { label: string; children: string; note?: string }) {
  return (
    <div className="min-w-0 border-l border-line px-5 first:border-0 max-md:border-0">
      <dt className="eyebrow">{label}</dt>
      <dd className="num display mt-0.5 text-xl">{children}</dd>
      {note && <dd className="text-xs text-ink-2">{note}</dd>}
    </div>
  );
}

function Totals({ summary }: { summary: UploadSummary }) {
  const { totals, written } = summary;
  const made = written.households ?? 0;
  const unknown = totals.unknown_balances;
  return (
    <section aria-labelledby="brings" className="rounded-lg border border-line bg-surface py-4 shadow-1">
      <StepTitle id="brings" className="mx-5 mb-3">
        What it brings
      </StepTitle>
      <dl className="grid grid-cols-2 gap-y-4 md:grid-cols-4">
        <Stat
          label="New households"
          note={totals.deleted_households > 0 ? `${totals.deleted_households} of them hidden` : undefined}
        >
          {made.toLocaleString("en-US")}
        </Stat>
        <Stat label="New people">{(written.people ?? 0).toLocaleString("en-US")}</Stat>
        <Stat label="Assets with us">{money(totals.source_linked_usd) ?? ""}</Stat>
        <Stat label="Held away" note={unknown > 0 ? `${plural(unknown, "balance")} unknown` : undefined}>
          {money(totals.source_manual_usd) ?? ""}
        </Stat>
      </dl>
      <p className="mt-4 border-t border-line px-5 pt-3 text-sm text-ink-2">
        The accounts of live households add up to <span className="num">{moneyExact(totals.source_usd)}</span>{" "}
        in the source;{" "}
        {totals.new_usd === totals.source_usd ? (
          "what would be written adds up to the same"
        ) : (
          <>
            <span className="num">{moneyExact(totals.new_usd)}</span> of it is not in the book yet
          </>
        )}
        {totals.other_currencies.map(({ currency, amount }) => (
          <span key={currency}>
            ; <span className="num">{moneyExact(amount, currency)}</span> apart
          </span>
        ))}
        .
        {totals.possible_duplicates > 0 &&
          ` ${plural(totals.possible_duplicates, "pair")} of people may be the same person; they stay apart.`}
      </p>
    </section>
  );
}

function Sections({ summary }: { summary: UploadSummary }) {
  return (
    <section
      aria-label="By section"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      className="overflow-x-auto rounded-lg focus-ring border border-line bg-surface shadow-1"
    >
      <table className="w-full text-sm">
        <thead className="bg-sunken text-left text-ink-2">
          <tr>
            <th scope="col" className="px-5 py-2 font-medium max-sm:px-3">
              In the source
            </th>
            {["Rows", "Taken", "Merged", "Refused"].map((name) => (
              <th key={name} scope="col" className="px-3 py-2 text-right font-medium last:pr-5 max-sm:px-1.5">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {summary.sections.map((s) => (
            <tr key={s.section} className="border-t border-line">
              <th scope="row" className="px-5 py-2 text-left font-normal max-sm:px-3">
                {sectionName(s.section)}
              </th>
              {[s.rows, s.imported, s.merged, s.refused].map((n, i) => (
                <td
                  // biome-ignore lint/suspicious/noArrayIndexKey: the columns never move
                  key={i}
                  className={`num px-3 py-2 text-right last:pr-5 max-sm:px-1.5 ${i === 3 && n > 0 ? "font-medium text-neg" : ""}`}
                >
                  {n.toLocaleString("en-US")}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function NotYet({ summary }: { summary: UploadSummary }) {
  const { files, documents, recordings, tokens } = summary.not_yet;
  const kept = Object.values(summary.unknown_fields).reduce((a, b) => a + b, 0);
  return (
    <div className="text-sm text-ink-2">
      <p>
        Not imported yet: {plural(files, "brain file")}, {plural(documents, "document")},{" "}
        {plural(recordings, "recording")}
        {tokens > 0 && " and the Zoom tokens"}. They stay where they are.
      </p>
      {kept > 0 && <p>{plural(kept, "value")} of fields that are not known are kept beside their rows.</p>}
      {(summary.earlier?.changes_not_replayed ?? 0) > 0 && (
        <p>
          Changes of the old log not replayed, or not in full:{" "}
          {summary.earlier?.changes_not_replayed.toLocaleString("en-US")}. They change what an earlier import
          brought, which people may have changed since.
        </p>
      )}
      {(summary.earlier?.rows_of_hidden_households ?? 0) > 0 && (
        <p>
          New rows left out, because their household was removed here:{" "}
          {summary.earlier?.rows_of_hidden_households.toLocaleString("en-US")}.
        </p>
      )}
      {summary.keys.unreadable.length > 0 && (
        <p className="break-words">Not readable in the export: {summary.keys.unreadable.join(", ")}.</p>
      )}
    </div>
  );
}

const TABS: { fate: UploadFate; label: string }[] = [
  { fate: "refused", label: "Refused" },
  { fate: "unread", label: "Not read" },
  { fate: "unmapped", label: "Unknown people" },
  { fate: "merged", label: "Merged" },
  { fate: "changed", label: "Changed households" },
  { fate: "kept", label: "Kept as people left it" },
  { fate: "created", label: "New households" },
];

/** `onSkip` leads past the rows, which may be many. */
function Rows({ upload, summary, onSkip }: { upload: Upload; summary: UploadSummary; onSkip: () => void }) {
  const count = (fate: UploadFate) =>
    summary.facets.filter((f) => f.fate === fate).reduce((sum, f) => sum + f.count, 0);
  const shown = TABS.filter(({ fate }) => count(fate) > 0);
  const [open, setOpen] = useState<string>(shown[0]?.fate ?? "created");
  if (shown.length === 0) return null;
  return (
    <section aria-label="Row by row" className="relative rounded-lg border border-line bg-surface shadow-1">
      <button
        type="button"
        onClick={onSkip}
        className="sr-only focus:not-sr-only focus:absolute focus:top-1 focus:right-2 focus:z-10 focus:rounded-md focus:bg-surface focus:px-3 focus:py-1.5 focus:text-sm focus-ring"
      >
        Skip the rows
      </button>
      <Tabs value={open} onValueChange={setOpen}>
        <TabsList className="px-5" aria-label="What became of rows">
          {shown.map(({ fate, label }) => (
            <Tab key={fate} value={fate}>
              {label} <span className="num text-ink-3">{count(fate).toLocaleString("en-US")}</span>
            </Tab>
          ))}
        </TabsList>
        {shown.map(({ fate }) => (
          <TabPanel key={fate} value={fate}>
            <Lines upload={upload} fate={fate} />
          </TabPanel>
        ))}
      </Tabs>
    </section>
  );
}

function Lines({ upload, fate }: { upload: Upload; fate: UploadFate }) {
  // What was decided is shown at once: the lines say it themselves when they are asked again.
  const version = `${upload.summary?.facets.map((f) => f.count).join()}`;
  const lines = useInfiniteQuery(uploadLinesQuery(upload.id, { fate, version }));
  const [from, setFrom] = useState<number | null>(null);
  if (lines.isPending)
    return (
      <Loading label="Loading rows">
        <SkeletonCard />
      </Loading>
    );
  if (lines.isLoadingError) return <ErrorState error={lines.error} onRetry={() => void lines.refetch()} />;
  const all = lines.data.pages.flatMap((page) => page.items);
  const more = () => {
    if (lines.isFetchingNextPage) return;
    setFrom(all.length);
    void lines.fetchNextPage();
  };
  return (
    <>
      <ul>
        {all.map((line, i) => (
          <li
            key={line.number}
            ref={i === from ? focusNew : undefined}
            tabIndex={-1}
            data-testid="upload-line"
            className="scroll-mb-20 border-t border-line px-5 py-3.5 first:border-0 focus-ring"
          >
            <Line upload={upload} line={line} />
          </li>
        ))}
      </ul>
      {lines.hasNextPage && (
        <div className="border-t border-line p-4 text-center">
          <Button onClick={more}>Show more</Button>
        </div>
      )}
    </>
  );
}
