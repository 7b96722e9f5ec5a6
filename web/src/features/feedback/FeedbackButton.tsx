import { MessageSquarePlus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useKey } from "@/app/keys";
import { opener } from "@/lib/opener";
import { IconButton } from "@/ui/button";

const FeedbackDialog = lazy(() => import("./FeedbackDialog"));

/** On every page: says what one has to say about the product, with the kind of page and the last request that failed. */
export function FeedbackButton() {
  const [from, setFrom] = useState<{ element: HTMLElement | null } | null>(null);
  const open = () => setFrom({ element: opener() });
  useKey("feedback", open);
  return (
    <>
      <IconButton label="Send feedback" className="size-9" onClick={open}>
        <MessageSquarePlus />
      </IconButton>
      <Suspense>
        {from && <FeedbackDialog returnFocus={from.element} onClose={() => setFrom(null)} />}
      </Suspense>
    </>
  );
}
