import { expect, test } from "vitest";
import type { SearchAnswer, SearchHit } from "@/api/queries/search";
import { type Command, commandsOf, grouped, heading, itemsFor, spoken } from "./items";

const command = (id: Command["id"], label: string, group = "Anywhere"): Command => ({
  id,
  keys: "x",
  label,
  group,
});
const hit = (kind: SearchHit["kind"], title: string): SearchHit => ({
  kind,
  id: title,
  person_id: null,
  household_id: "h",
  household_name: "Whitfield",
  title,
  subtitle: "",
  why: { field: "name", parts: [{ text: title, hit: true }] },
  at: null,
  due_on: null,
  past: false,
  score: 300,
});
const answer = (...hits: SearchHit[]): SearchAnswer => ({
  groups: [{ kind: "person", total: hits.length, more: false, hits }],
});
const COMMANDS = [command("go.tasks", "Tasks", "Go to"), command("create", "New household")];

test("without a text there are the households one came from, then what the page can do", () => {
  const items = itemsFor("", undefined, COMMANDS, [{ id: "h1", name: "Whitfield" }]);
  expect(items.map((i) => i.kind)).toEqual(["recent", "command", "command"]);
  expect(grouped(items).map((g) => g.name)).toEqual(["Recent", "Go to", "Do"]);
});

test("people come before commands, but for a command by its whole name", () => {
  const first = (text: string) => itemsFor(text, answer(hit("person", "Tasker")), COMMANDS, [])[0]?.kind;
  expect(first("task")).toBe("hit");
  expect(first("tasks")).toBe("command");
  expect(itemsFor("go to", answer(), COMMANDS, []).map((i) => i.id)).toEqual(["command-go-tasks"]);
});

test("what acts on the focused value or walks a list is not offered, and a household can be made from anywhere", () => {
  const offered = commandsOf(
    [command("why", "Why?"), command("list.next", "Next", "Lists"), COMMANDS[0] as Command],
    true,
  );
  expect(offered.map((c) => c.id)).toEqual(["go.tasks", "create"]);
  expect(commandsOf([], false)).toEqual([]);
});

test("a count says what it is", () => {
  expect(heading("note", 6, 31, false)).toBe("Notes · 6 of 31");
  expect(heading("note", 6, 6, false)).toBe("Notes");
  expect(heading("person", 6, 250, true)).toBe("People · 6 of more than 250");
});

test("the count is read aloud", () => {
  const found = answer(hit("person", "A"), hit("person", "B"));
  expect(spoken("a", itemsFor("a", found, [], []), found)).toBe("2 results");
  expect(spoken("q", [], answer())).toBe("Nothing found");
  expect(spoken("", [], undefined)).toBe("");
});
