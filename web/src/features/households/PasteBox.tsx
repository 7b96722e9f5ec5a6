import { ClipboardPaste } from "lucide-react";
import { useState } from "react";
import { type CardPerson, readCards } from "@/lib/contact-card";
import { Button } from "@/ui/button";
import { Labelled, TextArea } from "@/ui/form";

/** Takes a vCard or the signature under an e-mail, and hands on whom it names. */
export function PasteBox({ onRead }: { onRead: (people: CardPerson[]) => void }) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const [nobody, setNobody] = useState(false);
  const read = async (pasted: string) => {
    const people = await readCards(pasted);
    setNobody(people.length === 0);
    if (people.length === 0) return;
    setText("");
    setOpen(false);
    onRead(people);
  };
  if (!open)
    return (
      <Button size="sm" className="self-start" onClick={() => setOpen(true)}>
        <ClipboardPaste />
        Paste a vCard or a signature
      </Button>
    );
  return (
    <div>
      <Labelled
        label="vCard or e-mail signature"
        hint="Names, telephone numbers, addresses: you see what was found before anything is saved."
        error={
          nobody ? "Nobody's name was found in this. Add the people on the household's page." : undefined
        }
      >
        {({ id, describedBy }) => (
          <TextArea
            id={id}
            aria-describedby={describedBy}
            rows={5}
            autoFocus
            maxLength={200_000}
            value={text}
            onChange={(e) => setText(e.target.value)}
            onPaste={(e) => {
              e.preventDefault();
              const pasted = text + e.clipboardData.getData("text/plain");
              setText(pasted);
              void read(pasted);
            }}
          />
        )}
      </Labelled>
      <div className="mt-2 flex justify-end gap-2">
        <Button size="sm" variant="ghost" onClick={() => setOpen(false)}>
          Cancel
        </Button>
        <Button size="sm" disabled={text.trim() === ""} onClick={() => void read(text)}>
          Read
        </Button>
      </div>
    </div>
  );
}
