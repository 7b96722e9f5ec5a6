import { useInfiniteQuery } from "@tanstack/react-query";
import { Repeat2 } from "lucide-react";
import { asProblem } from "@/api/problem";
import { useNames } from "@/api/queries/names";
import { openLoopsQuery } from "@/api/queries/work";
import type { LoopLine } from "@/api/types";
import { useCan } from "@/features/auth";
import { useFacts } from "@/features/edits";
import { cn } from "@/lib/cn";
import { due, isOverdue, today } from "@/lib/dates";
import { DIRECTIONS, lowerFirst, plural } from "@/lib/words";
import { Button } from "@/ui/button";
import { Card, CardEmpty, CardList } from "@/ui/card";
import { Empty, ErrorState, Loading, SkeletonCard } from "@/ui/states";
import { Tick } from "@/ui/Tick";
import { toast } from "@/ui/toast";
import { inAgeOrder, isClosed } from "./age";
import { LoopAge, LoopHousehold } from "./LoopParts";

/** Promises and questions without an answer in every household the user may see: a column for who has to act. */
export function OpenLoopsPage() {
  const query = useInfiniteQuery(openLoopsQuery);
  const loops = query.data?.pages.flatMap((p) => p.items) ?? [];
  const open = loops.filter((l) => !isClosed(l)).length;
  return (
    <div className="mx-auto max-w-[88rem] px-4 pt-6 pb-12 md:px-8 md:pt-9">
      <h1 className="display text-2xl md:text-3xl">Open loops</h1>
      <p className="mt-1 text-ink-2" aria-live="polite">
        {query.data
          ? `${plural(open, "loop")}${query.hasNextPage ? " shown, the oldest first" : " in the households you see"}`
          : "Promises and questions without an answer"}
      </p>
      {query.isPending && (
        <Loading label="Loading open loops">
          <div className="mt-6 grid gap-6 @4xl:grid-cols-3">
            {DIRECTIONS.map(([direction]) => (
              <SkeletonCard key={direction} rows={4} />
            ))}
          </div>
        </Loading>
      )}
      {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && loops.length === 0 && (
        <Empty icon={<Repeat2 aria-hidden />} title="No loose ends">
          A loop is opened on a household, whenever somebody promises something or waits for an answer.
        </Empty>
      )}
      {loops.length > 0 && (
        <div className="mt-6 grid items-start gap-6 @4xl:grid-cols-3">
          {DIRECTIONS.map(([direction, title]) => (
            <Column key={direction} title={title} loops={loops.filter((l) => l.direction === direction)} />
          ))}
        </div>
      )}
      {query.hasNextPage && (
        <p className="mt-6 text-center">
          <Button disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Load newer loops
          </Button>
        </p>
      )}
    </div>
  );
}

function Column({ title, loops }: { title: string; loops: LoopLine[] }) {
  return (
    <Card
      id={`loops-${title.replace(/\W/g, "-")}`}
      title={title}
      action={<span className="num text-sm text-ink-3">{loops.filter((l) => !isClosed(l)).length}</span>}
    >
      {loops.length === 0 ? (
        <CardEmpty>Nothing here.</CardEmpty>
      ) : (
        <CardList>
          {inAgeOrder(loops).map((loop) => (
            <LoopRow key={loop.id} loop={loop} />
          ))}
        </CardList>
      )}
    </Card>
  );
}

function LoopRow({ loop }: { loop: LoopLine }) {
  const canWrite = useCan("book.write");
  const facts = useFacts(loop.household_id);
  const nameOf = useNames();
  const closed = isClosed(loop);
  const close = (done: boolean) => {
    const fields = { status: done ? "done" : "open", closed_on: done ? today() : null };
    return facts
      .change("open-loops", loop, fields, done ? "Loop closed." : "Loop opened again.")
      .catch((error) => toast(asProblem(error).message, { tone: "error" }));
  };
  const owner = loop.owner_id ? nameOf(loop.owner_id) : undefined;
  return (
    <li className="flex items-start gap-3 py-2.5" data-testid="open-loop">
      <Tick label={`Close: ${loop.text}`} checked={closed} disabled={!canWrite} onTick={close} />
      <div className="min-w-0 flex-1">
        <p className={cn("break-words", closed && "text-ink-3 line-through")}>{loop.text}</p>
        <p className="text-xs text-ink-3">
          <LoopHousehold loop={loop} />
          {loop.status === "waiting" && ", waiting"}
          {loop.due_on && !closed && (
            <span className={cn(isOverdue(loop.due_on) && "text-warn")}>
              , {lowerFirst(due(loop.due_on))}
            </span>
          )}
          {owner && `, ${owner}`}
        </p>
      </div>
      {!closed && <LoopAge loop={loop} />}
    </li>
  );
}
