import { useInfiniteQuery } from "@tanstack/react-query";
import {
  ChevronDown,
  CircleCheck,
  FileInput,
  Landmark,
  type LucideIcon,
  NotebookPen,
  PenLine,
  Repeat2,
  User,
} from "lucide-react";
import { useMemo, useState } from "react";
import { editsQuery } from "@/api/queries/households";
import type { Edit } from "@/api/types";
import {
  createdValues,
  entityLabel,
  fieldLabel,
  formatValue,
  isNothing,
  type NameOf,
  useEditor,
} from "@/features/edits";
import { NoteComposer } from "@/features/notes";
import { cn } from "@/lib/cn";
import { ago, moment } from "@/lib/dates";
import { plainText } from "@/lib/markdown";
import { plural } from "@/lib/words";
import { Button } from "@/ui/button";
import { Badge } from "@/ui/card";
import { Markdown } from "@/ui/Markdown";
import { Empty, ErrorState, Loading, SkeletonCard } from "@/ui/states";
import { type Burst, groupBursts, KINDS, type Kind, kindOf } from "./bursts";

const ICONS: Record<Kind, LucideIcon> = {
  note: NotebookPen,
  task: CircleCheck,
  loop: Repeat2,
  account: Landmark,
  person: User,
  change: PenLine,
};

/** What happened with this household, newest first. */
export function TimelineTab() {
  const { householdId } = useEditor();
  const edits = useInfiniteQuery(editsQuery(householdId));
  const [kind, setKind] = useState<Kind | null>(null);
  const bursts = useMemo(() => {
    const all = edits.data?.pages.flatMap((p) => p.items) ?? [];
    return groupBursts(kind ? all.filter((e) => kindOf(e) === kind) : all);
  }, [edits.data, kind]);
  return (
    <div className="flex flex-col gap-4">
      <NoteComposer />
      <KindFilter value={kind} onChange={setKind} />
      {edits.isPending && (
        <Loading label="Loading the timeline">
          <SkeletonCard rows={6} />
        </Loading>
      )}
      {edits.isError && <ErrorState error={edits.error} onRetry={() => void edits.refetch()} />}
      {edits.data && bursts.length === 0 && (
        <Empty
          icon={<NotebookPen aria-hidden />}
          title={kind ? "Nothing of that kind" : "History starts with your first note"}
        >
          {kind ? "Choose another kind above." : "Write it above."}
        </Empty>
      )}
      {bursts.length > 0 && (
        <ol aria-label="Timeline" className="rounded-lg border border-line bg-surface shadow-1">
          {bursts.map((burst) => (
            <BurstLine key={burst.id} burst={burst} />
          ))}
        </ol>
      )}
      {edits.hasNextPage && (
        <Button
          className="self-center"
          disabled={edits.isFetchingNextPage}
          onClick={() => void edits.fetchNextPage()}
        >
          Load earlier
        </Button>
      )}
    </div>
  );
}

function KindFilter({ value, onChange }: { value: Kind | null; onChange: (kind: Kind | null) => void }) {
  const choices: [Kind | null, string][] = [
    [null, "Everything"],
    ...(Object.entries(KINDS) as [Kind, string][]),
  ];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a toolbar of toggles, not a form's fieldset
    <div role="group" aria-label="Kind" className="flex flex-wrap gap-1.5">
      {choices.map(([kind, text]) => (
        <button
          key={text}
          type="button"
          aria-pressed={value === kind}
          onClick={() => onChange(kind)}
          className="h-7.5 rounded-full border border-line-2 bg-surface px-3 text-sm text-ink-2 hover:text-ink focus-ring aria-pressed:border-brand-ink aria-pressed:bg-brand-soft aria-pressed:font-medium aria-pressed:text-brand-ink"
        >
          {text}
        </button>
      ))}
    </div>
  );
}

function BurstLine({ burst }: { burst: Burst }) {
  const { nameOf } = useEditor();
  const [open, setOpen] = useState(false);
  const [first] = burst.edits;
  if (!first) return null;
  const Icon = first.source === "import" ? FileInput : ICONS[kindOf(first)];
  const expandable = burst.edits.length > 1 || noteBody(first) !== null;
  return (
    <li className="border-t border-line px-5 py-3 first:border-0" data-testid="timeline-item">
      <div className="flex gap-4">
        <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-3" strokeWidth={1.75} />
        <div className="min-w-0 flex-1">
          <p className="break-words">{summary(burst, nameOf)}</p>
          <p className="text-xs text-ink-3">
            {first.user_name},{" "}
            <time dateTime={burst.at} title={moment(burst.at)}>
              {ago(burst.at)}
            </time>
          </p>
        </div>
        {first.source !== "ui" && (
          <Badge>
            {first.source === "import" ? "Import" : first.source === "undo" ? "Undo" : first.source}
          </Badge>
        )}
        {expandable && (
          <button
            type="button"
            aria-expanded={open}
            aria-label={open ? "Show less" : "Show more"}
            onClick={() => setOpen(!open)}
            className="size-7 shrink-0 rounded-md text-ink-3 hover:bg-sunken focus-ring"
          >
            <ChevronDown
              aria-hidden
              className={cn("mx-auto size-4 transition-transform", open && "rotate-180")}
            />
          </button>
        )}
      </div>
      {open && (
        <div className="mt-2 pl-8">
          {burst.edits.length === 1 ? (
            <Markdown source={noteBody(first) ?? ""} />
          ) : (
            <ul className="space-y-1 border-l-2 border-line pl-3 text-sm text-ink-2">
              {burst.edits.map((edit) => (
                <li key={edit.id} className="break-words">
                  {tell(edit, nameOf)}
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </li>
  );
}

function noteBody(edit: Edit): string | null {
  if (edit.entity !== "notes" || edit.op !== "create") return null;
  const body = (edit.new as { body?: unknown } | null)?.body;
  return typeof body === "string" ? body : null;
}

function summary(burst: Burst, nameOf: NameOf): string {
  const [first] = burst.edits;
  if (!first) return "";
  if (burst.edits.length === 1) return tell(first, nameOf);
  const entities = [...new Set(burst.edits.map((e) => entityLabel(e.entity).toLowerCase()))];
  const what = entities.length > 3 ? `${entities.slice(0, 3).join(", ")} and more` : entities.join(", ");
  return `${plural(burst.edits.length, "change")}: ${what}`;
}

/** One edit as a sentence. */
function tell(edit: Edit, nameOf: NameOf): string {
  const thing = entityLabel(edit.entity);
  const name = nameOfThing(edit, nameOf);
  const named = name ? `${thing} “${name}”` : thing;
  if (edit.op === "create") {
    const body = noteBody(edit);
    return body !== null ? plainText(body) || "An empty note" : `${named} added`;
  }
  if (edit.field === "deleted_at") return `${named} ${edit.new === null ? "restored" : "removed"}`;
  if (edit.field === "done_at") return `${named} ${edit.new === null ? "opened again" : "done"}`;
  const show = (value: unknown) => plainText(formatValue(edit.entity, edit.field, value, nameOf), 80);
  const field = `${named}: ${fieldLabel(edit.field ?? "").toLowerCase()}`;
  if (isNothing(edit.new)) return `${field} cleared`;
  return isNothing(edit.old)
    ? `${field} set to ${show(edit.new)}`
    : `${field} ${show(edit.old)} to ${show(edit.new)}`;
}

function nameOfThing(edit: Edit, nameOf: NameOf): string | null {
  if (edit.entity === "households" || edit.entity === "notes") return null;
  const known = nameOf(edit.entity_id);
  if (known) return known;
  const values = edit.op === "create" ? (edit.new as Record<string, unknown> | null) : null;
  const own = values?.name ?? values?.title ?? values?.text ?? values?.value;
  if (typeof own === "string") return plainText(own, 80);
  return createdValues(edit.entity, values, nameOf)[0]?.[1] ?? null;
}
