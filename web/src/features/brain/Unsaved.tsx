import { useBlocker } from "@tanstack/react-router";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/overlay";

/** What another address must have in common with this one for the writer to stay open. */
const PLACE = ["tab", "file", "version", "known"] as const;

/** Asks before a text that is not saved is left: for another page or tab, or by closing the window. */
export function useUnsaved(isUnsaved: () => boolean) {
  return useBlocker({
    withResolver: true,
    enableBeforeUnload: isUnsaved,
    shouldBlockFn: ({ current, next }) => {
      const [here, there]: Record<string, unknown>[] = [current.search, next.search];
      const leaves =
        current.pathname !== next.pathname || PLACE.some((name) => here?.[name] !== there?.[name]);
      return leaves && isUnsaved();
    },
  });
}

/** Stay and go on writing, or go and lose what was typed. */
export function LeaveDialog({
  what,
  onStay,
  onLeave,
}: {
  what: string;
  onStay: () => void;
  onLeave: () => void;
}) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onStay()}
      title="Leave without saving?"
      description={`What you typed in ${what} is not saved.`}
    >
      <div className="flex justify-end gap-2 p-5">
        <Button variant="danger" onClick={onLeave}>
          Discard what I typed
        </Button>
        <Button variant="primary" onClick={onStay}>
          Go on writing
        </Button>
      </div>
    </Dialog>
  );
}
