import { useQueryClient } from "@tanstack/react-query";
import { Link, useRouterState } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { lastFailedRequest } from "@/api/client";
import { asProblem, type Problem } from "@/api/problem";
import { sendFeedback } from "@/api/queries/feedback";
import { Button } from "@/ui/button";
import { Labelled, TextArea } from "@/ui/form";
import { Dialog } from "@/ui/overlay";
import { ProblemLine } from "@/ui/states";
import { toast } from "@/ui/toast";
import { pageOf } from "./page";

/** What somebody has to say about the product. */
export default function FeedbackDialog({
  returnFocus,
  onClose,
}: {
  returnFocus: HTMLElement | null;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const page = useRouterState({ select: (s) => pageOf(s.matches.at(-1)?.fullPath) });
  const [requestId] = useState(lastFailedRequest);
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [key] = useState(() => crypto.randomUUID());
  const send = async (event?: FormEvent) => {
    event?.preventDefault();
    if (!text.trim() || busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await sendFeedback({ text, page, request_id: requestId }, key);
      toast("Thank you. Your firm's admins will see it.");
      void client.invalidateQueries({ queryKey: ["feedback"] });
      onClose();
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Send feedback" returnFocus={returnFocus}>
      <form onSubmit={(e) => void send(e)} className="flex flex-col gap-4 p-5">
        <ProblemLine error={problem} />
        <Labelled
          label="What is missing, wrong or in the way?"
          error={problem?.fieldErrors.text}
          hint={
            <>
              Sent with it: the kind of page (<code className="font-mono">{page}</code>)
              {requestId && <> and the last request that failed here</>}. Please name no client.
            </>
          }
        >
          {({ id, describedBy }) => (
            <TextArea
              id={id}
              aria-describedby={describedBy}
              required
              maxLength={2000}
              rows={5}
              value={text}
              onChange={(e) => setText(e.target.value)}
              onKeyDown={(e) => {
                if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) void send();
              }}
            />
          )}
        </Labelled>
        <div className="flex items-center justify-end gap-2">
          <Link
            to="/feedback"
            onClick={onClose}
            className="mr-auto rounded-sm text-sm font-medium text-brand-ink hover:underline focus-ring"
          >
            What became of it
          </Link>
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" disabled={busy || !text.trim()}>
            Send
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
