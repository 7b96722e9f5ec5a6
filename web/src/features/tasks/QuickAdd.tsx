import { useQueryClient } from "@tanstack/react-query";
import { AlarmClock, CalendarDays, CircleAlert, Flag, House, Repeat, User } from "lucide-react";
import { type FormEvent, type ReactNode, type Ref, useEffect, useId, useState } from "react";
import { removeFact } from "@/api/facts";
import { asProblem, type Problem } from "@/api/problem";
import { previewQuickAdd, QUICK_ADD, quickAdd, quickLine } from "@/api/queries/work";
import type { Understood } from "@/api/types";
import { pageUser } from "@/api/user";
import { keepUnanswered, offerUndo } from "@/features/edits";
import { clock, dateWithWeekday } from "@/lib/dates";
import { repeatWords } from "@/lib/repeat";
import { lowerFirst } from "@/lib/words";
import { Button } from "@/ui/button";
import { Input } from "@/ui/form";
import { ProblemLine } from "@/ui/states";

/** Typing rests for so long before the server is asked what it understands. */
const REST_MS = 200;
const STALE = [["tasks"], ["today"], ["households"], ["household"]];

/** A line that becomes a task. What it was understood to say is shown before it is saved. */
export function QuickAdd({ ref, householdId }: { ref?: Ref<HTMLInputElement>; householdId?: string }) {
  const client = useQueryClient();
  const [text, setText] = useState("");
  const [key, setKey] = useState(() => crypto.randomUUID());
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const understood = usePreview(text.trim(), householdId);
  const id = useId();
  const renew = () => Promise.all(STALE.map((queryKey) => client.invalidateQueries({ queryKey })));

  async function submit(event: FormEvent) {
    event.preventDefault();
    const line = text.trim();
    if (!line || busy) return;
    setBusy(true);
    const owner = pageUser();
    const body = quickLine(line, householdId);
    const add = async () => {
      const { task } = await quickAdd(body, key);
      if (task) offerUndo("Task added.", () => removeFact("tasks", task.id).finally(renew));
      void renew();
    };
    const keep = (error: unknown) => {
      const sent = { key, noun: "tasks", address: QUICK_ADD, body } as const;
      return keepUnanswered(error, { ...sent, words: line, client, householdId: householdId ?? null, owner });
    };
    try {
      await add().catch(keep);
      // What was typed meanwhile is of the next one.
      setText((now) => (now.trim() === line ? "" : now));
      setProblem(null);
    } catch (error) {
      setProblem(asProblem(error));
    }
    // Another line is another task; the same one sent again after a refusal was not made. What may have been made waits with its key.
    setKey(crypto.randomUUID());
    setBusy(false);
  }
  return (
    <form onSubmit={submit} className="rounded-lg border border-line bg-surface p-3 shadow-1">
      <div className="flex gap-2">
        <Input
          ref={ref}
          aria-label="Add a task"
          aria-describedby={id}
          placeholder="Call Ellen re RMD next Tue 9am !high @sam #whitfield"
          maxLength={500}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setProblem(null);
          }}
        />
        <Button type="submit" variant="primary" disabled={busy || !text.trim()}>
          Add task
        </Button>
      </div>
      <div id={id} aria-live="polite" className="empty:hidden">
        {understood && text.trim() && <Chips understood={understood} />}
      </div>
      {problem && (
        <div className="mt-2">
          <ProblemLine error={problem} />
        </div>
      )}
    </form>
  );
}

/** What the newest text was understood to say; keeps the answer before it until there is one. */
function usePreview(text: string, householdId?: string) {
  const [understood, setUnderstood] = useState<Understood | null>(null);
  useEffect(() => {
    if (!text) {
      setUnderstood(null);
      return;
    }
    const called = new AbortController();
    const timer = setTimeout(() => {
      previewQuickAdd(text, householdId, called.signal)
        .then((answer) => setUnderstood(answer.understood))
        // A preview that fails says nothing: saving will.
        .catch(() => undefined);
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      called.abort();
    };
  }, [text, householdId]);
  return understood;
}

function Chips({ understood: u }: { understood: Understood }) {
  const priority = { 1: "High", 2: "Normal", 3: "Low" }[u.priority ?? 0];
  return (
    <div className="mt-2.5 flex flex-wrap items-center gap-1.5 text-sm" data-testid="understood">
      <span className="mr-1 min-w-0 break-words text-ink-2">{u.title || "Say what to do"}</span>
      {u.due_on && <Chip icon={<CalendarDays />}>{dateWithWeekday(u.due_on)}</Chip>}
      {u.due_time && <Chip icon={<AlarmClock />}>{clock(u.due_time)}</Chip>}
      {u.repeats && <Chip icon={<Repeat />}>{lowerFirst(repeatWords(u.repeats))}</Chip>}
      {priority && <Chip icon={<Flag />}>{priority}</Chip>}
      {u.assignee && <Chip icon={<User />}>{u.assignee.name}</Chip>}
      {u.household && <Chip icon={<House />}>{u.household.name}</Chip>}
      {u.doubts.map((doubt) => (
        <p key={doubt.from} className="flex w-full items-start gap-1.5 text-xs text-warn">
          <CircleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />
          {doubt.message}
        </p>
      ))}
    </div>
  );
}

const Chip = ({ icon, children }: { icon: ReactNode; children: ReactNode }) => (
  <span className="inline-flex h-6 items-center gap-1.5 rounded-sm bg-brand-soft px-2 text-xs font-medium text-brand-ink [&>svg]:size-3.5">
    {icon}
    {children}
  </span>
);
