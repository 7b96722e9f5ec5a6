import { CircleSlash, Clock, Ellipsis, ListTodo, Merge, Pencil, RotateCcw, Trash2 } from "lucide-react";
import type { OpenLoop } from "@/api/types";
import { IconButton } from "@/ui/button";
import { Menu, MenuItem, MenuSeparator } from "@/ui/menu";
import { isClosed } from "./age";
import type { LoopActions } from "./useLoopActions";

/** What can be done with one loop. */
export function LoopMenu({
  loop,
  actions,
  onEdit,
  onDrop,
  onMerge,
}: {
  loop: OpenLoop;
  actions: LoopActions;
  onEdit: () => void;
  onDrop: () => void;
  onMerge: () => void;
}) {
  return (
    <Menu
      trigger={
        <IconButton label={`Actions for ${loop.text}`} className="-mr-2">
          <Ellipsis />
        </IconButton>
      }
    >
      {!isClosed(loop) && (
        <>
          <MenuItem onSelect={() => void actions.wait(loop)}>
            {loop.status === "waiting" ? <RotateCcw /> : <Clock />}
            {loop.status === "waiting" ? "No longer waiting" : "Waiting for an answer"}
          </MenuItem>
          <MenuItem onSelect={() => void actions.toTask(loop)}>
            <ListTodo />
            Make it a task
          </MenuItem>
          <MenuItem onSelect={onMerge}>
            <Merge />
            Merge with another
          </MenuItem>
          <MenuItem onSelect={onDrop}>
            <CircleSlash />
            Drop
          </MenuItem>
          <MenuSeparator />
        </>
      )}
      <MenuItem onSelect={onEdit}>
        <Pencil />
        Edit
      </MenuItem>
      <MenuItem onSelect={() => void actions.remove(loop)}>
        <Trash2 />
        Remove
      </MenuItem>
    </Menu>
  );
}
