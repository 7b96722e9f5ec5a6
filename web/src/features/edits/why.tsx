import { useQuery } from "@tanstack/react-query";
import { Info } from "lucide-react";
import { Popover } from "radix-ui";
import { useRef, useSyncExternalStore } from "react";
import { readWhy } from "@/api/facts";
import { Problem } from "@/api/problem";
import type { Edit } from "@/api/types";
import { useKey } from "@/app/keys";
import { ago, moment } from "@/lib/dates";
import { IconButton } from "@/ui/button";
import { ErrorState, Skeleton } from "@/ui/states";
import { fieldLabel, formatValue, type NameOf, sourceLabel } from "./format";

interface WhyTarget {
  entity: string;
  id: string;
  field: string;
  anchor: Element;
}
let target: WhyTarget | null = null;
const listeners = new Set<() => void>();
function setTarget(next: WhyTarget | null) {
  target = next;
  for (const listener of listeners) listener();
}

/** Marks an element as the place of one stored value, so the key `w` knows what is focused. */
export const whyMark = (entity: string, id: string, field: string) => ({
  "data-why": `${entity}/${id}/${field}`,
});

function openFor(element: Element | null) {
  const marked = element?.closest("[data-why]");
  const [entity, id, field] = marked?.getAttribute("data-why")?.split("/") ?? [];
  if (marked && entity && id && field) setTarget({ entity, id, field, anchor: marked });
}

/** Opens the answer for the value it stands beside. */
export function WhyButton({ label }: { label: string }) {
  return (
    <IconButton
      label={`Why this value: ${label}`}
      className="size-6 opacity-0 group-focus-within/value:opacity-100 group-hover/value:opacity-100 focus-visible:opacity-100 [@media(hover:none)]:opacity-100"
      onClick={(event) => openFor(event.currentTarget)}
    >
      <Info />
    </IconButton>
  );
}

/** Shows where a value came from. Rendered once, by the shell. */
export function WhyHost({ nameOf }: { nameOf: NameOf }) {
  const current = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => target,
  );
  const anchor = useRef<Element>(document.body);
  if (current) anchor.current = current.anchor;
  useKey("why", () => openFor(document.activeElement));
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
            const focusable = anchor.current.querySelector<HTMLElement>("button, a, input");
            (focusable ?? (anchor.current as HTMLElement)).focus?.();
          }}
          className="pointer-events-auto z-60 w-80 max-w-[calc(100vw-24px)] rounded-lg border border-line bg-raised p-4 shadow-2 animate-[mf-in_.14s_ease-out] focus:outline-none"
        >
          {current && <WhyContent target={current} nameOf={nameOf} />}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function WhyContent({ target: { entity, id, field }, nameOf }: { target: WhyTarget; nameOf: NameOf }) {
  const why = useQuery({
    queryKey: ["why", entity, id, field],
    staleTime: 0,
    queryFn: ({ signal }) => readWhy(entity, id, field, signal),
  });
  // A value nobody ever set has no trail, which the server answers as not found.
  if (why.error instanceof Problem && why.error.status === 404)
    return (
      <>
        <p className="eyebrow">{fieldLabel(field)}</p>
        <p className="mt-1 text-sm text-ink-2">Nobody has set this value yet.</p>
      </>
    );
  if (why.isError) return <ErrorState error={why.error} onRetry={() => void why.refetch()} />;
  return (
    <>
      <p className="eyebrow">{fieldLabel(field)}</p>
      {why.isPending ? (
        <Skeleton className="mt-2 h-5 w-40" />
      ) : (
        <p className="text-md font-medium break-words">
          {formatValue(entity, field, valueIn(why.data.edit, field), nameOf)}
        </p>
      )}
      {why.data && (why.data.trail.length > 0 || why.data.edit) ? (
        <ol className="mt-3 max-h-64 space-y-2.5 overflow-y-auto border-t border-line pt-3 text-sm">
          {(why.data.trail.length ? why.data.trail : [why.data.edit as Edit]).map((edit) => (
            <TrailLine key={edit.id} edit={edit} field={field} nameOf={nameOf} />
          ))}
        </ol>
      ) : (
        why.data && <p className="mt-2 text-sm text-ink-2">Nobody has set this value yet.</p>
      )}
    </>
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
