import { DropdownMenu as Radix } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/lib/cn";

/** Not modal: a modal menu would write a style element to lock scrolling, which the content security policy forbids. */
export function Menu({
  trigger,
  children,
  align = "end",
  side,
  open,
  onOpenChange,
  onCloseAutoFocus,
}: {
  trigger: ReactNode;
  children: ReactNode;
  align?: "start" | "end";
  side?: "top" | "bottom";
  /** Given together by a caller that also opens it in another way than by its trigger. */
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  onCloseAutoFocus?: (event: Event) => void;
}) {
  return (
    <Radix.Root modal={false} open={open} onOpenChange={onOpenChange}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        {/* A landmark of its own: what stands outside the page's landmarks is hard to find by ear. */}
        <section aria-label="Menu">
          <Radix.Content
            align={align}
            side={side}
            sideOffset={6}
            collisionPadding={12}
            onCloseAutoFocus={onCloseAutoFocus}
            className="z-50 min-w-48 rounded-lg border border-line bg-raised p-1 shadow-2 animate-[mf-in_.14s_ease-out]"
          >
            {children}
          </Radix.Content>
        </section>
      </Radix.Portal>
    </Radix.Root>
  );
}
export function MenuItem({ className, ...props }: ComponentProps<typeof Radix.Item>) {
  return (
    <Radix.Item
      className={cn(
        "flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-base text-ink outline-none data-[highlighted]:bg-sunken data-[disabled]:opacity-50 [&_svg]:size-4 [&_svg]:text-ink-3",
        className,
      )}
      {...props}
    />
  );
}
export const MenuSeparator = () => <Radix.Separator className="my-1 border-t border-line" />;
export const MenuLabel = ({ children }: { children: ReactNode }) => (
  <Radix.Label className="px-2.5 py-1.5">{children}</Radix.Label>
);
