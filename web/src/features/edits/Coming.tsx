import { cn } from "@/lib/cn";
import { WaitingSign } from "./WaitingMark";
import type { KeptCreation } from "./waiting-list";

/** What was written down for a list and has not reached the server yet. */
export function Coming({ rows, className }: { rows: readonly KeptCreation[]; className?: string }) {
  if (rows.length === 0) return null;
  return (
    <ul aria-label="Waiting for the server" className={cn("flex flex-col gap-2", className)}>
      {rows.map(({ key, words }) => (
        <li
          key={key}
          data-testid="coming"
          className="flex items-start justify-between gap-3 rounded-md border border-dashed border-line-2 bg-surface px-3 py-2"
        >
          <p className="min-w-0 break-words whitespace-pre-wrap">{words}</p>
          <WaitingSign />
        </li>
      ))}
    </ul>
  );
}
