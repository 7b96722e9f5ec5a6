/** What the palette offers, as one list that the arrows walk through. */
import type { SearchAnswer, SearchHit, SearchKind } from "@/api/queries/search";
import type { KeyId } from "@/app/keys";

export interface Command {
  id: KeyId;
  keys: string;
  label: string;
  group: string;
}
export type Item =
  | { kind: "hit"; id: string; group: string; hit: SearchHit }
  | { kind: "recent"; id: string; group: string; householdId: string; name: string }
  | { kind: "command"; id: string; group: string; command: Command };

const GROUPS: Record<SearchKind, string> = {
  person: "People",
  household: "Households",
  number: "Numbers",
  task: "Tasks",
  open_loop: "Open loops",
  note: "Notes",
};
/** The other groups walk through rows, or act on the row that has the focus, which the palette takes away. */
const OFFERED = new Set(["Go to", "Anywhere", "Household"]);
const NOT_OFFERED = new Set<KeyId>(["palette", "search", "why", "actions", "create.menu", "record.edit"]);

/** What the page below can do now. */
export function commandsOf(active: readonly Command[], canCreate: boolean): Command[] {
  const here = active.filter(({ id, group }) => OFFERED.has(group) && !NOT_OFFERED.has(id));
  const missing = canCreate && !here.some((binding) => binding.id === "create");
  return missing ? [...here, { id: "create", keys: "c", label: "New household", group: "Anywhere" }] : here;
}

/** `Notes · 6 of 31`, and honest where nobody counted to the end: `6 of more than 250`. */
export function heading(kind: SearchKind, shown: number, total: number, more: boolean) {
  if (more) return `${GROUPS[kind]} · ${shown} of more than ${total}`;
  return total > shown ? `${GROUPS[kind]} · ${shown} of ${total}` : GROUPS[kind];
}

const commandItem = (command: Command): Item => ({
  kind: "command",
  id: `command-${command.id.replaceAll(".", "-")}`,
  group: command.group === "Go to" ? "Go to" : "Do",
  command,
});

export function itemsFor(
  text: string,
  answer: SearchAnswer | undefined,
  commands: readonly Command[],
  recent: readonly { id: string; name: string }[],
): Item[] {
  if (!text) {
    const visited = recent.map(
      ({ id, name }): Item => ({
        kind: "recent",
        id: `recent-${id}`,
        group: "Recent",
        householdId: id,
        name,
      }),
    );
    return [...visited, ...commands.map(commandItem)];
  }
  const words = text.toLowerCase().split(/\s+/);
  const meant = commands.filter(({ label, group }) => {
    const named = `${group === "Go to" ? "go to " : ""}${label}`.toLowerCase();
    return words.every((word) => named.includes(word));
  });
  // Somebody who typed the whole name of a command wants it; everybody else wants people first.
  const exact = meant.filter(({ label }) => label.toLowerCase() === text.toLowerCase());
  const rest = meant.filter((command) => !exact.includes(command));
  const hits = (answer?.groups ?? []).flatMap(({ kind, hits, total, more }) =>
    hits.map((hit): Item => {
      const group = heading(kind, hits.length, total, more);
      return { kind: "hit", id: `hit-${kind}-${hit.id}`, group, hit };
    }),
  );
  return [...exact.map(commandItem), ...hits, ...rest.map(commandItem)];
}

/** Neighbours of one group under its heading. */
export function grouped(items: readonly Item[]) {
  const groups: { name: string; items: Item[] }[] = [];
  for (const item of items) {
    const last = groups.at(-1);
    if (last?.name === item.group) last.items.push(item);
    else groups.push({ name: item.group, items: [item] });
  }
  return groups;
}

/** What is read aloud once an answer is there. */
export function spoken(text: string, items: readonly Item[], answer: SearchAnswer | undefined) {
  if (!text) return "";
  const found = (answer?.groups ?? []).reduce((sum, group) => sum + group.total, 0);
  const more = answer?.groups.some((group) => group.more) ? "more than " : "";
  if (found === 0) return items.length > 0 ? "Nothing found, but commands match" : "Nothing found";
  return `${more}${found} ${found === 1 ? "result" : "results"}`;
}
