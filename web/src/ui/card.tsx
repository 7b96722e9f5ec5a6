import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/lib/cn";

const TONES = {
  neutral: "bg-sunken text-ink-2",
  brand: "bg-brand-soft text-brand-ink",
  brass: "bg-brass-soft text-brass-ink",
  pos: "bg-pos-soft text-pos",
  neg: "bg-neg-soft text-neg",
  warn: "bg-warn-soft text-warn",
  info: "bg-info-soft text-info",
};
export type Tone = keyof typeof TONES;

/** For exceptions and kinds, not for decoration. */
export function Badge({
  tone = "neutral",
  className,
  children,
}: {
  tone?: Tone;
  className?: string;
  children: ReactNode;
}) {
  return (
    <span
      className={cn(
        "inline-flex h-5.5 shrink-0 items-center gap-1 rounded-sm px-1.5 text-xs font-medium whitespace-nowrap",
        TONES[tone],
        className,
      )}
    >
      {children}
    </span>
  );
}

/** A titled block. The title names the region for assistive technology. */
export function Card({
  id,
  title,
  action,
  className,
  children,
}: {
  id: string;
  title: ReactNode;
  action?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section
      aria-labelledby={id}
      className={cn("min-w-0 rounded-lg border border-line bg-surface shadow-1", className)}
    >
      <div className="flex min-h-12 items-center justify-between gap-3 px-5 pt-4 pb-2">
        <h2 id={id} className="display text-lg">
          {title}
        </h2>
        {action}
      </div>
      {children}
    </section>
  );
}

/** A ruled list inside a card. */
export function CardList({ className, ...props }: ComponentProps<"ul">) {
  return (
    <ul
      className={cn("px-5 pb-4 [&>li]:border-t [&>li]:border-line [&>li:first-child]:border-0", className)}
      {...props}
    />
  );
}

/** One quiet line where a card has nothing to list. */
export function CardEmpty({ children }: { children: ReactNode }) {
  return <p className="px-5 pb-5 text-ink-2">{children}</p>;
}
