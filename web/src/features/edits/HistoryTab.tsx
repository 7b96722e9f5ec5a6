import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { restoreFact, undoEdit } from "@/api/facts";
import { asProblem } from "@/api/problem";
import { type EditsFilter, editsQuery } from "@/api/queries/record";
import { useUserOptions } from "@/api/queries/user-options";
import type { Edit, Noun } from "@/api/types";
import { ago, justBefore, moment } from "@/lib/dates";
import { Button } from "@/ui/button";
import { Badge } from "@/ui/card";
import { Select } from "@/ui/form";
import { Empty, ErrorState, Failure, Loading, SkeletonCard } from "@/ui/states";
import { toast } from "@/ui/toast";
import { useEditor } from "./editor";
import { createdValues, entityLabel, fieldLabel, formatValue, isNothing, sourceLabel } from "./format";
import { focusRow, rowMark } from "./row";

/** How many pages are read to find the edit that was asked for. */
const MOST_PAGES = 20;
const ALL_SOURCES = ["ui", "api", "import", "undo", "restore", "sample", "system"] as const;
type Source = (typeof ALL_SOURCES)[number];

/** Every change of every field, newest first: what it was, what it became, who, when and how. `shown` is the edit to lead to. */
export function HistoryTab({ shown }: { shown?: string }) {
  const { householdId, knownAt } = useEditor();
  const users = useUserOptions();
  const [person, setPerson] = useState("");
  const [source, setSource] = useState<Source | "">("");
  const filter: EditsFilter = {
    ...(person ? { user_id: person } : {}),
    ...(source ? { source } : {}),
    ...(knownAt ? { until: knownAt } : {}),
  };
  const edits = useInfiniteQuery(editsQuery(householdId, filter));
  const all = useMemo(() => edits.data?.pages.flatMap((p) => p.items) ?? [], [edits.data]);
  useLeadTo(shown, all, edits);
  if (edits.isLoadingError) return <ErrorState error={edits.error} onRetry={() => void edits.refetch()} />;
  if (edits.isPending)
    return (
      <Loading label="Loading history">
        <SkeletonCard rows={6} />
      </Loading>
    );
  return (
    <div>
      <Failure of={edits} />
      <div className="mb-4 flex flex-wrap gap-2">
        <Select
          aria-label="Filter by person"
          className="w-auto"
          value={person}
          onChange={(e) => setPerson(e.target.value)}
        >
          <option value="">Everyone</option>
          {users.map(([id, name]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
        <Select
          aria-label="Filter by source"
          className="w-auto"
          value={source}
          onChange={(e) => setSource(e.target.value as Source | "")}
        >
          <option value="">Every source</option>
          {ALL_SOURCES.map((s) => (
            <option key={s} value={s}>
              Made {sourceLabel(s)}
            </option>
          ))}
        </Select>
      </div>
      {all.length === 0 ? (
        <Empty title="No changes match">Choose another person or source.</Empty>
      ) : (
        <ol aria-label="History" className="rounded-lg border border-line bg-surface shadow-1">
          {all.map((edit) => (
            <HistoryRow key={edit.id} edit={edit} led={edit.id === shown} />
          ))}
        </ol>
      )}
      {edits.hasNextPage && (
        <div className="mt-4 text-center">
          <Button disabled={edits.isFetchingNextPage} onClick={() => void edits.fetchNextPage()}>
            Load older changes
          </Button>
        </div>
      )}
    </div>
  );
}

/** Reads on until the edit is there, then brings it into view once. */
function useLeadTo(
  id: string | undefined,
  all: Edit[],
  edits: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    fetchNextPage: () => unknown;
    data?: { pages: unknown[] };
  },
) {
  const there = id !== undefined && all.some((e) => e.id === id);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = edits;
  const more = id !== undefined && !there && hasNextPage && (edits.data?.pages.length ?? 0) < MOST_PAGES;
  useEffect(() => {
    if (more && !isFetchingNextPage) void fetchNextPage();
  }, [more, isFetchingNextPage, fetchNextPage]);
  useEffect(() => {
    if (there && id) focusRow(id);
  }, [there, id]);
}

function HistoryRow({ edit, led }: { edit: Edit; led: boolean }) {
  const removed = edit.field === "deleted_at" && edit.new !== null;
  const { nameOf, householdId } = useEditor();
  const restored = edit.field === "deleted_at" && edit.new === null;
  return (
    <li
      data-testid="history-row"
      {...rowMark(edit.id)}
      aria-current={led || undefined}
      className="focus-ring aria-[current]:bg-brass-soft grid grid-cols-1 gap-x-6 gap-y-1 border-t border-line px-5 py-3.5 first:border-0 @3xl:grid-cols-[13rem_minmax(0,1fr)_auto]"
    >
      <div className="min-w-0">
        <p className="truncate font-medium">{edit.user_name}</p>
        <p className="text-xs text-ink-3">
          <time dateTime={edit.at} title={moment(edit.at)}>
            {ago(edit.at)}
          </time>
          , {sourceLabel(edit.source)}
        </p>
      </div>
      <div className="min-w-0">
        <p className="text-sm text-ink-2">
          {entityLabel(edit.entity)}
          {nameOf(edit.entity_id) && <> · {nameOf(edit.entity_id)}</>}
        </p>
        {removed ? (
          <p>Removed</p>
        ) : restored ? (
          <p>Restored</p>
        ) : edit.op === "create" ? (
          <Created edit={edit} />
        ) : (
          <Diff edit={edit} />
        )}
        {edit.reason && <p className="text-sm text-ink-2">Reason: {edit.reason}</p>}
      </div>
      <div className="flex items-center gap-2">
        <Button asChild size="sm" variant="ghost">
          <Link
            to="/households/$id"
            params={{ id: householdId }}
            search={{ known: justBefore(edit.at) }}
            title="The household as it was just before this"
          >
            Before this
          </Link>
        </Button>
        {edit.undoes && <Badge>Undo</Badge>}
        {edit.undone_by ? (
          <Badge>Undone</Badge>
        ) : (
          <RowAction edit={edit} removed={removed} restored={restored} />
        )}
      </div>
    </li>
  );
}

function Diff({ edit }: { edit: Edit }) {
  const { nameOf } = useEditor();
  return (
    <p className="break-words">
      <span className="font-medium">{fieldLabel(edit.field ?? "")}</span>{" "}
      {!isNothing(edit.old) && (
        <del className="text-ink-3 decoration-ink-3/60">
          {formatValue(edit.entity, edit.field, edit.old, nameOf)}
        </del>
      )}
      {isNothing(edit.new) ? (
        " cleared"
      ) : (
        <>
          <span className="text-ink-3">{isNothing(edit.old) ? "set to " : " to "}</span>
          <ins className="rounded-sm bg-pos-soft px-1 text-pos no-underline">
            {formatValue(edit.entity, edit.field, edit.new, nameOf)}
          </ins>
        </>
      )}
    </p>
  );
}

function Created({ edit }: { edit: Edit }) {
  const { nameOf } = useEditor();
  const values = createdValues(edit.entity, edit.new, nameOf);
  return (
    <details>
      <summary className="cursor-pointer rounded-sm focus-ring">Created</summary>
      <dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-0.5 text-sm">
        {values.map(([name, text]) => (
          <div key={name} className="contents">
            <dt className="text-ink-3">{name}</dt>
            <dd className="break-words">{text}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function RowAction({ edit, removed, restored }: { edit: Edit; removed: boolean; restored: boolean }) {
  const { canWrite, facts } = useEditor();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  if (!canWrite || edit.op === "create" || restored) return null;
  const act = async () => {
    setBusy(true);
    try {
      if (removed) await restoreFact(edit.entity.replaceAll("_", "-") as Noun, edit.entity_id);
      else await undoEdit(edit.id);
      toast(removed ? "Restored." : "Undone.");
      await facts.renew();
      void client.invalidateQueries({ queryKey: ["why"] });
    } catch (error) {
      toast(asProblem(error).message, { tone: "error" });
    }
    setBusy(false);
  };
  const what = removed ? "Restore" : "Undo";
  return (
    <Button
      size="sm"
      disabled={busy}
      onClick={() => void act()}
      aria-label={`${what} ${removed ? entityLabel(edit.entity) : fieldLabel(edit.field ?? "")}`}
    >
      {what}
    </Button>
  );
}
