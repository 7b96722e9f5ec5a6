import { type FormEvent, useState } from "react";
import type { OpenLoop } from "@/api/types";
import { plural } from "@/lib/words";
import { Button } from "@/ui/button";
import { Input, Labelled } from "@/ui/form";
import { Dialog } from "@/ui/overlay";
import { ageOf } from "./age";

/** Why a loop is dropped: it stays with the loop. */
export function DropDialog({ loop, onDrop, onClose }: DropProps) {
  const [reason, setReason] = useState("");
  const short = reason.trim().length < 3;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (short) return;
    onDrop(reason.trim());
    onClose();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Drop the loop" description={loop.text}>
      <form onSubmit={submit} className="flex flex-col gap-4 p-5">
        <Labelled label="Why" required hint="3 to 500 characters. It stays with the loop.">
          {({ id, describedBy }) => (
            <Input
              id={id}
              aria-describedby={describedBy}
              autoFocus
              maxLength={500}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Labelled>
        <div className="flex justify-end gap-2">
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" disabled={short}>
            Drop
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
interface DropProps {
  loop: OpenLoop;
  onDrop: (reason: string) => void;
  onClose: () => void;
}

/** Which loop this one goes on in: another open one of the same household. */
export function MergeDialog({
  loop,
  others,
  onMerge,
  onClose,
}: {
  loop: OpenLoop;
  others: OpenLoop[];
  onMerge: (into: OpenLoop) => void;
  onClose: () => void;
}) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Merge with another loop"
      description={`“${loop.text}” goes on in the one that you choose, which keeps the earlier days.`}
    >
      <div className="flex flex-col gap-2 p-5">
        {others.length === 0 && <p className="text-ink-2">This household has no other open loop.</p>}
        {others.map((other, index) => (
          <Button
            key={other.id}
            autoFocus={index === 0}
            className="h-auto min-h-9 justify-between gap-4 py-2 text-left whitespace-normal"
            onClick={() => {
              onMerge(other);
              onClose();
            }}
          >
            <span className="min-w-0 break-words">{other.text}</span>
            <span className="shrink-0 text-sm font-normal text-ink-3">{plural(ageOf(other), "day")}</span>
          </Button>
        ))}
      </div>
    </Dialog>
  );
}
