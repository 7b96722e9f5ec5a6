import { BookUser, CircleCheck, ListChecks, Phone, Repeat2, SquarePen, User } from "lucide-react";
import type { ReactNode } from "react";
import type { SearchHit } from "@/api/queries/search";
import { date, due, moment } from "@/lib/dates";
import type { Item } from "./items";

const ICONS = {
  person: User,
  household: BookUser,
  number: Phone,
  task: CircleCheck,
  open_loop: Repeat2,
  note: SquarePen,
};
/** The fields that stand in a row's first line; any other is named in its second. */
const FIRST_LINE = new Set<SearchHit["why"]["field"]>(["name", "text", "number"]);
/** What somebody does and where is the reason already. */
const OF_WORK = new Set<SearchHit["why"]["field"]>(["employer", "occupation"]);
const REASONS: Record<string, string> = {
  native_name: "In own script",
  household: "Household",
  email: "E-mail",
  employer: "Works at",
  occupation: "Works as",
  place: "Place",
  tag: "Tag",
  entity: "Trust or company",
  professional: "Professional",
};

export function ItemRow({ item }: { item: Item }) {
  if (item.kind === "hit") return <HitRow hit={item.hit} />;
  if (item.kind === "recent")
    return (
      <>
        <BookUser aria-hidden />
        <span className="min-w-0 flex-1 truncate">{item.name}</span>
      </>
    );
  return (
    <>
      <ListChecks aria-hidden />
      <span className="min-w-0 flex-1 truncate">{item.command.label}</span>
      <span aria-hidden className="flex shrink-0 gap-1">
        {item.command.keys.split(" ").map((key) => (
          <Kbd key={key}>{key}</Kbd>
        ))}
      </span>
    </>
  );
}

export const Kbd = ({ children }: { children: ReactNode }) => (
  <kbd className="rounded-sm bg-sunken px-1.5 font-sans text-xs text-ink-2">{children}</kbd>
);

function HitRow({ hit }: { hit: SearchHit }) {
  const Icon = ICONS[hit.kind];
  const first = FIRST_LINE.has(hit.why.field);
  const reason = REASONS[hit.why.field];
  const isNumber = hit.kind === "number";
  const facts = [
    isNumber && hit.title,
    // A person's household is the reason already, or a household is its own.
    hit.kind !== "household" && hit.why.field !== "household" && hit.household_name,
    !OF_WORK.has(hit.why.field) && hit.subtitle.charAt(0).toUpperCase() + hit.subtitle.slice(1),
    hit.at && date(hit.at),
    hit.due_on && !hit.past && due(hit.due_on),
  ].filter((fact): fact is string => Boolean(fact) && (isNumber || fact !== hit.title));
  return (
    <>
      <Icon aria-hidden />
      <span className="min-w-0 flex-1">
        <span dir="auto" className="block truncate">
          {first ? <Marked parts={hit.why.parts} /> : hit.title}
        </span>
        <span className="block truncate text-sm text-ink-2" title={hit.at ? moment(hit.at) : undefined}>
          {!first && (
            <>
              {reason}: <Marked parts={hit.why.parts} />
              {facts.length > 0 && " · "}
            </>
          )}
          {facts.join(" · ")}
        </span>
      </span>
      {hit.past && (
        <span className="shrink-0 rounded-sm bg-sunken px-1.5 text-xs text-ink-2">{PAST[hit.kind]}</span>
      )}
    </>
  );
}
const PAST = {
  person: "Former",
  household: "Former",
  number: "Former",
  task: "Done",
  open_loop: "Closed",
  note: "Past",
};

function Marked({ parts }: { parts: SearchHit["why"]["parts"] }) {
  return parts.map((part, i) =>
    part.hit ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text, in its order
      <mark key={i} className="rounded-sm bg-brass-soft font-medium text-ink">
        {part.text}
      </mark>
    ) : (
      part.text
    ),
  );
}
