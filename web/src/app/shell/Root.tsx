import { useQuery } from "@tanstack/react-query";
import { useRouterState } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { meQuery } from "@/api/queries/session";
import { SignInPage } from "@/features/auth";
import { Mark } from "@/ui/monogram";
import { ErrorState } from "@/ui/states";
import { AppShell } from "./AppShell";

/** Pages that stand alone, by their path. */
const ALONE = {
  "/join": lazy(() => import("@/features/auth/JoinPage").then((m) => ({ default: m.JoinPage }))),
  "/confirmed": lazy(() =>
    import("@/features/step-up/ConfirmedPage").then((m) => ({ default: m.ConfirmedPage })),
  ),
};

/** What stands alone, whoever is signed in; otherwise the app. */
export function Root() {
  const path = useRouterState({ select: (s) => s.location.pathname });
  const Alone = ALONE[path as keyof typeof ALONE];
  if (!Alone) return <App />;
  return (
    <Suspense>
      <Alone />
    </Suspense>
  );
}

/** Nobody signed in: the sign-in page, whatever the address. Otherwise the shell. */
function App() {
  const me = useQuery(meQuery);
  if (me.isPending)
    return (
      <main aria-busy="true" className="flex min-h-dvh items-center justify-center bg-paper">
        <Mark className="size-10 animate-pulse text-brass" />
        <p role="status" className="sr-only">
          Loading
        </p>
      </main>
    );
  // A page that is there stays when the question is asked again and not answered.
  if (me.isError && me.data === undefined)
    return (
      <main className="flex min-h-dvh items-center justify-center bg-paper text-ink">
        <ErrorState error={me.error} onRetry={() => void me.refetch()} />
      </main>
    );
  // Nothing that one user was doing is there for the next.
  return me.data ? <AppShell key={me.data.user.id} me={me.data} /> : <SignInPage />;
}
