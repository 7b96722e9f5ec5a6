import { useQueryClient } from "@tanstack/react-query";
import { ArrowRight } from "lucide-react";
import { type FormEvent, useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import type { BulkChange } from "@/api/queries/bulk";
import { fieldLabel, formatValue, offerUndo } from "@/features/edits";
import { initialValues } from "@/lib/fields";
import { plural } from "@/lib/words";
import { Button } from "@/ui/button";
import { Checkbox, FormFields } from "@/ui/form";
import { Dialog } from "@/ui/overlay";
import { ProblemLine } from "@/ui/states";
import { toast } from "@/ui/toast";
import { BULK_KINDS, type BulkKind, changeOf, fieldsOf } from "./kinds";
import { CONFIRM_ABOVE, HalfDone, MOST_HOUSEHOLDS, type Outcome, runMany, undoMany } from "./run";

interface Team {
  id: string;
  name: string;
}
interface DialogProps {
  kind: BulkKind;
  ids: readonly string[];
  /** Already chosen, by a key. */
  preset?: Record<string, string>;
  teams: readonly Team[];
  tiers: readonly string[];
  onClose: () => void;
  onDone: () => void;
}

/** Asks for a change, shows what it would do to which household, and makes it. */
export function BulkDialog({ kind, ids, preset, teams, tiers, onClose, onDone }: DialogProps) {
  const fields = fieldsOf(kind, teams, tiers);
  const [values, setValues] = useState(() => ({ ...initialValues(fields), ...preset }));
  const [preview, setPreview] = useState<{ change: BulkChange; outcome: Outcome } | null>(null);
  const [done, setDone] = useState<number | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const client = useQueryClient();
  const title = BULK_KINDS.find((k) => k.id === kind)?.title ?? "";
  const tooMany = ids.length > MOST_HOUSEHOLDS;
  const change = changeOf(kind, values);
  const renew = () => {
    for (const key of ["households", "household", "edits"])
      void client.invalidateQueries({ queryKey: [key] });
  };
  const attempt = async (work: () => Promise<void>) => {
    setDone(0);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      setProblem(asProblem(error instanceof HalfDone ? error.reason : error));
      if (error instanceof HalfDone) finished(error.outcome, " Then the server refused the rest.");
    }
    setDone(null);
  };
  const look = (event: FormEvent) => {
    event.preventDefault();
    if (!change) return;
    void attempt(async () => {
      const outcome = await runMany(ids, change, { dryRun: true, onProgress: setDone });
      setPreview({ change, outcome });
    });
  };
  const finished = (outcome: Outcome, more = "") => {
    renew();
    const text = `${plural(outcome.changed, "household")} changed.${more}`;
    offerUndo(text, () =>
      undoMany(outcome.requestId)
        .then((said) => said !== "Undone." && toast(said))
        .finally(renew),
    );
  };
  const make = () =>
    attempt(async () => {
      if (!preview) return;
      finished(await runMany(ids, preview.change, { dryRun: false, onProgress: setDone }));
      onDone();
    });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && done === null && onClose()}
      title={title}
      description={`Of ${plural(ids.length, "household")}.`}
    >
      {tooMany ? (
        <p role="alert" className="p-5">
          At most {MOST_HOUSEHOLDS.toLocaleString("en-US")} households are changed at once. Narrow the filter
          first.
        </p>
      ) : preview ? (
        <Preview
          outcome={preview.outcome}
          teams={teams}
          problem={problem}
          running={done}
          total={ids.length}
          onBack={() => setPreview(null)}
          onMake={() => void make()}
        />
      ) : (
        <form onSubmit={look} className="flex flex-col gap-4 p-5">
          <ProblemLine error={problem} />
          <FormFields
            fields={fields}
            values={values}
            onChange={(field, value) => setValues((v) => ({ ...v, [field]: value }))}
            errors={problem?.fieldErrors}
          />
          {done !== null && <Progress done={done} total={ids.length} label="Looking" />}
          <div className="flex justify-end gap-2">
            <Button variant="ghost" onClick={onClose} disabled={done !== null}>
              Cancel
            </Button>
            <Button type="submit" variant="primary" disabled={!change || done !== null}>
              Preview
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

function Preview({
  outcome,
  teams,
  problem,
  running,
  total,
  onBack,
  onMake,
}: {
  outcome: Outcome;
  teams: readonly Team[];
  problem: Problem | null;
  running: number | null;
  total: number;
  onBack: () => void;
  onMake: () => void;
}) {
  const { changed, unchanged } = outcome;
  const lines = outcome.lines.toSorted((a, b) => a.name.localeCompare(b.name));
  const [sure, setSure] = useState(changed <= CONFIRM_ABOVE);
  const nameOf = (id: string) => teams.find((t) => t.id === id)?.name;
  const show = (field: string, value: unknown) =>
    value === null || (Array.isArray(value) && value.length === 0)
      ? "none"
      : formatValue("households", field, value, nameOf);
  const already = unchanged > 0 ? `, ${unchanged.toLocaleString("en-US")} have these values already` : "";
  return (
    <div className="flex flex-col gap-4 p-5">
      <ProblemLine error={problem} />
      <p>
        <strong className="font-medium">{plural(changed, "household")}</strong>{" "}
        {changed === 1 ? "changes" : "change"}
        {already}.
      </p>
      {lines.length > 0 && (
        <section
          aria-label="What changes"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
          tabIndex={0}
          className="max-h-72 overflow-y-auto rounded-md border border-line focus-ring"
        >
          <table className="w-full text-left text-sm">
            <thead className="sticky top-0 bg-sunken text-xs text-ink-2">
              <tr>
                <th className="px-3 py-2 font-medium">Household</th>
                <th className="px-3 py-2 font-medium">From</th>
                <th className="px-3 py-2 font-medium">To</th>
              </tr>
            </thead>
            <tbody>
              {lines.map((line) => (
                <tr key={`${line.id}/${line.field}`} className="border-t border-line align-top">
                  <td className="px-3 py-1.5">
                    {line.name}
                    <span className="sr-only">, {fieldLabel(line.field)}</span>
                  </td>
                  <td className="px-3 py-1.5 text-ink-2">{show(line.field, line.old)}</td>
                  <td className="px-3 py-1.5 font-medium">
                    <ArrowRight aria-hidden className="mr-1.5 inline size-3 text-ink-3" />
                    {show(line.field, line.new)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {changed > lines.length && (
        <p className="text-xs text-ink-3">The first {lines.length} changes are shown.</p>
      )}
      {changed > CONFIRM_ABOVE && (
        // biome-ignore lint/a11y/noLabelWithoutControl: the control inside is a component
        <label className="flex items-center gap-2.5">
          <Checkbox checked={sure} onChange={(e) => setSure(e.target.checked)} />
          Yes, change all {changed.toLocaleString("en-US")} of them
        </label>
      )}
      {running !== null && <Progress done={running} total={total} label="Changing" />}
      <div className="flex justify-end gap-2">
        <Button variant="ghost" onClick={onBack} disabled={running !== null}>
          Back
        </Button>
        <Button
          variant="primary"
          autoFocus={changed <= CONFIRM_ABOVE}
          disabled={!sure || changed === 0 || running !== null}
          onClick={onMake}
        >
          Change {plural(changed, "household")}
        </Button>
      </div>
    </div>
  );
}

function Progress({ done, total, label }: { done: number; total: number; label: string }) {
  return (
    <div role="status" className="text-sm text-ink-2">
      <p>
        {label}… {done.toLocaleString("en-US")} of {total.toLocaleString("en-US")}
      </p>
      <progress
        aria-label={label}
        value={done}
        max={total}
        className="mt-1 h-1.5 w-full accent-[var(--mf-brand)]"
      />
    </div>
  );
}
