import { lazy, Suspense, useSyncExternalStore } from "react";
import { stepUpStore } from "./store";

const StepUpDialog = lazy(() => import("./StepUpDialog").then((m) => ({ default: m.StepUpDialog })));

/** Asks somebody to confirm that it is them. Rendered once, by the shell. */
export function StepUpHost() {
  const asking = useSyncExternalStore(stepUpStore.subscribe, stepUpStore.isAsking);
  return <Suspense>{asking && <StepUpDialog />}</Suspense>;
}
