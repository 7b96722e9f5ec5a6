import { useEffect, useState } from "react";
import { confirmUrl } from "@/api/queries/session";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/overlay";
import { onConfirmed } from "./channel";
import { stepUpStore } from "./store";

const WINDOW = "popup,width=520,height=720";

/** The question itself, over whatever they are doing. */
export function StepUpDialog() {
  const [state, setState] = useState<"asking" | "away" | "blocked">("asking");
  useEffect(() => onConfirmed(stepUpStore.done), []);
  const go = () => {
    const opened = window.open(confirmUrl("/crm/confirmed"), "magfin-confirm", WINDOW);
    setState(opened ? "away" : "blocked");
  };
  const here = confirmUrl(window.location.pathname + window.location.search);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && stepUpStore.cancel(null)}
      title="Confirm that it is you"
      description="Your last sign-in is more than ten minutes ago."
    >
      <div className="flex flex-col gap-4 p-5">
        <p className="text-ink-2">
          What you are about to do decides who sees what, or takes data out of magfin. Sign in once more at
          your identity provider, in a small window. What you typed here stays.
        </p>
        <p role="status" className="text-sm text-ink-2 empty:hidden">
          {state === "away" &&
            "Waiting for the other window. This goes on by itself when you are done there."}
          {state === "blocked" && (
            <>
              Your browser did not open the window.{" "}
              <a className="text-brand-ink underline focus-ring" href={here}>
                Sign in on this page instead
              </a>
              ; what you typed here is lost then.
            </>
          )}
        </p>
        <div className="flex justify-end gap-2">
          <Button variant="ghost" onClick={() => stepUpStore.cancel(null)}>
            Cancel
          </Button>
          <Button variant="primary" onClick={go}>
            {state === "asking" ? "Continue to sign-in" : "Open the window again"}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
