import { useNavigate } from "@tanstack/react-router";
import { BookUser, ListPlus, NotebookPen, Repeat2 } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/overlay";
import { type KeyId, keyRouter } from "../keys";

type Page = "/households" | "/tasks" | "/open-loops";

/** What can be created: on the page of a household for it, anywhere else where each kind is written down. */
export function CreateMenu({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const create = (id: KeyId, page?: Page) => {
    onClose();
    // Once this dialog has let the focus go.
    requestAnimationFrame(() => {
      if (keyRouter.run(id) || !page) return;
      keyRouter.runOnceHandled(id);
      void navigate({ to: page });
    });
  };
  const item = (icon: ReactNode, text: string, id: KeyId, page?: Page) => (
    <Button
      variant="ghost"
      className="justify-start"
      autoFocus={id === "record.task"}
      onClick={() => create(id, page)}
    >
      {icon}
      {text}
    </Button>
  );
  const here = keyRouter.active().some(({ id }) => id === "record.note");
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Create">
      <div className="flex flex-col gap-1 p-3">
        {item(<ListPlus />, "Task", "record.task", "/tasks")}
        {item(<Repeat2 />, "Open loop", "record.loop", "/open-loops")}
        {here && item(<NotebookPen />, "Note", "record.note")}
        {item(<BookUser />, "Household", "create", "/households")}
      </div>
    </Dialog>
  );
}
