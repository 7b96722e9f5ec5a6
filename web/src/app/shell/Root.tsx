import { useQuery } from "@tanstack/react-query";
import { meQuery } from "@/api/queries/session";
import { SignInPage } from "@/features/auth";
import { Mark } from "@/ui/monogram";
import { ErrorState } from "@/ui/states";
import { AppShell } from "./AppShell";

/** Nobody signed in: the sign-in page, whatever the address. Otherwise the shell. */
export function Root() {
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
  if (me.isError)
    return (
      <main className="flex min-h-dvh items-center justify-center bg-paper text-ink">
        <ErrorState error={me.error} onRetry={() => void me.refetch()} />
      </main>
    );
  return me.data ? <AppShell me={me.data} /> : <SignInPage />;
}
