import { useInfiniteQuery } from "@tanstack/react-query";
import { NotebookPen } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { editsQuery } from "@/api/queries/record";
import { useEditor } from "@/features/edits";
import { NoteComposer } from "@/features/notes/compose";
import { plural } from "@/lib/words";
import { Button } from "@/ui/button";
import { Empty, Failure, Loading, SkeletonCard } from "@/ui/states";
import { groupBursts, KINDS, type Kind } from "./bursts";
import { EditFilters, useChoice, wire } from "./EditFilters";
import { TimelineLine } from "./TimelineLine";
import { says } from "./tell";

/** How many pages a search inside reads by itself before it asks. */
const SEARCHED_PAGES = 20;

/** What happened with this household, up to the moment that is looked at. */
export function TimelineTab() {
  const { householdId, knownAt, nameOf } = useEditor();
  const [kind, setKind] = useState<Kind | null>(null);
  const [choice, setChoice] = useChoice();
  const filter = { ...wire(choice), ...(kind ? { kind } : {}) };
  if (knownAt && (!filter.until || filter.until > knownAt)) filter.until = knownAt;
  const edits = useInfiniteQuery(editsQuery(householdId, filter));
  const loaded = useMemo(() => edits.data?.pages.flatMap((p) => p.items) ?? [], [edits.data]);
  const bursts = useMemo(() => {
    const all = groupBursts(loaded);
    return choice.text.trim() ? all.filter((b) => says(b, choice.text.trim(), nameOf)) : all;
  }, [loaded, choice.text, nameOf]);
  // A search goes through what is not on screen yet as well.
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = edits;
  const pages = edits.data?.pages.length ?? 0;
  const searching = choice.text.trim() !== "" && hasNextPage && pages < SEARCHED_PAGES;
  useEffect(() => {
    if (searching && !isFetchingNextPage) void fetchNextPage();
  }, [searching, isFetchingNextPage, fetchNextPage]);
  const narrowed =
    kind !== null ||
    choice.text.trim() !== "" ||
    choice.user !== "" ||
    choice.from !== "" ||
    choice.to !== "";
  return (
    <div className="flex flex-col gap-4">
      {!knownAt && <NoteComposer />}
      <KindFilter value={kind} onChange={setKind} />
      <EditFilters choice={choice} onChange={setChoice} />
      {edits.isPending && (
        <Loading label="Loading the timeline">
          <SkeletonCard rows={6} />
        </Loading>
      )}
      <Failure of={edits} />
      {edits.data && bursts.length === 0 && !searching && (
        <Empty
          icon={<NotebookPen aria-hidden />}
          title={narrowed ? "Nothing matches" : "History starts with your first note"}
        >
          {narrowed ? "Choose another kind, person or time above." : "Write it above."}
        </Empty>
      )}
      {choice.text.trim() !== "" && edits.data && (
        <p role="status" className="text-sm text-ink-2">
          {plural(bursts.length, "line")} of {plural(loaded.length, "change")}
          {hasNextPage && (searching ? ", still searching" : " searched, there are more")}
        </p>
      )}
      {bursts.length > 0 && (
        <ol aria-label="Timeline" className="rounded-lg border border-line bg-surface shadow-1">
          {bursts.map((burst) => (
            <TimelineLine key={burst.id} burst={burst} />
          ))}
        </ol>
      )}
      {hasNextPage && !searching && (
        <Button className="self-center" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {choice.oldest ? "Load later" : "Load earlier"}
        </Button>
      )}
    </div>
  );
}

function KindFilter({ value, onChange }: { value: Kind | null; onChange: (kind: Kind | null) => void }) {
  const choices: [Kind | null, string][] = [
    [null, "Everything"],
    ...(Object.entries(KINDS) as [Kind, string][]),
  ];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a toolbar of toggles, not a form's fieldset
    <div role="group" aria-label="Kind" className="flex flex-wrap gap-1.5">
      {choices.map(([kind, text]) => (
        <button
          key={text}
          type="button"
          aria-pressed={value === kind}
          onClick={() => onChange(kind)}
          className="h-7.5 rounded-full border border-line-2 bg-surface px-3 text-sm text-ink-2 hover:text-ink focus-ring aria-pressed:border-brand-ink aria-pressed:bg-brand-soft aria-pressed:font-medium aria-pressed:text-brand-ink"
        >
          {text}
        </button>
      ))}
    </div>
  );
}
