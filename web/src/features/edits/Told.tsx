import type { ReactNode } from "react";
import { entityOf } from "@/api/facts";
import type { Noun } from "@/api/types";
import { cn } from "@/lib/cn";
import { whyMark } from "./why";

/** A stored value that is only shown: the key `w` tells where it came from. */
export function Told({
  noun,
  id,
  field,
  className,
  children,
}: {
  noun: Noun;
  id: string;
  field: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <span {...whyMark(entityOf(noun), id, field)} className={cn("min-w-0", className)}>
      {children}
    </span>
  );
}
