import { signInUrl } from "@/api/queries/session";
import { Button } from "@/ui/button";
import { Mark } from "@/ui/monogram";

/** The only way in: the firm's identity provider. */
export function SignInPage() {
  const here = window.location.pathname + window.location.search;
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center bg-paper px-6 text-center text-ink">
      <Mark className="size-12 text-brass" />
      <h1 className="display mt-5 text-3xl">magfin</h1>
      <p className="mt-2 max-w-80 text-md text-ink-2">
        Sign in with your firm account to see your households.
      </p>
      <Button asChild variant="primary" className="mt-8 h-11 px-6 text-md">
        <a href={signInUrl(here)}>Sign in</a>
      </Button>
    </main>
  );
}
