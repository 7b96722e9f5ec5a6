import { useNavigate, useRouterState } from "@tanstack/react-router";
import { Search as SearchIcon } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { SearchHit } from "@/api/queries/search";
import { type KeyId, keyRouter, useKey } from "@/app/keys";
import { Kbd } from "./ItemRow";
import type { Item } from "./items";
import { Palette } from "./Palette";
import { visit } from "./recents";

/** The box in the top bar, and the palette that it and Ctrl+K open. */
export function SearchBox() {
  const [open, setOpen] = useState(false);
  const next = useRef<KeyId | null>(null);
  const navigate = useNavigate();
  useVisits();
  useKey("palette", () => setOpen(true));

  const choose = (item: Item) => {
    setOpen(false);
    if (item.kind === "command") next.current = item.command.id;
    else if (item.kind === "recent") void navigate(toHousehold(item.householdId));
    else void navigate(toHit(item.hit));
  };
  // A command may take the focus, so it waits until the palette has let it go.
  const run = () => {
    const id = next.current;
    next.current = null;
    if (!id) return false;
    if (!keyRouter.run(id)) {
      void navigate({ to: "/households" });
      keyRouter.runOnceHandled(id);
    }
    return true;
  };
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K Meta+K"
        aria-label="Search households, people, notes"
        onClick={() => setOpen(true)}
        className="flex size-9 items-center justify-center gap-3 rounded-md text-ink-3 hover:text-ink focus-ring md:w-full md:max-w-96 md:justify-start md:border md:border-control md:bg-surface md:px-3"
      >
        <SearchIcon aria-hidden className="size-4 shrink-0" />
        <span aria-hidden className="hidden min-w-0 flex-1 truncate text-left md:inline">
          Search households, people, notes
        </span>
        <span aria-hidden className="hidden shrink-0 md:inline">
          <Kbd>Ctrl K</Kbd>
        </span>
      </button>
      <Palette open={open} onOpenChange={setOpen} onChoose={choose} onClosed={run} />
    </>
  );
}

/** Remembers which households were opened. */
function useVisits() {
  const path = useRouterState({ select: (s) => s.location.pathname });
  useEffect(() => {
    const id = /^\/households\/([\w-]+)$/.exec(path)?.[1];
    if (id) visit(id);
  }, [path]);
}

const toHousehold = (id: string, search: { tab?: "notes" | "tasks"; person?: string } = {}) =>
  ({ to: "/households/$id", params: { id }, search }) as const;

/** Where a hit is to be seen. */
function toHit(hit: SearchHit) {
  const home = hit.household_id;
  if (!home) return { to: "/tasks" } as const;
  if (hit.person_id) return toHousehold(home, { person: hit.person_id });
  if (hit.kind === "note") return toHousehold(home, { tab: "notes" });
  if (hit.kind === "task" || hit.kind === "open_loop") return toHousehold(home, { tab: "tasks" });
  return toHousehold(home);
}
