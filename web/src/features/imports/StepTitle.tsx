import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import { useLostFocus } from "./focus";

/** The title of a step. It gets the focus when its step takes the place of another, or comes to something new. */
export function StepTitle({
  id,
  step,
  className,
  children,
}: {
  id?: string;
  step?: unknown;
  className?: string;
  children: ReactNode;
}) {
  const title = useLostFocus<HTMLHeadingElement>(step);
  return (
    <h2
      id={id}
      ref={title}
      tabIndex={-1}
      className={cn("display flex w-fit items-center gap-2 rounded-sm text-lg focus-ring", className)}
    >
      {children}
    </h2>
  );
}
