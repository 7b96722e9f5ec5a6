import { Eye } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { Sealed } from "@/api/types";
import { IconButton } from "@/ui/button";

const RevealDialog = lazy(() => import("./RevealDialog").then((m) => ({ default: m.RevealDialog })));

export interface RevealProps {
  noun: "people" | "accounts" | "entities";
  id: string;
  field: string;
  label: string;
  /** Whose value it is, for the dialog's title. */
  of: string;
  sealed: Sealed;
  allowed: boolean;
}

/** A masked value and the way to see it: a reason, which is kept with the reader's name. */
export function SealedValue(props: RevealProps) {
  const [open, setOpen] = useState(false);
  const { sealed, label, allowed } = props;
  if (!sealed) return <span className="text-ink-3">Not set</span>;
  return (
    <span className="inline-flex items-center gap-1">
      <span>{sealed.masked}</span>
      {allowed && (
        <IconButton
          label={`Show ${label.toLowerCase()} of ${props.of}`}
          className="size-6"
          onClick={() => setOpen(true)}
        >
          <Eye />
        </IconButton>
      )}
      {open && (
        <Suspense>
          <RevealDialog {...props} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </span>
  );
}
