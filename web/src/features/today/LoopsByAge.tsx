import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { openLoopsQuery } from "@/api/queries/work";
import type { LoopLine } from "@/api/types";
import { ageOf, isClosed, LoopAge, LoopHousehold } from "@/features/open-loops";
import { DIRECTIONS, LOOP_STATUSES, label } from "@/lib/words";
import { Button } from "@/ui/button";
import { Badge, Card, CardList } from "@/ui/card";
import { CardBody } from "./CardBody";

const AT_FIRST = 8;
const MORE = 20;
/** From this age on a loop counts as slipping. */
const SLIPPING_DAYS = 14;

/** Promises and questions without an answer across the book, the oldest first. */
export function LoopsByAge() {
  const query = useInfiniteQuery(openLoopsQuery);
  const [shown, setShown] = useState(AT_FIRST);
  const loops = (query.data?.pages.flatMap((p) => p.items) ?? []).filter((l) => !isClosed(l));
  const slipping = loops.filter((l) => ageOf(l) >= SLIPPING_DAYS).length;
  // A whole page of slipping loops means that there may be more.
  const count = query.hasNextPage && slipping === loops.length ? `${slipping} or more` : slipping;
  const showMore = () => {
    setShown(shown + MORE);
    if (query.hasNextPage && loops.length < shown + MORE) void query.fetchNextPage();
  };
  return (
    <Card
      id="open-loops"
      title="Open loops"
      action={slipping > 0 && <Badge tone="warn">{`${count} at ${SLIPPING_DAYS}+ days`}</Badge>}
    >
      <CardBody query={query} empty={loops.length === 0} text="No loose ends in the households you see.">
        <CardList>
          {loops.slice(0, shown).map((loop) => (
            <LoopLineRow key={loop.id} loop={loop} />
          ))}
        </CardList>
        {(loops.length > shown || query.hasNextPage) && (
          <p className="px-5 pb-4">
            <Button size="sm" disabled={query.isFetchingNextPage} onClick={showMore}>
              Show newer loops
            </Button>
          </p>
        )}
      </CardBody>
    </Card>
  );
}

function LoopLineRow({ loop }: { loop: LoopLine }) {
  const about = [
    label(DIRECTIONS, loop.direction),
    loop.status === "waiting" && label(LOOP_STATUSES, loop.status).toLowerCase(),
  ].filter(Boolean);
  return (
    <li className="flex items-start gap-3 py-2.5" data-testid="open-loop">
      <div className="min-w-0 flex-1">
        <p className="break-words">{loop.text}</p>
        <p className="text-xs text-ink-3">
          <LoopHousehold loop={loop} />, {about.join(", ")}
        </p>
      </div>
      <LoopAge loop={loop} />
    </li>
  );
}
