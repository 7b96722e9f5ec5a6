import { signInUrl } from "@/api/queries/session";
import { Button } from "@/ui/button";
import { Mark } from "@/ui/monogram";

export const SIGN_IN_PATH = "/sign-in";
const HOME = "/crm/";

/** Why the way in led back here; the server names the reason in the address. */
const REASONS: Record<string, string> = {
  refused: "You were not signed in. Your account may not belong to a firm here: ask your firm admin.",
  unavailable: "Your identity provider does not answer just now. Try again in a minute.",
};

/** The only way in: the firm's identity provider. */
export function SignInPage() {
  const { pathname, search } = window.location;
  const asked = pathname.endsWith(SIGN_IN_PATH) ? HOME : pathname + search;
  const reason = REASONS[new URLSearchParams(search).get("reason") ?? ""];
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center bg-paper px-6 text-center text-ink">
      <Mark className="size-12 text-brass" />
      <h1 className="display mt-5 text-3xl">magfin</h1>
      <p className="mt-2 max-w-80 text-md text-ink-2">
        Sign in with your firm account to see your households.
      </p>
      {reason && (
        <p role="alert" className="mt-5 max-w-96 rounded-md bg-warn-soft px-4 py-2.5 text-warn">
          {reason}
        </p>
      )}
      <Button asChild variant="primary" className="mt-8 h-11 px-6 text-md">
        <a href={signInUrl(asked)}>Sign in</a>
      </Button>
    </main>
  );
}
