import { RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { asProblem } from "@/api/problem";
import { cn } from "@/lib/cn";
import { Button } from "./button";

/** A grey bar where text will be. */
export const Skeleton = ({ className }: { className?: string }) => (
  <span aria-hidden className={cn("block animate-pulse rounded-md bg-line", className)} />
);

/** The shape of a card while it loads. Appears after a moment, so a fast answer does not flicker. */
export function SkeletonCard({ rows = 3 }: { rows?: number }) {
  return (
    <div className="rounded-lg border border-line bg-surface p-5 shadow-1">
      <Skeleton className="h-5 w-40" />
      {Array.from({ length: rows }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: identical placeholders
        <Skeleton key={i} className="mt-4 h-4 w-full" />
      ))}
    </div>
  );
}

/** Says aloud that something is loading; `children` is its shape. */
export function Loading({ children, label = "Loading" }: { children: ReactNode; label?: string }) {
  return (
    <div aria-busy="true">
      <p role="status" className="sr-only">
        {label}
      </p>
      {children}
    </div>
  );
}

/** Nothing here yet: one line on what will appear, one thing to do. */
export function Empty({
  title,
  children,
  action,
  icon,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  icon?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center px-6 py-14 text-center [&>svg]:size-5 [&>svg]:text-brass">
      {icon}
      <p className="display mt-3 text-lg">{title}</p>
      {children && <p className="mt-1 max-w-96 text-ink-2">{children}</p>}
      {action && <div className="mt-5">{action}</div>}
    </div>
  );
}

/** Plain cause, a way to try again, and the request id for support. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const problem = asProblem(error);
  const title =
    problem.status === 404
      ? "Not in your book"
      : problem.status === 0
        ? "No connection"
        : "This could not be loaded";
  const text = problem.status === 404 ? "There is nothing here that you may see." : problem.message;
  return (
    <div role="alert" className="flex flex-col items-center px-6 py-14 text-center">
      <p className="display text-lg">{title}</p>
      <p className="mt-1 max-w-110 text-ink-2">{text}</p>
      {problem.requestId && (
        <p className="mt-3 text-xs text-ink-3">
          Request <code className="font-mono select-all">{problem.requestId}</code>
        </p>
      )}
      {onRetry && problem.status !== 404 && (
        <Button className="mt-5" onClick={onRetry}>
          <RotateCw />
          Try again
        </Button>
      )}
    </div>
  );
}

interface Asked {
  data: unknown;
  error: unknown;
  refetch: () => unknown;
}

/** That something could not be loaded; where an earlier answer is on screen that one stays, and a line above it says so. */
export function Failure({ of: { data, error, refetch } }: { of: Asked }) {
  if (!error) return null;
  if (data === undefined) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <p role="status" className="mt-3 flex flex-wrap items-center gap-x-3 text-sm text-warn">
      What you see may be old. {asProblem(error).message}
      <Button size="sm" variant="ghost" onClick={() => void refetch()}>
        Try again
      </Button>
    </p>
  );
}

/** A refusal inside a form or a dialog. */
export function ProblemLine({ error }: { error: unknown }) {
  if (!error) return null;
  const problem = asProblem(error);
  return (
    <p role="alert" className="rounded-md bg-neg-soft px-3 py-2 text-sm text-neg">
      {problem.message}
      {problem.requestId && <span className="block text-xs">Request {problem.requestId}</span>}
    </p>
  );
}
