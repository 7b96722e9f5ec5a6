import { useState } from "react";
import { asProblem } from "@/api/problem";
import { join } from "@/api/queries/session";
import { Button } from "@/ui/button";
import { Mark } from "@/ui/monogram";

const REASONS: Record<string, string> = {
  taken: "This account signs in as somebody already. Open your invitation again and choose another account.",
  gone: "This invitation was used, was taken back, or is older than seven days. Ask for a new one.",
};

let taken = "";
/** The code stands behind the `#`, which browsers do not send, and leaves the address at once. */
function takeCode() {
  const code = window.location.hash.slice(1);
  if (code) {
    taken = code;
    window.history.replaceState(window.history.state, "", window.location.pathname);
  }
  // The page may be drawn anew: the address holds the code only the first time.
  return taken;
}

/** Where the link of an invitation leads. */
export function JoinPage() {
  const [code] = useState(takeCode);
  const [problem, setProblem] = useState(
    REASONS[new URLSearchParams(window.location.search).get("reason") ?? ""],
  );
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    try {
      window.location.assign((await join(code)).url);
    } catch (error) {
      const refusal = asProblem(error);
      setProblem(refusal.status === 404 ? REASONS.gone : refusal.message);
      setBusy(false);
    }
  };
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center bg-paper px-6 text-center text-ink">
      <Mark className="size-12 text-brass" />
      <h1 className="display mt-5 text-3xl">You are invited</h1>
      <p className="mt-2 max-w-96 text-md text-ink-2">
        Sign in with your work account. From then on this account is your way into magfin; the link works
        once.
      </p>
      {problem && (
        <p role="alert" className="mt-5 max-w-96 rounded-md bg-warn-soft px-4 py-2.5 text-warn">
          {problem}
        </p>
      )}
      {code ? (
        <Button
          variant="primary"
          disabled={busy}
          className="mt-8 h-11 px-6 text-md"
          onClick={() => void go()}
        >
          Sign in and join
        </Button>
      ) : (
        !problem && <p className="mt-6 text-ink-2">Open the whole link that you were given.</p>
      )}
    </main>
  );
}
