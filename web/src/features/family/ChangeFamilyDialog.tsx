import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { undoRequest } from "@/api/facts";
import { asProblem, type Problem } from "@/api/problem";
import { personName } from "@/api/queries/names";
import { type FamilyEventDone, recordFamilyEvent } from "@/api/queries/record";
import type { Member, MemberRole } from "@/api/types";
import { offerUndo, useEditor } from "@/features/edits";
import { HintList } from "@/features/hints";
import { dateWithWeekday, today } from "@/lib/dates";
import { MEMBER_ROLES } from "@/lib/words";
import { Button } from "@/ui/button";
import { Checkbox, Input, Labelled, Select } from "@/ui/form";
import { Dialog } from "@/ui/overlay";
import { ProblemLine } from "@/ui/states";
import { bodyOf, candidates, type Draft, EVENTS, type FamilyEventKind, outcome, start } from "./event";

/** Guides through what happens in a family: what, whom, when. All of it is one change, and one thing to undo. */
export function ChangeFamilyDialog({ onClose }: { onClose: () => void }) {
  const { householdId, facts, record } = useEditor();
  const [draft, setDraft] = useState<Draft>(() => start(today()));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<FamilyEventDone | null>(null);
  // The same form sent again is the same event; once it says something else, it is another.
  const [key, setKey] = useState(() => crypto.randomUUID());
  const set = (change: Partial<Draft>) => {
    setDraft((d) => ({ ...d, ...change }));
    setKey(crypto.randomUUID());
  };
  const undo = (request: string) => undoRequest(request).finally(facts.renew);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const made = await recordFamilyEvent(householdId, bodyOf(draft), key);
      offerUndo(`${EVENTS[draft.event].done}.`, () => undo(made.request_id));
      void facts.renew();
      if (made.look_at.length > 0 || made.new_household) setDone(made);
      else onClose();
    } catch (error) {
      setProblem(asProblem(error));
    }
    setBusy(false);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={done ? `${EVENTS[draft.event].done}` : "Change the family"}
      description={done ? undefined : "Recorded as one change, with its date, and undone as one."}
    >
      {done ? (
        <Done
          done={done}
          problem={problem}
          onUndo={() => void undo(done.request_id).then(onClose, (error) => setProblem(asProblem(error)))}
          onClose={onClose}
        />
      ) : (
        <form onSubmit={(e) => void submit(e)} className="flex flex-col gap-4 p-5">
          <ProblemLine error={problem} />
          <EventChoice value={draft.event} onChange={(event) => set({ event, personId: "" })} />
          {draft.event === "joined" ? (
            <Joining draft={draft} set={set} problem={problem} people={record.people} />
          ) : (
            <Leaving draft={draft} set={set} problem={problem} people={record.people} />
          )}
          <Labelled
            label="On"
            required
            hint={draft.on ? dateWithWeekday(draft.on) : undefined}
            error={problem?.fieldErrors.on}
          >
            {({ id, describedBy }) => (
              <Input
                id={id}
                aria-describedby={describedBy}
                type="date"
                required
                max={today()}
                value={draft.on}
                onChange={(e) => set({ on: e.target.value })}
              />
            )}
          </Labelled>
          <Labelled
            label="Why, or where it is written"
            error={problem?.fieldErrors.reason}
            hint="Kept with every edit."
          >
            {({ id, describedBy }) => (
              <Input
                id={id}
                aria-describedby={describedBy}
                maxLength={500}
                value={draft.reason}
                onChange={(e) => set({ reason: e.target.value })}
              />
            )}
          </Labelled>
          <Outcome draft={draft} people={record.people} household={record.household.name} />
          <div className="flex justify-end gap-2">
            <Button variant="ghost" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" variant="primary" disabled={busy}>
              Record
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

function EventChoice({
  value,
  onChange,
}: {
  value: FamilyEventKind;
  onChange: (kind: FamilyEventKind) => void;
}) {
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">What happened?</legend>
      <div className="grid grid-cols-2 gap-2">
        {(Object.keys(EVENTS) as FamilyEventKind[]).map((kind) => (
          <label
            key={kind}
            className="flex cursor-pointer items-start gap-2.5 rounded-md border border-line-2 px-3 py-2 hover:bg-sunken has-checked:border-brand-ink has-checked:bg-brand-soft"
          >
            <input
              type="radio"
              name="event"
              value={kind}
              checked={value === kind}
              onChange={() => onChange(kind)}
              className="mt-1 accent-[var(--mf-brand)] focus-ring"
            />
            <span>
              <span className="block font-medium">{EVENTS[kind].name}</span>
              <span className="block text-xs text-ink-2">{EVENTS[kind].about}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface PartProps {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  problem: Problem | null;
  people: readonly Member[];
}

function PersonSelect({ draft, set, problem, people, empty }: PartProps & { empty: string }) {
  return (
    <Labelled label="Who?" required={draft.event !== "joined"} error={problem?.fieldErrors.person_id}>
      {({ id, describedBy }) => (
        <Select
          id={id}
          aria-describedby={describedBy}
          required={draft.event !== "joined"}
          value={draft.personId}
          onChange={(e) => {
            const chosen = people.find((m) => m.person.id === e.target.value);
            set({
              personId: e.target.value,
              newHousehold: chosen ? `${personName(chosen.person)} Household` : "",
            });
          }}
        >
          <option value="">{empty}</option>
          {candidates(draft.event, people).map((m) => (
            <option key={m.person.id} value={m.person.id}>
              {personName(m.person)}
            </option>
          ))}
        </Select>
      )}
    </Labelled>
  );
}

function Leaving(props: PartProps) {
  const { draft, set, problem } = props;
  return (
    <>
      <PersonSelect {...props} empty="Choose a person" />
      {draft.event !== "death" && (
        <div className="flex flex-col gap-2">
          {/* biome-ignore lint/a11y/noLabelWithoutControl: the control inside is a component */}
          <label className="flex items-center gap-2.5">
            <Checkbox checked={draft.open} onChange={(e) => set({ open: e.target.checked })} />
            Open a household of their own, seen by the same team
          </label>
          {draft.open && (
            <Labelled label="Name of the new household" required error={problem?.fieldErrors.new_household}>
              {({ id, describedBy }) => (
                <Input
                  id={id}
                  aria-describedby={describedBy}
                  required
                  maxLength={200}
                  value={draft.newHousehold}
                  onChange={(e) => set({ newHousehold: e.target.value })}
                />
              )}
            </Labelled>
          )}
        </div>
      )}
    </>
  );
}

function Joining(props: PartProps) {
  const { draft, set, problem, people } = props;
  const text = (label: string, name: "firstName" | "lastName", error?: string) => (
    <Labelled label={label} error={error}>
      {({ id, describedBy }) => (
        <Input
          id={id}
          aria-describedby={describedBy}
          maxLength={100}
          value={draft[name]}
          onChange={(e) => set({ [name]: e.target.value })}
        />
      )}
    </Labelled>
  );
  return (
    <>
      {candidates("joined", people).length > 0 && <PersonSelect {...props} empty="Somebody new" />}
      {!draft.personId && (
        <div className="grid grid-cols-2 gap-4">
          {text(
            "First name",
            "firstName",
            problem?.fieldErrors.first_name ?? problem?.fieldErrors["new_person/first_name"],
          )}
          {text("Last name", "lastName")}
        </div>
      )}
      <Labelled label="Role in the household">
        {({ id }) => (
          <Select id={id} value={draft.role} onChange={(e) => set({ role: e.target.value as MemberRole })}>
            {MEMBER_ROLES.map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </Labelled>
    </>
  );
}

/** What will be written, before it is. */
function Outcome(props: { draft: Draft; people: readonly Member[]; household: string }) {
  const lines = outcome(props.draft, props.people, props.household);
  if (lines.length === 0) return null;
  return (
    <section aria-label="What will be recorded" className="rounded-md bg-sunken px-4 py-3 text-sm">
      <p className="font-medium">What will be recorded</p>
      <ul className="mt-1 list-disc space-y-0.5 pl-4 text-ink-2">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );
}

function Done({
  done,
  problem,
  onUndo,
  onClose,
}: {
  done: FamilyEventDone;
  problem: Problem | null;
  onUndo: () => void;
  onClose: () => void;
}) {
  return (
    <div className="flex flex-col gap-4 p-5" data-testid="family-done">
      <ProblemLine error={problem} />
      {done.new_household && (
        <p>
          Opened{" "}
          <Link
            to="/households/$id"
            params={{ id: done.new_household.id }}
            onClick={onClose}
            className="rounded-sm font-medium text-brand-ink underline focus-ring"
          >
            {done.new_household.name}
          </Link>{" "}
          with them as its primary contact.
        </p>
      )}
      {done.look_at.length > 0 && (
        <section aria-labelledby="look-at">
          <h3 id="look-at" className="display text-lg">
            Look at this now
          </h3>
          <HintList hints={done.look_at} onFollow={onClose} />
        </section>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onUndo}>Undo all of it</Button>
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </div>
  );
}
