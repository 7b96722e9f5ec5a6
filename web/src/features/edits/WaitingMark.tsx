import { CloudOff } from "lucide-react";
import { useWaiting } from "./waiting-list";

/** Stands beside a value, a task or a loop whose change has not reached the server yet. */
export const WaitingMark = ({ id, field, bare }: { id: string; field?: string; bare?: boolean }) =>
  useWaiting(id, field) ? <WaitingSign bare={bare} /> : null;

export const WaitingSign = ({ bare }: { bare?: boolean }) => (
  <span
    title="Kept on this page until the server answers"
    className="inline-flex shrink-0 items-center gap-1 text-xs whitespace-nowrap text-warn"
  >
    <CloudOff aria-hidden className="size-3.5" />
    <span className={bare ? "sr-only" : undefined}>waiting</span>
  </span>
);
