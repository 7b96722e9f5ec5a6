import { expect, test } from "vitest";
import type { Member } from "@/api/types";
import { whitfield } from "@/test/seed-family";
import { bodyOf, candidates, outcome, start } from "./event";

const { people } = whitfield();
const of = (role: string) => people.find((m) => m.membership.role === role) as Member;
const left = (m: Member): Member => ({ ...m, membership: { ...m.membership, left_on: "2024-01-01" } });

test("HH-3 a divorce asks for a spouse, a return for somebody who is not there", () => {
  expect(candidates("divorce", people).map((m) => m.membership.role)).toEqual(["primary", "spouse"]);
  expect(candidates("joined", people)).toEqual([]);
  const gone = people.map((m) => (m === of("spouse") ? left(m) : m));
  expect(candidates("joined", gone).map((m) => m.person.id)).toEqual([of("spouse").person.id]);
  expect(candidates("death", gone)).toHaveLength(people.length - 1);
});

test("HH-3 only what belongs to the event is sent", () => {
  const draft = { ...start("2026-11-20"), personId: "p1", newHousehold: " James Household ", reason: "  " };
  expect(bodyOf(draft)).toEqual({
    event: "divorce",
    on: "2026-11-20",
    person_id: "p1",
    new_household: "James Household",
  });
  expect(bodyOf({ ...draft, event: "death" })).toEqual({ event: "death", on: "2026-11-20", person_id: "p1" });
  expect(bodyOf({ ...draft, event: "joined", personId: "", firstName: "Theo" })).toEqual({
    event: "joined",
    on: "2026-11-20",
    role: "child",
    new_person: { first_name: "Theo" },
  });
});

test("HH-3 the dialog says before what the server will do: the spouse who stays takes over", () => {
  const draft = { ...start("2026-11-20"), event: "death" as const, personId: of("primary").person.id };
  expect(outcome(draft, people, "Whitfield Family")).toEqual([
    "Eleanor Whitfield died on 20 Nov 2026.",
    "Eleanor Whitfield belonged to Whitfield Family until 20 Nov 2026. What was before stays as it was.",
    "James Whitfield becomes the primary contact.",
  ]);
});
