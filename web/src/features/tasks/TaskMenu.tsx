import {
  AlarmClock,
  ArrowRightLeft,
  CalendarDays,
  Ellipsis,
  Moon,
  Pencil,
  Trash2,
  UserRoundCheck,
} from "lucide-react";
import type { Task } from "@/api/types";
import { IconButton } from "@/ui/button";
import { Menu, MenuItem, MenuSeparator } from "@/ui/menu";

/** What can be done with one task of a list. */
export function TaskMenu({
  task,
  onEdit,
  onSnooze,
  onRemind,
  onTake,
  moves = [],
  onRemove,
}: {
  task: Task;
  onEdit: (field?: string) => void;
  onSnooze: () => void;
  onRemind: () => void;
  /** Takes it oneself; absent when one has it. */
  onTake?: () => void;
  /** The other columns of the board that it stands on. */
  moves?: [name: string, move: () => void][];
  onRemove: () => void;
}) {
  return (
    <Menu
      trigger={
        <IconButton label={`Actions for ${task.title}`} className="-mr-2">
          <Ellipsis />
        </IconButton>
      }
    >
      {moves.map(([name, move]) => (
        <MenuItem key={name} onSelect={move}>
          <ArrowRightLeft />
          Move to {name}
        </MenuItem>
      ))}
      {onTake && (
        <MenuItem onSelect={onTake}>
          <UserRoundCheck />
          Take it
        </MenuItem>
      )}
      <MenuItem onSelect={() => onEdit("due_on")}>
        <CalendarDays />
        Change the day
      </MenuItem>
      <MenuItem onSelect={onSnooze}>
        <Moon />
        Put off
      </MenuItem>
      <MenuItem onSelect={onRemind}>
        <AlarmClock />
        Remind
      </MenuItem>
      <MenuItem onSelect={() => onEdit()}>
        <Pencil />
        Edit
      </MenuItem>
      <MenuSeparator />
      <MenuItem onSelect={onRemove}>
        <Trash2 />
        Remove
      </MenuItem>
    </Menu>
  );
}
