import {
  ChevronDown,
  CircleCheck,
  CornerUpLeft,
  Ellipsis,
  FileInput,
  History,
  Landmark,
  ListPlus,
  type LucideIcon,
  NotebookPen,
  PenLine,
  Repeat2,
  User,
} from "lucide-react";
import { useState } from "react";
import { undoEdit, undoRequest } from "@/api/facts";
import { asProblem } from "@/api/problem";
import { useUserOptions } from "@/api/queries/user-options";
import type { Edit } from "@/api/types";
import { useMe } from "@/features/auth";
import { useEditor, withInitial } from "@/features/edits";
import { loopSpec } from "@/features/open-loops";
import { taskSpec } from "@/features/tasks";
import { cn } from "@/lib/cn";
import { ago, moment } from "@/lib/dates";
import { IconButton } from "@/ui/button";
import { Badge } from "@/ui/card";
import { Markdown } from "@/ui/Markdown";
import { Menu, MenuItem, MenuSeparator } from "@/ui/menu";
import { toast } from "@/ui/toast";
import { type Burst, type Kind, kindOf } from "./bursts";
import { noteBody, summary, tell } from "./tell";
import { useOpenEdit } from "./useOpenEdit";

const ICONS: Record<Kind, LucideIcon> = {
  note: NotebookPen,
  task: CircleCheck,
  loop: Repeat2,
  account: Landmark,
  person: User,
  change: PenLine,
};
const BADGES: Partial<Record<string, string>> = {
  import: "Import",
  undo: "Undo",
  restore: "Restored",
  sample: "Sample",
  api: "API",
};

/** One line of the timeline: an edit, or many small ones of one sitting. */
export function TimelineLine({ burst }: { burst: Burst }) {
  const { nameOf } = useEditor();
  const [open, setOpen] = useState(false);
  const [first] = burst.edits;
  if (!first) return null;
  const Icon = first.source === "import" ? FileInput : ICONS[kindOf(first)];
  const expandable = burst.edits.length > 1 || noteBody(first) !== null;
  const badge = BADGES[first.source];
  return (
    <li className="border-t border-line px-5 py-3 first:border-0" data-testid="timeline-item">
      <div className="flex gap-4">
        <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-3" strokeWidth={1.75} />
        <div className="min-w-0 flex-1">
          <p className="break-words">{summary(burst, nameOf)}</p>
          <p className="text-xs text-ink-3">
            {first.user_name},{" "}
            <time dateTime={burst.at} title={moment(burst.at)}>
              {ago(burst.at)}
            </time>
            {burst.edits.length === 1 && first.reason && `. ${first.reason}`}
          </p>
        </div>
        {first.undone_by && <Badge>Undone</Badge>}
        {badge && <Badge>{badge}</Badge>}
        {expandable && (
          <IconButton
            label={open ? "Show less" : "Show more"}
            aria-expanded={open}
            className="size-7"
            onClick={() => setOpen(!open)}
          >
            <ChevronDown className={cn("transition-transform", open && "rotate-180")} />
          </IconButton>
        )}
        <LineMenu burst={burst} text={summary(burst, nameOf)} />
      </div>
      {open && (
        <div className="mt-2 pl-8">
          {burst.edits.length === 1 ? (
            <Markdown source={noteBody(first) ?? ""} />
          ) : (
            <ul className="space-y-1 border-l-2 border-line pl-3 text-sm text-ink-2">
              {burst.edits.map((edit) => (
                <li key={edit.id} className="break-words">
                  {tell(edit, nameOf)}
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </li>
  );
}

/** How a line can be taken back: one edit by itself, or all of one request of the user's own. */
function undoOf({ edits }: Burst, me: string | undefined): (() => Promise<unknown>) | null {
  const [first] = edits;
  if (!first || edits.some((e) => e.undone_by || e.undoes || e.source === "import" || e.source === "restore"))
    return null;
  const request = first.request_id;
  const own = request && first.user_id === me && edits.every((e) => e.request_id === request);
  // What has a reason may have moved rows of other households as well: it is taken back whole.
  if (own && (first.reason || edits.length > 1)) return () => undoRequest(request);
  return edits.length === 1 ? () => undoEdit(first.id) : null;
}

const TITLE_MOST = 200;

function LineMenu({ burst, text }: { burst: Burst; text: string }) {
  const { canWrite, add, facts } = useEditor();
  const users = useUserOptions();
  const me = useMe();
  const openEdit = useOpenEdit();
  const [first] = burst.edits as [Edit, ...Edit[]];
  const undo = undoOf(burst, me?.user.id);
  const follow = text.length > TITLE_MOST ? `${text.slice(0, TITLE_MOST)}…` : text;
  const run = () =>
    undo?.()
      .then(() => toast("Undone."))
      .catch((error) => toast(`Not undone: ${asProblem(error).message}`, { tone: "error" }))
      .finally(facts.renew);
  return (
    <Menu
      trigger={
        <IconButton label={`Actions for: ${text.slice(0, 60)}`} className="-mr-2 size-7">
          <Ellipsis />
        </IconButton>
      }
    >
      <MenuItem onSelect={() => openEdit(first)}>
        <PenLine />
        Open
      </MenuItem>
      <MenuItem onSelect={() => openEdit(first, "history")}>
        <History />
        Show in the history
      </MenuItem>
      {canWrite && (
        <>
          <MenuItem onSelect={() => add(withInitial(taskSpec(users), { title: `Follow up: ${follow}` }))}>
            <ListPlus />
            Make a task
          </MenuItem>
          <MenuItem onSelect={() => add(withInitial(loopSpec(users), { text: follow }))}>
            <Repeat2 />
            Make an open loop
          </MenuItem>
        </>
      )}
      {canWrite && undo && (
        <>
          <MenuSeparator />
          <MenuItem onSelect={() => void run()}>
            <CornerUpLeft />
            Undo
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
