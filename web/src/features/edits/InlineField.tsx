import { Check, Pencil } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { entityOf } from "@/api/facts";
import { asProblem, type Problem } from "@/api/problem";
import type { Noun } from "@/api/types";
import { useFresh } from "@/features/live";
import { cn } from "@/lib/cn";
import { keepMine, takeTheirs } from "@/lib/conflict";
import { type FormField, initialValues, toBody } from "@/lib/fields";
import { useGone } from "@/lib/gone";
import { useUnsaved } from "@/lib/unsaved";
import { Button, IconButton } from "@/ui/button";
import { FieldControl } from "@/ui/form";
import { ConflictCard } from "./ConflictCard";
import { type EditedRow, useEditor } from "./editor";
import { formatValue } from "./format";
import { WaitingMark } from "./WaitingMark";
import { WhyButton } from "./WhyButton";
import { whyMark } from "./why";

const TICK_MS = 2_000;
interface InlineProps {
  noun: Noun;
  row: EditedRow;
  field: FormField;
  /** How the value reads when nobody edits it. */
  children: ReactNode;
  className?: string;
  /** The value stands alone, without its label (a title, a figure in the strip). */
  bare?: boolean;
  /** The value is a heading: it stays one, and the edit button stands beside it. */
  heading?: boolean;
}

/** A value that is edited where it stands: click or Enter to open, Enter or leaving to save, Escape to leave it alone. */
export function InlineField({ noun, row, field, children, className, bare, heading }: InlineProps) {
  const { canWrite, nameOf } = useEditor();
  const save = useInlineSave(noun, row, field);
  const entity = entityOf(noun);
  const changedBy = useFresh(entity, row.id, field.name);
  return (
    <div
      {...whyMark(entity, row.id, field.name)}
      data-testid={`field-${field.name}`}
      className={cn(
        "group/value min-w-0",
        save.problem?.isConflict && "col-span-full",
        changedBy && "mf-fresh",
        className,
      )}
    >
      {!bare && <p className="eyebrow">{field.label}</p>}
      {save.editing ? (
        <InlineEditor field={field} save={save} />
      ) : (
        <div className="flex min-w-0 items-center gap-1">
          {heading ? (
            children
          ) : canWrite ? (
            <button
              type="button"
              ref={save.valueRef}
              aria-label={`Edit ${field.label}`}
              aria-describedby={`${row.id}-${field.name}`}
              onClick={save.open}
              data-edit
              className="-mx-1.5 flex min-w-0 items-center gap-1.5 rounded-md px-1.5 py-0.5 text-left hover:bg-sunken focus-ring"
            >
              <span id={`${row.id}-${field.name}`} className="min-w-0 break-words">
                {children}
              </span>
              <Pencil
                aria-hidden
                className="size-3.5 shrink-0 text-ink-3 opacity-0 group-hover/value:opacity-100"
              />
            </button>
          ) : (
            <div className="min-w-0 py-0.5 break-words">{children}</div>
          )}
          <WaitingMark id={row.id} field={field.name} />
          {save.ticked && (
            <span role="status" className="flex items-center text-pos">
              <Check aria-hidden className="size-4" />
              <span className="sr-only">{field.label} saved</span>
            </span>
          )}
          {heading ? (
            <span className="relative self-center">
              <span className="absolute top-1/2 left-0 z-10 flex -translate-y-1/2 rounded-md bg-paper opacity-0 shadow-1 group-focus-within/value:opacity-100 group-hover/value:opacity-100 [@media(hover:none)]:static [@media(hover:none)]:translate-y-0 [@media(hover:none)]:opacity-100 [@media(hover:none)]:shadow-none">
                {canWrite && (
                  <IconButton
                    ref={save.valueRef}
                    data-edit
                    label={`Edit ${field.label}`}
                    onClick={save.open}
                    className="size-7"
                  >
                    <Pencil />
                  </IconButton>
                )}
                <WhyButton label={field.label} />
              </span>
            </span>
          ) : (
            <WhyButton label={field.label} />
          )}
        </div>
      )}
      {changedBy && (
        <p role="status" className={save.editing ? "mt-1 text-xs text-ink-2" : "sr-only"}>
          {changedBy} changed {field.label} just now
        </p>
      )}
      {save.problem?.isConflict && (
        <div className="mt-2">
          <ConflictCard
            problem={save.problem}
            entity={entity}
            nameOf={nameOf}
            busy={save.busy}
            onKeepMine={() => save.resolve(keepMine)}
            onTakeTheirs={() => save.resolve(takeTheirs)}
          />
        </div>
      )}
    </div>
  );
}

type InlineSave = ReturnType<typeof useInlineSave>;

function InlineEditor({ field, save }: { field: FormField; save: InlineSave }) {
  const long = field.kind === "long";
  // A choice made by pointer is final; one made by arrow keys may be on its way to the next.
  const byPointer = useRef(false);
  const change = (value: string | boolean) => {
    save.setValue(value);
    if (field.kind === "select" && byPointer.current) void save.commit(value);
  };
  const error = save.problem && !save.problem.isConflict ? save.problem : null;
  const onKeyDown = (event: KeyboardEvent) => {
    byPointer.current = false;
    if (event.key === "Escape") {
      event.stopPropagation();
      save.cancel();
    } else if (
      event.key === "Enter" &&
      !event.nativeEvent.isComposing &&
      (!long || event.ctrlKey || event.metaKey)
    ) {
      event.preventDefault();
      void save.commit();
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the control inside are handled here
    <div
      onKeyDown={onKeyDown}
      onPointerDown={() => {
        byPointer.current = true;
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) void save.commit();
      }}
      className="mt-0.5"
    >
      <FieldControl
        field={field}
        label={field.label}
        value={save.value}
        onChange={change}
        invalid={Boolean(error)}
        autoFocus
        selectAll={field.kind !== "tags"}
      />
      {long && (
        <div className="mt-2 flex gap-2">
          <Button size="sm" variant="primary" onClick={() => void save.commit()}>
            Save
          </Button>
          <Button size="sm" variant="ghost" onClick={save.cancel}>
            Cancel
          </Button>
        </div>
      )}
      {error && (
        <p role="alert" className="mt-1 text-xs text-neg">
          {error.fieldErrors[field.name] ?? error.message}
        </p>
      )}
    </div>
  );
}

function useInlineSave(noun: Noun, row: EditedRow, field: FormField) {
  const { facts, nameOf } = useEditor();
  const gone = useGone();
  const [editing, setEditing] = useState(false);
  const [value, setValue] = useState<string | boolean>("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [ticked, setTicked] = useState(false);
  const [sent, setSent] = useState<Record<string, unknown>>({});
  // The version the user was looking at when the edit began: later ones may hold what they never saw.
  const seen = useRef(row);
  const valueRef = useRef<HTMLButtonElement>(null);
  const leaving = useRef(false);

  useEffect(() => {
    if (!ticked) return;
    const timer = setTimeout(() => setTicked(false), TICK_MS);
    return () => clearTimeout(timer);
  }, [ticked]);

  const startOf = (of: EditedRow) => initialValues([field], of);
  const changed = (to: string | boolean) => toBody([field], { [field.name]: to }, startOf(seen.current));
  useUnsaved(editing && Object.keys(changed(value)).length > 0);
  const focusValue = () => requestAnimationFrame(() => valueRef.current?.focus());

  function open() {
    seen.current = row;
    leaving.current = false;
    setProblem(null);
    setValue(startOf(row)[field.name] ?? "");
    setEditing(true);
  }
  function cancel() {
    leaving.current = true;
    setEditing(false);
    setProblem(null);
    focusValue();
  }
  async function send(fields: Record<string, unknown>, version: number) {
    setBusy(true);
    setSent(fields);
    setEditing(false);
    const shown = field.kind === "sealed" ? {} : fields;
    const target = { id: row.id, version };
    try {
      const became = await facts.change(noun, target, fields, `${field.label} changed.`, shown);
      setProblem(null);
      setTicked(became === "saved");
    } catch (error) {
      if (gone.current) {
        const [typed] = Object.values(shown);
        const said = typed == null ? "" : ` “${formatValue(entityOf(noun), field.name, typed, nameOf)}”`;
        return facts.objected(noun, target, fields, shown, field.label + said, error);
      }
      const refused = asProblem(error);
      setProblem(refused);
      leaving.current = false;
      if (!refused.isConflict) setEditing(true);
    }
    setBusy(false);
  }
  async function commit(chosen: string | boolean = value) {
    if (leaving.current) return;
    leaving.current = true;
    const fields = changed(chosen);
    if (Object.keys(fields).length === 0) return cancel();
    focusValue();
    await send(fields, seen.current.version);
  }
  function resolve(rule: typeof keepMine | typeof takeTheirs) {
    if (!problem) return;
    const next = rule(sent, problem);
    setProblem(null);
    if (next) void send(next.fields, next.version);
    else void facts.renew();
    focusValue();
  }
  return { editing, value, setValue, busy, problem, ticked, valueRef, open, cancel, commit, resolve };
}
