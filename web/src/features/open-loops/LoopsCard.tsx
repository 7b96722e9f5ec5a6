import { lazy, Suspense, useState } from "react";
import { useUserOptions } from "@/api/queries/user-options";
import type { OpenLoop } from "@/api/types";
import { AddButton, Coming, useComing, useEditor } from "@/features/edits";
import { isOverdue } from "@/lib/dates";
import { Badge, Card, CardEmpty, CardList } from "@/ui/card";
import { inAgeOrder, isClosed } from "./age";
import { LoopMenu } from "./LoopMenu";
import { LoopRow } from "./LoopRow";
import { loopSpec } from "./spec";
import { loopActions } from "./useLoopActions";

const DropDialog = lazy(() => import("./dialogs").then((m) => ({ default: m.DropDialog })));
const MergeDialog = lazy(() => import("./dialogs").then((m) => ({ default: m.MergeDialog })));

/** Promises and questions without an answer, in both directions. */
export function LoopsCard() {
  const { record, canWrite, facts, nameOf, change } = useEditor();
  const spec = loopSpec(useUserOptions());
  const [over, setOver] = useState<{ kind: "drop" | "merge"; loop: OpenLoop } | null>(null);
  const actions = loopActions(facts);
  const loops = record.open_loops;
  const coming = useComing("open-loops", record.household.id);
  const overdue = loops.filter((l) => !isClosed(l) && isOverdue(l.due_on)).length;
  const close = () => setOver(null);
  return (
    <Card
      id="loops"
      title={
        <span className="flex items-center gap-2">
          Open loops{" "}
          {overdue > 0 && (
            <Badge tone="warn" className="font-sans">
              {overdue} overdue
            </Badge>
          )}
        </span>
      }
      action={<AddButton spec={spec} />}
    >
      <Coming rows={coming} className="mx-5 mb-3" />
      {loops.length + coming.length === 0 ? (
        <CardEmpty>No loose ends. A loop is a promise or a question that waits for an answer.</CardEmpty>
      ) : (
        <CardList>
          {inAgeOrder(loops).map((loop) => (
            <LoopRow
              key={loop.id}
              loop={loop}
              actions={actions}
              canWrite={canWrite}
              owner={loop.owner_id ? nameOf(loop.owner_id) : undefined}
              direction
              menu={
                canWrite && (
                  <LoopMenu
                    loop={loop}
                    actions={actions}
                    onEdit={() => change(spec, loop, loop.text)}
                    onDrop={() => setOver({ kind: "drop", loop })}
                    onMerge={() => setOver({ kind: "merge", loop })}
                  />
                )
              }
            />
          ))}
        </CardList>
      )}
      <Suspense fallback={null}>
        {over?.kind === "drop" && (
          <DropDialog
            loop={over.loop}
            onDrop={(reason) => void actions.drop(over.loop, reason)}
            onClose={close}
          />
        )}
        {over?.kind === "merge" && (
          <MergeDialog
            loop={over.loop}
            others={loops.filter((l) => l.id !== over.loop.id && !isClosed(l))}
            onMerge={(into) => void actions.merge(over.loop, into)}
            onClose={close}
          />
        )}
      </Suspense>
    </Card>
  );
}
