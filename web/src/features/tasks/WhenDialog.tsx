import { type ReactNode, useState } from "react";
import { Button } from "@/ui/button";
import { Input } from "@/ui/form";
import { Dialog } from "@/ui/overlay";

/** Asks for a day or a moment: by one press of those that are near, or any other by hand. */
export function WhenDialog({
  title,
  description,
  choices,
  own,
  clear,
  onChoose,
  onClose,
}: {
  title: string;
  description: ReactNode;
  choices: readonly { name: string; shown: string; value: string }[];
  /** The field for any other: what is in it at first, and the first that can be chosen. */
  own: { type: "date" | "datetime-local"; label: string; button: string; start: string; min: string };
  /** Takes away what is set; absent where nothing is. */
  clear?: string;
  onChoose: (value: string | null) => void;
  onClose: () => void;
}) {
  const [typed, setTyped] = useState(own.start);
  const choose = (value: string | null) => {
    onChoose(value);
    onClose();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={title} description={description}>
      <div className="flex flex-col gap-2 p-5">
        {choices.map(({ name, shown, value }, index) => (
          <Button
            key={name}
            autoFocus={index === 0}
            className="justify-between"
            onClick={() => choose(value)}
          >
            {name}
            <span className="font-normal text-ink-3">{shown}</span>
          </Button>
        ))}
        <form
          className="mt-2 flex gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (typed) choose(typed);
          }}
        >
          <Input
            type={own.type}
            aria-label={own.label}
            min={own.min}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          <Button type="submit">{own.button}</Button>
        </form>
        {clear && (
          <Button variant="ghost" onClick={() => choose(null)}>
            {clear}
          </Button>
        )}
      </div>
    </Dialog>
  );
}
