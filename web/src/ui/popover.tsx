/**
 * A panel that belongs to a button: beside it on a desk, from the bottom edge on a phone. What stands behind it stays in use.
 */
import { Popover as Radix } from "radix-ui";
import { type ReactNode, useState } from "react";
import { useNarrow } from "@/lib/narrow";
import { Dialog } from "./overlay";

interface PanelProps {
  title: string;
  /** The button that opens it. */
  trigger: ReactNode;
  /** Given: whoever gives it decides when the panel is open. */
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  className?: string;
  children: ReactNode;
}

export function Panel({ title, trigger, open: given, onOpenChange, className = "", children }: PanelProps) {
  const [own, setOwn] = useState(false);
  const open = given ?? own;
  const change = onOpenChange ?? setOwn;
  const narrow = useNarrow();
  return (
    <Radix.Root open={open && !narrow} onOpenChange={(next) => (narrow ? change(true) : change(next))}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      {narrow ? (
        <Dialog open={open} onOpenChange={change} title={title}>
          {children}
        </Dialog>
      ) : (
        <Radix.Portal>
          <Radix.Content
            aria-label={title}
            align="start"
            sideOffset={6}
            collisionPadding={16}
            className={`z-30 max-h-[min(36rem,var(--radix-popover-content-available-height))] overflow-y-auto rounded-lg border border-line bg-raised shadow-2 animate-[mf-in_.14s_ease-out] focus:outline-none ${className}`}
          >
            {children}
          </Radix.Content>
        </Radix.Portal>
      )}
    </Radix.Root>
  );
}
