import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { serverNow } from "@/api/clock";
import { createFact } from "@/api/facts";
import { asProblem, type Problem } from "@/api/problem";
import { taskEvidenceQuery } from "@/api/queries/work";
import type { Evidence, Task } from "@/api/types";
import { EVIDENCE_NAMES } from "@/features/evidence";
import { date } from "@/lib/dates";
import { plainText } from "@/lib/markdown";
import { sentence } from "@/lib/words";
import { Button } from "@/ui/button";
import { Labelled, TextArea } from "@/ui/form";
import { Dialog } from "@/ui/overlay";
import { Failure, Loading, ProblemLine, Skeleton } from "@/ui/states";

/** The server keeps a quote of 1,000 characters; that much of a note says what it is about. */
const QUOTED = 300;

/**
 * What shows that a task is done: a note or another task of its household, or a note that is written here and now. Words were
 * compared, nothing was understood: a person chooses.
 */
export default function EvidenceDialog({
  task,
  onShown,
  onClose,
}: {
  task: Task;
  onShown: (evidence: Evidence) => void;
  onClose: () => void;
}) {
  const found = useQuery(taskEvidenceQuery(task.id));
  const show = (evidence: Evidence) => {
    onShown(evidence);
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="What shows that it is done?"
      description={task.title}
    >
      <div className="flex flex-col gap-5 p-5">
        {found.isPending && (
          <Loading label="Looking for evidence">
            <Skeleton className="h-9" />
          </Loading>
        )}
        <Failure of={found} />
        {found.data?.items.length === 0 && (
          <p className="text-ink-2">No note of the last days speaks of it, and no task that was done.</p>
        )}
        {found.data && found.data.items.length > 0 && (
          <ul className="flex flex-col gap-2">
            {found.data.items.map((item) => (
              <li key={item.id}>
                <Button
                  className="h-auto min-h-9 w-full justify-between gap-4 py-2 text-left whitespace-normal"
                  onClick={() => show(item)}
                >
                  <q className="min-w-0 font-normal break-words">{plainText(item.quote, QUOTED)}</q>
                  <span className="shrink-0 text-sm font-normal text-ink-3">
                    {sentence(EVIDENCE_NAMES[item.kind])}, {date(item.at)}
                  </span>
                </Button>
              </li>
            ))}
          </ul>
        )}
        <WriteDown task={task} onWritten={show} />
      </div>
    </Dialog>
  );
}

const newAttempt = () => ({ key: crypto.randomUUID(), at: serverNow().toISOString() });

/** Where nothing shows it yet, a note does. It stays when the tick is taken back. */
function WriteDown({ task, onWritten }: { task: Task; onWritten: (evidence: Evidence) => void }) {
  const [text, setText] = useState("");
  // Sent again it is the same note; another text is another.
  const [attempt, setAttempt] = useState(newAttempt);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const body = text.trim();
  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!body || busy || !task.household_id) return;
    setBusy(true);
    setProblem(null);
    const { key, at } = attempt;
    try {
      const { id } = await createFact("notes", task.household_id, { body, occurred_at: at }, key);
      onWritten({ kind: "note", id, at, quote: [...body].slice(0, QUOTED).join(""), words: [body] });
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <ProblemLine error={problem} />
      <Labelled label="Or write it down" hint="It is kept as a note of the household.">
        {({ id, describedBy }) => (
          <TextArea
            id={id}
            aria-describedby={describedBy}
            rows={3}
            maxLength={20_000}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setAttempt(newAttempt());
            }}
          />
        )}
      </Labelled>
      <Button type="submit" variant="primary" className="self-end" disabled={!body || busy}>
        Save the note, and done
      </Button>
    </form>
  );
}
