import { useQueryClient } from "@tanstack/react-query";
import { undoRequest } from "@/api/facts";
import { whenAnswered } from "@/api/own";
import { asProblem } from "@/api/problem";
import { loopToTask, mergeLoop } from "@/api/queries/work";
import type { Evidence, OpenLoop } from "@/api/types";
import { type Facts, offerUndo, useFacts } from "@/features/edits";
import { toast } from "@/ui/toast";
import { keepLoop } from "./kept";

const refuse = (error: unknown) => {
  toast(asProblem(error).message, { tone: "error" });
};

/** What can be done with a loop, wherever it stands. A refusal is shown; nothing is thrown. */
export function loopActions(facts: Facts) {
  const change = (loop: OpenLoop, fields: Record<string, unknown>, text: string) =>
    facts.change("open-loops", loop, fields, text).catch(refuse);
  /** Something that the server does to several rows at once. */
  const whole = async (run: (request: string) => Promise<unknown>, text: string) => {
    const request = crypto.randomUUID();
    try {
      // On top of what was just changed here: the server would find it changed since, by oneself.
      await whenAnswered();
      await run(request);
      offerUndo(text, () => undoRequest(request).finally(facts.renew));
      await facts.renew();
    } catch (error) {
      refuse(error);
    }
  };
  return {
    close: (loop: OpenLoop) => change(loop, { status: "done" }, "Loop closed."),
    reopen: (loop: OpenLoop) => change(loop, { status: "open" }, "Loop opened again."),
    wait: (loop: OpenLoop) =>
      loop.status === "waiting"
        ? change(loop, { status: "open" }, "Loop is open again.")
        : change(loop, { status: "waiting" }, "Loop is waiting."),
    drop: (loop: OpenLoop, reason: string) =>
      change(loop, { status: "dropped", dropped_reason: reason }, "Loop dropped."),
    show: (loop: OpenLoop, evidence: Evidence) =>
      change(
        loop,
        { evidence_kind: evidence.kind, evidence_id: evidence.id, evidence_quote: evidence.quote },
        "Evidence kept.",
      ),
    merge: (loop: OpenLoop, into: OpenLoop) =>
      whole((request) => mergeLoop(loop.id, into.id, request), "Loops merged."),
    toTask: (loop: OpenLoop) => whole((request) => loopToTask(loop.id, request), "The loop became a task."),
    remove: (loop: OpenLoop) => facts.remove("open-loops", loop.id, "Loop removed.").catch(refuse),
  };
}
export type LoopActions = ReturnType<typeof loopActions>;

/** The same for a list that spans households. */
export function useLoopActions(): LoopActions {
  const client = useQueryClient();
  const actions = loopActions(useFacts(null));
  return {
    ...actions,
    close: (loop) => {
      keepLoop(client, loop);
      return actions.close(loop);
    },
  };
}
