import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { Popover } from "radix-ui";
import { useRef } from "react";
import { readWhy } from "@/api/facts";
import { Problem } from "@/api/problem";
import type { Edit } from "@/api/types";
import { ago, date, knownMoment, moment, today } from "@/lib/dates";
import { ErrorState, Skeleton } from "@/ui/states";
import { fieldLabel, formatValue, type NameOf, sourceLabel } from "./format";
import { setTarget, takeAsker, useWhyTarget, type WhyRow, type WhyTarget } from "./why";

const FOCUSABLE = "button:not([tabindex='-1']), a, input";

/** Shows where a value came from. Rendered once, by the shell. */
export function WhyHost({ nameOf }: { nameOf: NameOf }) {
  const current = useWhyTarget();
  const anchor = useRef<Element>(document.body);
  if (current) anchor.current = current.anchor;
  return (
    <Popover.Root open={current !== null} onOpenChange={(open) => !open && setTarget(null)}>
      <Popover.Anchor virtualRef={anchor} />
      <Popover.Portal>
        <Popover.Content
          aria-label="Why this value"
          data-testid="why"
          side="bottom"
          align="start"
          sideOffset={6}
          collisionPadding={12}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            const focusable = takeAsker() ?? anchor.current.querySelector(FOCUSABLE) ?? anchor.current;
            (focusable as HTMLElement).focus?.();
          }}
          className="pointer-events-auto z-60 w-80 max-w-[calc(100vw-24px)] rounded-lg border border-line bg-raised p-4 shadow-2 animate-[mf-in_.14s_ease-out] focus:outline-none"
        >
          {current && "choices" in current && <WhyChoices from={current} />}
          {current && "field" in current && <WhyContent target={current} nameOf={nameOf} />}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** Several values in one place: which is meant? */
function WhyChoices({ from }: { from: WhyRow }) {
  return (
    <>
      <p className="eyebrow">{from.name}</p>
      <ul aria-label="Which value?" className="mt-1 -mx-2">
        {from.choices.map((choice) => (
          <li key={`${choice.id}/${choice.field}`}>
            <button
              type="button"
              onClick={() => setTarget(choice)}
              className="flex w-full justify-between gap-3 rounded-md px-2 py-1 text-left hover:bg-sunken focus-ring"
            >
              <span>{fieldLabel(choice.field)}</span>
              <span className="min-w-0 truncate text-ink-3">{choice.anchor.textContent}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The household on screen, and the moment at which it is shown. */
function usePlace() {
  const { id } = useParams({ strict: false });
  const { known } = useSearch({ strict: false }) as { known?: string };
  return { householdId: id, knownAt: known && knownMoment(known) };
}

function WhyContent({ target: { entity, id, field }, nameOf }: { target: WhyTarget; nameOf: NameOf }) {
  const { knownAt } = usePlace();
  const why = useQuery({
    queryKey: ["why", entity, id, field, knownAt],
    staleTime: 0,
    queryFn: ({ signal }) => readWhy(entity, id, field, { knownAt, signal }),
  });
  // A value nobody ever set has no trail, which the server answers as not found.
  if (why.error instanceof Problem && why.error.status === 404)
    return (
      <>
        <p className="eyebrow">{fieldLabel(field)}</p>
        <p className="mt-1 text-ink-2">
          Nobody {knownAt ? "had set this value then" : "has set this value yet"}.
        </p>
      </>
    );
  if (why.isLoadingError) return <ErrorState error={why.error} onRetry={() => void why.refetch()} />;
  const trail = why.data?.trail ?? [];
  return (
    <>
      <p className="eyebrow">
        {fieldLabel(field)}
        {knownAt && `, as of ${date(today(new Date(knownAt)))}`}
      </p>
      {why.isPending ? (
        <Skeleton className="mt-2 h-5 w-40" />
      ) : (
        <p className="text-md font-medium break-words">
          {formatValue(entity, field, valueIn(why.data.edit, field), nameOf)}
        </p>
      )}
      {trail.length > 0 && (
        <ol className="mt-3 max-h-64 space-y-2.5 overflow-y-auto border-t border-line pt-3 text-sm">
          {trail.map((edit) => (
            <TrailLine key={edit.id} edit={edit} field={field} nameOf={nameOf} />
          ))}
        </ol>
      )}
      {why.data?.edit && <InHistory edit={why.data.edit} />}
    </>
  );
}

/** The way to the edit that put the value there, and the name under which support finds the request. */
function InHistory({ edit }: { edit: Edit }) {
  const { householdId } = usePlace();
  const home = householdId ?? edit.household_id;
  return (
    <p className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line pt-3 text-xs text-ink-3">
      {home && (
        <Link
          to="/households/$id"
          params={{ id: home }}
          search={(s) => ({ ...s, tab: "history", edit: edit.id, person: undefined })}
          onClick={() => setTarget(null)}
          className="rounded-sm font-medium text-brand-ink underline focus-ring"
        >
          Show in the history
        </Link>
      )}
      {edit.request_id && <span className="min-w-0 break-all">Request {edit.request_id}</span>}
    </p>
  );
}

function TrailLine({ edit, field, nameOf }: { edit: Edit; field: string; nameOf: NameOf }) {
  const value = valueIn(edit, field);
  const evidence = evidenceText(edit.evidence);
  return (
    <li>
      <p className="break-words">
        {value === null || value === undefined ? (
          edit.op === "create" ? (
            "Created without a value"
          ) : (
            "Cleared"
          )
        ) : (
          <>
            {edit.op === "create" ? "Created with " : "Set to "}
            <strong className="font-medium">{formatValue(edit.entity, field, value, nameOf)}</strong>
          </>
        )}
      </p>
      <p className="text-xs text-ink-3">
        {edit.user_name}, {sourceLabel(edit.source)},{" "}
        <time dateTime={edit.at} title={moment(edit.at)}>
          {ago(edit.at)}
        </time>
      </p>
      {edit.reason && <p className="text-xs text-ink-2">Reason: {edit.reason}</p>}
      {evidence && <p className="text-xs break-words text-ink-2">Source: {evidence}</p>}
    </li>
  );
}

/** What an edit left in a field: of a creation the field is one of many. */
function valueIn(edit: Edit | null, field: string): unknown {
  return edit?.op === "create" ? (edit.new as Record<string, unknown> | null)?.[field] : edit?.new;
}

/** Where a value was read: the file, and the place in it. */
function evidenceText(evidence: unknown): string | null {
  if (typeof evidence === "string") return evidence;
  if (typeof evidence !== "object" || evidence === null) return null;
  const { file, key, id } = evidence as Record<string, unknown>;
  return [file, key, id].filter((part) => typeof part === "string").join(", ") || null;
}
