/**
 * Dialogs and side panels. The backdrop is our own element: Radix's overlay locks scrolling by writing a style element,
 * which the content security policy forbids, and nothing behind it scrolls by itself anyway.
 */
import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { type ComponentProps, type ReactNode, useState } from "react";
import { cn } from "@/lib/cn";
import { opener } from "@/lib/opener";
import { IconButton } from "./button";

interface OverlayProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  /** Gets the focus when this closes, where the element that had it is gone. */
  returnFocus?: HTMLElement | null;
  children: ReactNode;
}

function Head({ title, description, close }: { title: ReactNode; description?: ReactNode; close: string }) {
  return (
    <div className="flex items-start justify-between gap-4 border-b border-line px-5 py-4">
      <div className="min-w-0">
        <Radix.Title className="display text-xl">{title}</Radix.Title>
        {description && (
          <Radix.Description className="mt-0.5 text-sm text-ink-2">{description}</Radix.Description>
        )}
      </div>
      <Radix.Close asChild>
        <IconButton label={close} className="-mr-2">
          <X />
        </IconButton>
      </Radix.Close>
    </div>
  );
}

const Backdrop = () => <div aria-hidden className="fixed inset-0 z-40 bg-black/35" />;

/** Centred on a desk, from the bottom edge on a phone. */
export function Dialog({ open, onOpenChange, ...content }: OverlayProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Backdrop />
        <div className="pointer-events-none fixed inset-0 z-50 flex items-end justify-center sm:items-center sm:p-6">
          <Content {...content} />
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** There only while the dialog is open: what has the focus as it appears gets it back, unless something else has it by then. */
function Content({ title, description, returnFocus, children }: Omit<OverlayProps, "open" | "onOpenChange">) {
  const [from] = useState(opener);
  return (
    <Radix.Content
      {...(description ? {} : { "aria-describedby": undefined })}
      onCloseAutoFocus={(event) => {
        const lost = document.activeElement === document.body;
        const to = [returnFocus, lost ? from : null].find((element) => element?.isConnected);
        if (!to) return;
        event.preventDefault();
        to.focus();
      }}
      className="pointer-events-auto flex max-h-[92dvh] w-full flex-col rounded-t-xl border border-line bg-raised shadow-3 animate-[mf-in_.16s_ease-out] focus:outline-none sm:max-w-[34rem] sm:rounded-xl"
    >
      <Head title={title} description={description} close="Close dialog" />
      <div className="min-h-0 overflow-y-auto">{children}</div>
    </Radix.Content>
  );
}

type ContentProps = ComponentProps<typeof Radix.Content>;
interface SheetProps
  extends Omit<OverlayProps, "returnFocus">,
    Pick<ContentProps, "onOpenAutoFocus" | "onCloseAutoFocus"> {
  wide?: boolean;
}

/** Escape leaves the field that is typed in, and keeps the panel; the next one closes it. */
function leaveField(event: Event) {
  const field = document.activeElement;
  if (!field?.matches("input:not([type=checkbox]), textarea, select")) return;
  event.preventDefault();
  // A field that has an Escape of its own is gone by then, or has put the focus where it belongs.
  requestAnimationFrame(() => {
    if (document.activeElement === field) field.closest<HTMLElement>("[role=dialog]")?.focus();
  });
}

/** A panel over the right edge: details of something that stays visible beside it. */
export function Sheet({ open, onOpenChange, title, description, children, wide, ...handlers }: SheetProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Backdrop />
        <Radix.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          {...handlers}
          onEscapeKeyDown={leaveField}
          className={cn(
            "fixed inset-y-0 right-0 z-40 flex w-full flex-col border-l border-line bg-surface shadow-3 animate-[mf-slide_.2s_cubic-bezier(.2,.8,.2,1)] focus:outline-none",
            wide ? "max-w-[36rem]" : "max-w-[27rem]",
          )}
        >
          <Head title={title} description={description} close="Close panel" />
          <div className="@container min-h-0 flex-1 overflow-y-auto">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
