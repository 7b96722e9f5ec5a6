import { asProblem } from "@/api/problem";
import { onAnotherUser } from "@/api/user";
import { clearToasts, toast } from "@/ui/toast";

type Run = () => Promise<unknown>;
let last: Run | null = null;
onAnotherUser(() => {
  last = null;
  clearToasts();
});

/** Says what was done and offers to take it back, in the toast and by the key `u`. */
export function offerUndo(text: string, run: Run) {
  last = run;
  const dismiss = toast(text, {
    action: {
      label: "Undo",
      run: () => void undoLast(run),
    },
  });
  return dismiss;
}

/** Takes back `run`, or the newest thing done on this page. */
export async function undoLast(run: Run | null = last) {
  if (!run) {
    toast("There is nothing of yours to undo on this page.");
    return;
  }
  if (run === last) last = null;
  try {
    await run();
    toast("Undone.");
  } catch (error) {
    toast(`Not undone: ${asProblem(error).message}`, { tone: "error" });
  }
}
