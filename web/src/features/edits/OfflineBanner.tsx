import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { entityOf } from "@/api/facts";
import { keepMine, takeTheirs } from "@/lib/conflict";
import { plural } from "@/lib/words";
import { Button } from "@/ui/button";
import { ConflictCard } from "./ConflictCard";
import { entityLabel, fieldLabel, formatValue, type NameOf } from "./format";
import { focusSoon } from "./row";
import { giveUp, keepShown, waiting } from "./waiting";
import {
  isChange,
  isKept,
  type KeptChange,
  type KeptCreation,
  type KeptThing,
  type Waiting,
  waitingList,
} from "./waiting-list";

const subscribe = (listener: () => void) => {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
};

/** Says that the browser is offline, and lists what waits for the server or for a decision. */
export function OfflineBanner({ nameOf }: { nameOf: NameOf }) {
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  const edits = useSyncExternalStore(waitingList.subscribe, waitingList.all).filter(isKept);
  const client = useQueryClient();
  useEffect(() => keepShown(client), [client]);
  const [listed, setListed] = useState(false);
  const banner = useRef<HTMLElement>(null);
  const asking = edits.filter((e) => e.problem).length;
  if (online && edits.length === 0) return null;
  const shown = edits.length > 0 && (listed || asking > 0);
  return (
    <section
      ref={banner}
      aria-label="Connection"
      tabIndex={-1}
      className="border-b border-line bg-warn-soft text-sm text-warn focus-ring"
    >
      <div className="flex min-h-10 flex-wrap items-center justify-center gap-x-4 gap-y-1 px-4 py-1">
        <p role="status">{said(online, edits.length - asking, asking)}</p>
        {edits.length > asking && (
          <span className="flex gap-2">
            <Act expanded={shown} onPress={() => setListed(!listed)}>
              {shown ? "Hide them" : "Show them"}
            </Act>
            {online && <Act onPress={() => void waiting.flush()}>Send now</Act>}
          </span>
        )}
      </div>
      {shown && (
        <ul
          aria-label="Waiting changes"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
          tabIndex={0}
          className="max-h-[45dvh] overflow-y-auto border-t border-line bg-surface text-ink focus-ring [&>li]:border-t [&>li]:border-line [&>li:first-child]:border-0"
        >
          {edits.map((edit, index) => (
            <Line
              key={edit.key}
              edit={edit}
              nameOf={nameOf}
              onDropped={() => focusLine(banner.current, index)}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

function said(online: boolean, waits: number, asking: number) {
  const changes = (n: number, one: string, many: string) => `${plural(n, "change")} ${n === 1 ? one : many}`;
  if (waits + asking === 0)
    return "You are offline. What you see may be old; what you change waits here until you are back.";
  const offline = online ? "" : "You are offline. ";
  const wait = changes(waits, "waits to be sent", "wait to be sent");
  if (asking === 0) return online ? `${wait}: the server does not answer.` : `${offline}${wait}.`;
  const ask = changes(asking, "needs your decision", "need your decision");
  return `${offline}${ask}${waits > 0 ? `, ${wait}` : ""}.`;
}

/** Where a line is gone the keyboard is on the one that took its place; after the last on the banner, or on the page. */
function focusLine(banner: HTMLElement | null, index: number) {
  requestAnimationFrame(() => {
    const there = banner?.isConnected ? banner : null;
    const lines = there?.querySelectorAll("li") ?? [];
    const next = lines[Math.min(index, lines.length - 1)] ?? there ?? document.getElementById("main");
    next?.focus();
  });
}

const Act = ({
  expanded,
  onPress,
  children,
}: {
  expanded?: boolean;
  onPress: () => void;
  children: ReactNode;
}) => (
  <button
    type="button"
    aria-expanded={expanded}
    onClick={onPress}
    className="h-7 rounded-md px-2 font-medium underline decoration-1 underline-offset-4 hover:bg-surface focus-ring"
  >
    {children}
  </button>
);

interface LineProps<T extends KeptThing> {
  edit: Waiting<T>;
  nameOf: NameOf;
  /** It is out of the list. */
  onDropped: () => void;
}

/** One thing that waits: what it is, the way to give it up, and what the server objects to. */
function Line({ edit, nameOf, onDropped }: LineProps<KeptThing>) {
  const { problem } = edit;
  const conflict = isChange(edit) && problem?.isConflict;
  return (
    <li
      tabIndex={-1}
      className="mx-auto max-w-[64rem] px-4 py-2.5 focus-ring md:px-8"
      data-testid="waiting-change"
    >
      {isChange(edit) ? (
        <ChangeLine edit={edit} nameOf={nameOf} onDropped={onDropped} />
      ) : (
        <CreationLine edit={edit} onDropped={onDropped} />
      )}
      {problem && !conflict && (
        <p role="alert" className="mt-1 text-neg">
          Not saved: {problem.message}
          {problem.requestId && <span className="block text-xs">Request {problem.requestId}</span>}
        </p>
      )}
    </li>
  );
}

/** What is said of a thing, with the button that gives it up beside it. */
const Said = ({ children, names, drop }: { children: ReactNode; names: string[]; drop?: ReactNode }) => (
  <div className="flex items-start gap-4">
    <div className="min-w-0 flex-1">
      {children}
      <p className="break-words text-ink-2">{names.join(", ")}</p>
    </div>
    {drop}
  </div>
);

/** What a change sets, of what; a conflict with both values. */
function ChangeLine({ edit, nameOf, onDropped }: LineProps<KeptChange>) {
  const { key, problem, fields, shown, names } = edit;
  const entity = entityOf(edit.noun);
  const what = Object.keys(fields).map((field) => fieldLabel(field));
  const values = Object.keys(fields)
    .filter((field) => field in shown)
    .map((field) => formatValue(entity, field, fields[field], nameOf));
  const drop = (
    <Button
      size="sm"
      variant="ghost"
      disabled={edit.state === "sending"}
      aria-label={`Drop ${what.join(", ")} of ${names.join(", ")}`}
      onClick={() => waiting.drop(key) && onDropped()}
    >
      Drop
    </Button>
  );
  return (
    <>
      <Said names={names} drop={!problem?.isConflict && drop}>
        <p className="break-words">
          <span className="font-medium">{what.join(", ")}</span>
          {values.length > 0 && `: ${values.join(", ")}`}
        </p>
      </Said>
      {problem?.isConflict && (
        <div className="mt-2">
          <ConflictCard
            problem={problem}
            entity={entity}
            nameOf={nameOf}
            onKeepMine={() => waiting.settle(key, keepMine(fields, problem))}
            onTakeTheirs={() => waiting.settle(key, takeTheirs(fields, problem))}
          />
        </div>
      )}
    </>
  );
}

/** All the words of something new, so that none is lost where it is refused. */
function CreationLine({ edit, onDropped }: Omit<LineProps<KeptCreation>, "nameOf">) {
  const navigate = useNavigate();
  const give = async () => {
    if (!giveUp(edit)) return;
    if (!edit.takeBack || !edit.householdId) return onDropped();
    await navigate({ to: "/households/$id", params: { id: edit.householdId }, search: { tab: "notes" } });
    focusSoon("form[aria-label='New note'] textarea");
  };
  const what = `New ${entityLabel(entityOf(edit.noun)).toLowerCase()}`;
  const act = edit.takeBack ? "Keep writing" : "Drop";
  const drop = (
    <Button
      size="sm"
      variant="ghost"
      disabled={edit.state === "sending"}
      aria-label={`${act}: ${what}, ${edit.words.slice(0, 60)}`}
      onClick={() => void give()}
    >
      {act}
    </Button>
  );
  return (
    <Said names={edit.names} drop={drop}>
      <p className="break-words whitespace-pre-wrap">
        <span className="font-medium">{what}</span>: {edit.words}
      </p>
    </Said>
  );
}
