/** Who was in the household when, as spans of days. */
import { personName } from "@/api/queries/names";
import type { Member } from "@/api/types";
import { label, MEMBER_ROLES } from "@/lib/words";

export interface Span {
  id: string;
  role: string;
  /** Null where nobody knows since when. */
  from: string | null;
  /** Null while it goes on. */
  to: string | null;
}
export interface Life {
  personId: string;
  name: string;
  diedOn: string | null;
  spans: Span[];
}

/** One line a person, in the order of the record; the stays of somebody who came back stand on one line. */
export function livesOf(people: readonly Member[]): Life[] {
  const lives = new Map<string, Life>();
  for (const { person, membership } of people) {
    const life = lives.get(person.id) ?? {
      personId: person.id,
      name: personName(person),
      diedOn: person.deceased_on,
      spans: [],
    };
    life.spans.push({
      id: membership.id,
      role: label(MEMBER_ROLES, membership.role),
      from: membership.joined_on,
      to: membership.left_on,
    });
    lives.set(person.id, life);
  }
  for (const life of lives.values()) life.spans.sort((a, b) => (a.from ?? "").localeCompare(b.from ?? ""));
  return [...lives.values()];
}

/** The first and last day of the drawing: a year of air before what is known, and today. */
export function extent(lives: readonly Life[], since: string | null, now: string): [string, string] {
  const days = lives.flatMap((l) => l.spans.flatMap((s) => [s.from, s.to])).filter((d) => d !== null);
  const first = [...days, ...(since ? [since] : []), now].sort()[0] ?? now;
  return [`${Number(first.slice(0, 4)) - 1}${first.slice(4)}`.replace("-02-29", "-02-28"), now];
}
