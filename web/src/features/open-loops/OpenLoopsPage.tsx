import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Plus, Repeat2 } from "lucide-react";
import { useState } from "react";
import { useNames } from "@/api/queries/names";
import { useUserOptions } from "@/api/queries/user-options";
import { loopsQuery } from "@/api/queries/work";
import type { LoopLine } from "@/api/types";
import { useKey } from "@/app/keys";
import { focusedRow, useRowKeys } from "@/app/rows";
import { useCan } from "@/features/auth";
import { Coming, useComing } from "@/features/edits";
import { DIRECTIONS, plural } from "@/lib/words";
import { Button } from "@/ui/button";
import { Card, CardEmpty, CardList } from "@/ui/card";
import { Select } from "@/ui/form";
import { Empty, Failure, Loading, SkeletonCard } from "@/ui/states";
import { inAgeOrder, isClosed } from "./age";
import { DropDialog, MergeDialog } from "./dialogs";
import { HouseholdFilter } from "./HouseholdFilter";
import { useKept } from "./kept";
import { LoopDialog } from "./LoopDialog";
import { LoopMenu } from "./LoopMenu";
import { LoopRow } from "./LoopRow";
import type { LoopsSearch } from "./search";
import { useLoopActions } from "./useLoopActions";

type Over = { kind: "new" } | { kind: "edit" | "drop" | "merge"; loop: LoopLine };
type Open = (kind: "edit" | "drop" | "merge", loop: LoopLine) => void;

/** Promises and questions without an answer in every household the user may see. */
export function OpenLoopsPage() {
  const search = useSearch({ from: "/open-loops" });
  const { view, who: owner_id, household: household_id } = search;
  const query = useInfiniteQuery(loopsQuery({ closed: view === "closed", owner_id, household_id }));
  const [over, setOver] = useState<Over | null>(null);
  const canWrite = useCan("book.write");
  const listed = query.data?.pages.flatMap((p) => p.items) ?? [];
  const kept = useKept(listed);
  const loops = search.view === "closed" ? listed : kept;
  const coming = useComing("open-loops", household_id);
  const open = loops.filter((l) => !isClosed(l)).length;
  const show: Open = (kind, loop) => setOver({ kind, loop });
  useLoopKeys(loops, canWrite, () => setOver({ kind: "new" }), show);
  const about =
    search.view === "closed"
      ? "Closed loops, the newest first"
      : `${plural(open, "loop")}${query.hasNextPage ? " shown, the oldest first" : " in the households you see"}`;
  return (
    <div className="mx-auto max-w-[88rem] px-4 pt-6 pb-12 md:px-8 md:pt-9">
      <div className="flex flex-wrap items-end gap-x-3 gap-y-3">
        <div className="mr-auto">
          <h1 className="display text-2xl md:text-3xl">Open loops</h1>
          <p className="mt-1 text-ink-2" aria-live="polite">
            {query.data ? about : "Promises and questions without an answer"}
          </p>
        </div>
        <Filters search={search} name={loops.find((l) => l.household_id === household_id)?.household_name} />
        {canWrite && (
          <Button variant="primary" onClick={() => setOver({ kind: "new" })}>
            <Plus />
            New loop
          </Button>
        )}
      </div>
      {query.isPending && (
        <Loading label="Loading open loops">
          <div className="mt-6 grid grid-cols-1 gap-6 @4xl:grid-cols-3">
            {DIRECTIONS.map(([direction]) => (
              <SkeletonCard key={direction} rows={4} />
            ))}
          </div>
        </Loading>
      )}
      <Failure of={query} />
      <Coming rows={coming} className="mt-6" />
      {query.data && loops.length === 0 && coming.length === 0 && (
        <Empty
          icon={<Repeat2 aria-hidden />}
          title={search.view === "closed" ? "Nothing is closed yet" : "No loose ends"}
        >
          A loop is opened on a household, whenever somebody promises something or waits for an answer.
        </Empty>
      )}
      {loops.length > 0 && <Loops loops={loops} view={search.view} more={query.hasNextPage} onOver={show} />}
      {query.hasNextPage && (
        <p className="mt-6 text-center">
          <Button disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {search.view === "closed" ? "Load older loops" : "Load newer loops"}
          </Button>
        </p>
      )}
      {over && <Overlay over={over} loops={loops} onClose={() => setOver(null)} />}
    </div>
  );
}

function Filters({ search, name }: { search: LoopsSearch; name?: string | null }) {
  const navigate = useNavigate();
  const users = useUserOptions();
  const go = (next: LoopsSearch) => void navigate({ to: "/open-loops", search: next });
  return (
    <>
      <Select
        aria-label="View"
        className="w-auto"
        value={search.view ?? "board"}
        onChange={(event) => {
          const view = event.target.value;
          go({ ...search, view: view === "list" || view === "closed" ? view : undefined });
        }}
      >
        <option value="board">Board by direction</option>
        <option value="list">List by age</option>
        <option value="closed">Closed</option>
      </Select>
      <Select
        aria-label="Looked after by"
        className="w-auto"
        value={search.who ?? ""}
        onChange={(event) => go({ ...search, who: event.target.value || undefined })}
      >
        <option value="">Everyone's</option>
        {users.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
      <HouseholdFilter
        chosen={search.household}
        name={name}
        onChoose={(household) => go({ ...search, household })}
      />
    </>
  );
}

function Overlay({ over, loops, onClose }: { over: Over; loops: LoopLine[]; onClose: () => void }) {
  const actions = useLoopActions();
  if (over.kind === "new") return <LoopDialog onClose={onClose} />;
  const { loop } = over;
  if (over.kind === "edit") return <LoopDialog loop={loop} onClose={onClose} />;
  if (over.kind === "drop")
    return <DropDialog loop={loop} onDrop={(reason) => void actions.drop(loop, reason)} onClose={onClose} />;
  const others = loops.filter(
    (l) => l.household_id === loop.household_id && l.id !== loop.id && !isClosed(l),
  );
  return (
    <MergeDialog
      loop={loop}
      others={others}
      onMerge={(into) => void actions.merge(loop, into)}
      onClose={onClose}
    />
  );
}

interface LoopsProps {
  loops: LoopLine[];
  view: LoopsSearch["view"];
  /** There are more, which are not loaded: what is counted here is not all. */
  more: boolean;
  onOver: Open;
}

/** A column for who has to act, or one list by age. */
function Loops({ loops, view, more, onOver }: LoopsProps) {
  const rows = (list: LoopLine[], direction: boolean) => (
    <CardList>
      {(view === "closed" ? list : inAgeOrder(list)).map((loop) => (
        <Row key={loop.id} loop={loop} direction={direction} onOver={onOver} />
      ))}
    </CardList>
  );
  if (view)
    return (
      <Card id="loops-list" className="mt-6" title={view === "closed" ? "Closed" : "By age"}>
        {rows(loops, true)}
      </Card>
    );
  return (
    <div className="mt-6 grid grid-cols-1 items-start gap-6 @4xl:grid-cols-3">
      {DIRECTIONS.map(([direction, title]) => {
        const own = loops.filter((l) => l.direction === direction);
        return (
          <Card
            key={direction}
            id={`loops-${direction}`}
            title={title}
            action={
              <span className="num text-sm text-ink-3">
                {own.filter((l) => !isClosed(l)).length}
                {more && " and more"}
              </span>
            }
          >
            {own.length === 0 ? <CardEmpty>Nothing here.</CardEmpty> : rows(own, false)}
          </Card>
        );
      })}
    </div>
  );
}

function Row({ loop, direction, onOver }: { loop: LoopLine; direction: boolean; onOver: Open }) {
  const canWrite = useCan("book.write");
  const actions = useLoopActions();
  const nameOf = useNames();
  return (
    <LoopRow
      loop={loop}
      actions={actions}
      canWrite={canWrite}
      household={loop.household_name ?? "Household"}
      owner={loop.owner_id ? nameOf(loop.owner_id) : undefined}
      direction={direction}
      menu={
        canWrite && (
          <LoopMenu
            loop={loop}
            actions={actions}
            onEdit={() => onOver("edit", loop)}
            onDrop={() => onOver("drop", loop)}
            onMerge={() => onOver("merge", loop)}
          />
        )
      }
    />
  );
}

/** The keys of the page. They act on the loop that has the focus. */
function useLoopKeys(loops: LoopLine[], canWrite: boolean, onNew: () => void, onOver: Open) {
  const actions = useLoopActions();
  const onLoop = (act: (loop: LoopLine) => void) => () => {
    const id = focusedRow();
    const loop = loops.find((l) => l.id === id);
    if (loop && !isClosed(loop)) act(loop);
  };
  useRowKeys(loops.length > 0);
  useKey("record.loop", onNew, canWrite);
  useKey(
    "loop.done",
    onLoop((l) => void actions.close(l)),
    canWrite,
  );
  useKey(
    "loop.waiting",
    onLoop((l) => void actions.wait(l)),
    canWrite,
  );
  useKey(
    "loop.merge",
    onLoop((l) => onOver("merge", l)),
    canWrite,
  );
}
