import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import { type BrainFile, writeBrainFile } from "@/api/queries/brain";
import { toast } from "@/ui/toast";
import { keepWritten, type Newest, readNewest } from "./useBrain";

export interface Written {
  path: string;
  body: string;
  reason: string;
}

/**
 * Saves a text over the version that its writer has read. A colleague's version that came meanwhile is never written over
 * unasked: it can be read first, and what was typed stays.
 */
export function useSave(householdId: string, seen: number | undefined, onSaved: (file: BrainFile) => void) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [theirs, setTheirs] = useState<Newest | null>(null);
  const attempt = async (work: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    try {
      await work();
    } catch (error) {
      setProblem(asProblem(error));
    }
    setBusy(false);
  };
  const send = async ({ path, body, reason }: Written, over: number | undefined) => {
    const why = reason.trim();
    const write = { path, body, ...(over ? { seen: over } : {}), ...(why ? { reason: why } : {}) };
    const file = await writeBrainFile(householdId, write);
    keepWritten(client, file, body);
    toast(`Saved as version ${file.version}.`);
    onSaved(file);
  };
  /** What is written over: a file that was removed is not, it begins anew. */
  const versionOf = (newest: Newest | null) => (newest?.body === null ? undefined : newest?.file.version);
  return {
    busy,
    problem,
    theirs,
    save: (written: Written) =>
      attempt(() => {
        setProblem(null);
        setTheirs(null);
        return send(written, theirs?.body === null ? undefined : seen);
      }),
    /** Writes over whatever is the newest version at this moment. */
    saveOver: (written: Written) =>
      attempt(async () => {
        await send(written, versionOf(await readNewest(client, householdId, written.path)));
      }),
    showTheirs: (path: string) => attempt(async () => setTheirs(await readNewest(client, householdId, path))),
    hideTheirs: () => setTheirs(null),
  };
}
