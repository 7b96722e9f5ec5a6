import { lazy, Suspense } from "react";
import type { Row } from "./Shown";

const Shown = lazy(() => import("./Shown"));

/** The evidence that is kept with a closed loop or a done task, and the way to it. Nothing while there is none. */
export const ShownEvidence = ({ row }: { row: Row }) =>
  row.evidence_id && (
    <Suspense fallback={null}>
      <Shown row={row} />
    </Suspense>
  );
