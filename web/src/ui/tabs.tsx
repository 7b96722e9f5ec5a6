import { Tabs as Radix } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";
import { useStrip } from "./strip";

export const Tabs = Radix.Root;
export function TabsList({ className, ...props }: ComponentProps<typeof Radix.List>) {
  const list = useStrip<HTMLDivElement>("[data-state=active]");
  return (
    <Radix.List
      ref={list}
      className={cn("flex gap-6 overflow-x-auto border-b border-line pt-1 [scrollbar-width:none]", className)}
      {...props}
    />
  );
}
export function Tab({ className, ...props }: ComponentProps<typeof Radix.Trigger>) {
  return (
    <Radix.Trigger
      className={cn(
        "relative -mb-px h-10 shrink-0 border-b-2 border-transparent text-base font-medium text-ink-2 hover:text-ink focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-[var(--mf-focus)] data-[state=active]:border-brass data-[state=active]:text-ink",
        className,
      )}
      {...props}
    />
  );
}
export const TabPanel = Radix.Content;
