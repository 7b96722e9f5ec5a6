import { CatchBoundary } from "@tanstack/react-router";
import { type ReactNode, Suspense } from "react";

/** A part that a page can do without: where it cannot be loaded, as without a connection, the page stays as it is. */
export const Spare = ({ fallback, children }: { fallback?: ReactNode; children: ReactNode }) => (
  <CatchBoundary getResetKey={() => "spare"} errorComponent={() => null}>
    <Suspense fallback={fallback}>{children}</Suspense>
  </CatchBoundary>
);
