/**
 * The palette: one field for people, households, numbers, notes, tasks and what the page can do. It is part of the first load,
 * so that no key is lost which is typed right after the one that opens it.
 */
import { Search as SearchIcon } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { LONGEST_SEARCH } from "@/api/queries/search";
import { cn } from "@/lib/cn";
import { ErrorState } from "@/ui/states";
import { ItemRow, Kbd } from "./ItemRow";
import { grouped, type Item, spoken } from "./items";
import { useItems } from "./useItems";

interface PaletteProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onChoose: (item: Item) => void;
  /** Runs once the focus may go elsewhere than where it came from; answers whether it took it. */
  onClosed: () => boolean;
}

export function Palette({ open, onOpenChange, onChoose, onClosed }: PaletteProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <div aria-hidden className="fixed inset-0 z-50 bg-black/35" />
        <Radix.Content
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            if (onClosed()) event.preventDefault();
          }}
          className="fixed inset-0 z-50 flex flex-col bg-raised focus:outline-none sm:inset-auto sm:top-[12vh] sm:left-1/2 sm:max-h-[70vh] sm:w-[40rem] sm:-translate-x-1/2 sm:rounded-xl sm:border sm:border-line sm:shadow-3"
        >
          <Radix.Title className="sr-only">Search and commands</Radix.Title>
          <Body onChoose={onChoose} onClose={() => onOpenChange(false)} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Body({ onChoose, onClose }: { onChoose: (item: Item) => void; onClose: () => void }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const { items, fresh, answer, error, retry } = useItems(text.trim());
  // Enter before the answer is there opens the best hit as soon as it is.
  const [waiting, setWaiting] = useState(false);
  const active = items[Math.min(at, items.length - 1)];
  const choose = useRef(onChoose);
  choose.current = onChoose;
  useEffect(() => {
    if (!waiting || !fresh) return;
    setWaiting(false);
    if (items[0]) choose.current(items[0]);
  }, [waiting, fresh, items]);
  useEffect(() => {
    if (active) document.getElementById(active.id)?.scrollIntoView({ block: "nearest" });
  }, [active]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const to = step(event.key, at, items.length);
    if (to !== null) {
      event.preventDefault();
      setAt(to);
      setWaiting(false);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!fresh && at === 0) setWaiting(true);
      else if (active) onChoose(active);
    }
  };
  return (
    <>
      <div className="flex h-14 shrink-0 items-center gap-3 border-b border-line px-4">
        <SearchIcon aria-hidden className="size-4 shrink-0 text-ink-3" />
        <input
          role="combobox"
          aria-label="Search households, people, numbers, notes, tasks and commands"
          aria-autocomplete="list"
          aria-expanded={items.length > 0}
          aria-controls={items.length > 0 ? "palette-list" : undefined}
          aria-activedescendant={active?.id}
          placeholder="Search households, people, notes"
          value={text}
          maxLength={LONGEST_SEARCH}
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="go"
          onKeyDown={onKeyDown}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
            setWaiting(false);
          }}
          className="h-full min-w-0 flex-1 bg-transparent text-md text-ink outline-none placeholder:text-ink-3"
        />
        <button
          type="button"
          onClick={onClose}
          className="shrink-0 rounded-md px-2 py-1 text-sm text-ink-2 hover:bg-sunken focus-ring"
        >
          <span className="sm:hidden">Cancel</span>
          <span className="hidden sm:inline">Esc</span>
        </button>
      </div>
      {error ? (
        <ErrorState error={error} onRetry={retry} />
      ) : items.length > 0 ? (
        <List items={items} active={active} dim={!fresh} onChoose={onChoose} onPoint={setAt} />
      ) : (
        fresh && <Nothing text={text.trim()} />
      )}
      <Hints />
      <p role="status" className="sr-only">
        {fresh ? spoken(text.trim(), items, answer) : ""}
      </p>
    </>
  );
}

/** Where a key leads in a list of so many; null for a key that moves nothing. */
function step(key: string, at: number, count: number) {
  const from = Math.min(at, count - 1);
  if (count === 0) return null;
  if (key === "ArrowDown") return (from + 1) % count;
  if (key === "ArrowUp") return (from + count - 1) % count;
  if (key === "PageDown") return Math.min(from + 8, count - 1);
  if (key === "PageUp") return Math.max(from - 8, 0);
  return null;
}

interface ListProps {
  items: Item[];
  active?: Item;
  dim: boolean;
  onChoose: (item: Item) => void;
  onPoint: (at: number) => void;
}
function List({ items, active, dim, onChoose, onPoint }: ListProps) {
  return (
    <div
      id="palette-list"
      role="listbox"
      aria-label="Results"
      tabIndex={-1}
      aria-busy={dim}
      className={cn("min-h-0 flex-1 overflow-y-auto px-2 pb-2", dim && "opacity-60")}
    >
      {grouped(items).map((group, n) => (
        // biome-ignore lint/a11y/useSemanticElements: a group of options, not of fields
        <div key={group.name} role="group" aria-labelledby={`palette-group-${n}`}>
          <p id={`palette-group-${n}`} role="presentation" className="eyebrow px-3 pt-3 pb-1">
            {group.name}
          </p>
          {group.items.map((item) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and takes the keys
            <div
              key={item.id}
              id={item.id}
              role="option"
              aria-selected={item === active}
              tabIndex={-1}
              onMouseMove={() => item !== active && onPoint(items.indexOf(item))}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onChoose(item)}
              className="flex cursor-pointer items-center gap-3 rounded-md px-3 py-2 aria-selected:bg-brand-soft [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-ink-3"
            >
              <ItemRow item={item} />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

const Nothing = ({ text }: { text: string }) => (
  <p className="px-6 py-12 text-center text-ink-2">
    Nothing in your book matches <span className="font-medium text-ink">“{text}”</span>. Try fewer or other
    words.
  </p>
);

const Hints = () => (
  <p
    aria-hidden
    className="hidden shrink-0 items-center gap-4 border-t border-line px-4 py-2 text-xs text-ink-3 sm:flex"
  >
    <span>
      <Kbd>↑</Kbd> <Kbd>↓</Kbd> to move
    </span>
    <span>
      <Kbd>Enter</Kbd> to open
    </span>
  </p>
);
