import { useEffect } from "react";
import { confirmUrl } from "@/api/queries/session";
import { Button } from "@/ui/button";
import { Mark } from "@/ui/monogram";
import { tellConfirmed } from "./channel";

const REASONS: Record<string, string> = {
  refused: "You were not asked again, or did not sign in. Nothing was changed.",
  unavailable: "Your identity provider does not answer just now. Try again in a minute.",
  "somebody-else": "Somebody else signed in here. Sign in as the person whose session this is.",
};

/** Where the small window comes back to from the identity provider. */
export function ConfirmedPage() {
  const code = new URLSearchParams(window.location.search).get("reason");
  const reason = code === null ? null : (REASONS[code] ?? REASONS.refused);
  useEffect(() => {
    if (reason) return;
    tellConfirmed();
    // Only a window that was opened for this can be closed by it.
    window.close();
  }, [reason]);
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center bg-paper px-6 text-center text-ink">
      <Mark className="size-12 text-brass" />
      <h1 className="display mt-5 text-2xl">{reason ? "Not confirmed" : "Thank you"}</h1>
      <p role={reason ? "alert" : "status"} className="mt-2 max-w-80 text-md text-ink-2">
        {reason ?? "You are confirmed. Close this window and go on where you were."}
      </p>
      {reason && (
        <Button asChild variant="primary" className="mt-8 h-11 px-6 text-md">
          <a href={confirmUrl("/crm/confirmed")}>Try again</a>
        </Button>
      )}
    </main>
  );
}
