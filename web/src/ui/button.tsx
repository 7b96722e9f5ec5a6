import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

type ButtonProps = ComponentProps<"button"> & {
  variant?: "primary" | "outline" | "ghost" | "danger";
  size?: "sm" | "md";
  asChild?: boolean;
};
/** One primary button per view; everything else is outlined or bare. */
export function Button({ variant = "outline", size = "md", asChild, className, ...props }: ButtonProps) {
  const Component = asChild ? Slot.Root : "button";
  return (
    <Component
      type={asChild ? undefined : "button"}
      className={cn(
        "inline-flex items-center justify-center gap-2 rounded-md font-medium whitespace-nowrap transition-colors duration-150 focus-ring disabled:pointer-events-none disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0",
        size === "md" ? "h-9 px-3.5 text-base" : "h-8 px-2.5 text-sm",
        variant === "primary" && "bg-brand text-on-brand hover:bg-brand-hover",
        variant === "outline" && "border border-line-2 bg-surface text-ink hover:bg-sunken",
        variant === "ghost" && "text-ink-2 hover:bg-sunken hover:text-ink",
        variant === "danger" && "border border-line-2 bg-surface text-neg hover:bg-neg-soft",
        className,
      )}
      {...props}
    />
  );
}

/** A button that is only an icon: the label is read aloud and shown on hover. */
export function IconButton({ label, className, ...props }: ComponentProps<"button"> & { label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={cn(
        "inline-flex size-8 shrink-0 items-center justify-center rounded-md text-ink-3 transition-colors hover:bg-sunken hover:text-ink focus-ring disabled:opacity-50 [&_svg]:size-4",
        className,
      )}
      {...props}
    />
  );
}
