import type { components } from "@/api/schema";
import { cn } from "@/lib/cn";
import { ROLES } from "@/lib/words";

type Colleague = components["schemas"]["MayMention"];
export const optionId = (list: string, index: number) => `${list}-${index}`;

/** The colleagues who may be meant. The caret stays in the text: the list is steered from there. */
export function MentionList({
  id,
  colleagues,
  active,
  onChoose,
}: {
  id: string;
  colleagues: readonly Colleague[];
  active: number;
  onChoose: (colleague: Colleague) => void;
}) {
  return (
    <div
      id={id}
      role="listbox"
      aria-label="Mention a colleague"
      className="absolute top-full right-0 left-0 z-30 mt-1 max-w-80 rounded-lg border border-line bg-raised p-1 shadow-2"
    >
      {colleagues.map((colleague, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the caret stays in the text, whose keys steer the list
        <div
          key={colleague.id}
          id={optionId(id, index)}
          role="option"
          aria-selected={index === active}
          // Before the text loses the focus.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(colleague)}
          className={cn(
            "flex h-9 cursor-pointer items-center justify-between gap-3 rounded-md px-2.5",
            index === active && "bg-sunken",
          )}
        >
          <span className="truncate">{colleague.name}</span>
          <span className="shrink-0 text-xs text-ink-3">{ROLES[colleague.role]}</span>
        </div>
      ))}
    </div>
  );
}
