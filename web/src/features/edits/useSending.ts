import { useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import type { keepMine, takeTheirs } from "@/lib/conflict";

/**
 * Sends what a form holds, and where somebody else changed the same fields settles it by the rule that is chosen. `run` rejects
 * with what the server objects to.
 */
export function useSending(
  run: (body: Record<string, unknown>, version: number) => Promise<unknown>,
  { renew, onClose }: { renew: () => Promise<unknown>; onClose: () => void },
) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [sent, setSent] = useState<Record<string, unknown>>({});
  async function send(body: Record<string, unknown>, version: number) {
    setBusy(true);
    setSent(body);
    setProblem(null);
    try {
      await run(body, version);
      onClose();
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  }
  function resolve(rule: typeof keepMine | typeof takeTheirs) {
    const next = problem && rule(sent, problem);
    if (next) return void send(next.fields, next.version);
    void renew();
    onClose();
  }
  return { busy, problem, send, resolve };
}
