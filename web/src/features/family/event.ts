/** What happens in a family, as the dialog asks for it and as it is sent. */
import { personName } from "@/api/queries/names";
import type { FamilyEvent, FamilyEventKind } from "@/api/queries/record";
import type { Member, MemberRole } from "@/api/types";
import { date } from "@/lib/dates";

export type { FamilyEventKind };
export interface Draft {
  event: FamilyEventKind;
  personId: string;
  on: string;
  reason: string;
  /** Whether a household is opened for whoever leaves. */
  open: boolean;
  newHousehold: string;
  firstName: string;
  lastName: string;
  role: MemberRole;
}

export const EVENTS: Record<FamilyEventKind, { name: string; about: string; done: string }> = {
  divorce: { name: "Divorce", about: "A spouse leaves the household.", done: "Divorce recorded" },
  death: { name: "Death", about: "Somebody has died.", done: "Death recorded" },
  left: { name: "Somebody left", about: "Such as a grown child.", done: "Leaving recorded" },
  joined: { name: "Somebody joined", about: "By marriage, birth or return.", done: "Joining recorded" },
};

export const start = (today: string): Draft => ({
  event: "divorce",
  personId: "",
  on: today,
  reason: "",
  open: true,
  newHousehold: "",
  firstName: "",
  lastName: "",
  role: "child",
});

const isCurrent = (m: Member) => m.membership.left_on === null;

/** Who can be meant: spouses for a divorce, members for what ends a stay, and past members for a return. */
export function candidates(event: FamilyEventKind, people: readonly Member[]): Member[] {
  const current = people.filter(isCurrent);
  if (event === "divorce") return current.filter((m) => ["primary", "spouse"].includes(m.membership.role));
  if (event !== "joined") return current;
  const here = new Set(current.map((m) => m.person.id));
  const seen = new Set<string>();
  return people.filter(
    (m) => !here.has(m.person.id) && !m.person.deceased && !seen.has(m.person.id) && seen.add(m.person.id),
  );
}

export function bodyOf(draft: Draft): FamilyEvent {
  const joined = draft.event === "joined";
  const opens = draft.open && (draft.event === "divorce" || draft.event === "left");
  const text = (value: string) => value.trim() || undefined;
  return {
    event: draft.event,
    on: draft.on,
    reason: text(draft.reason),
    ...(draft.personId ? { person_id: draft.personId } : {}),
    ...(joined ? { role: draft.role } : {}),
    ...(joined && !draft.personId
      ? { new_person: { first_name: text(draft.firstName), last_name: text(draft.lastName) } }
      : {}),
    ...(opens ? { new_household: text(draft.newHousehold) } : {}),
  };
}

/** What the server will write, in sentences; empty while nobody is chosen. */
export function outcome(draft: Draft, people: readonly Member[], household: string): string[] {
  const chosen = people.find((m) => m.person.id === draft.personId);
  if (!draft.on) return [];
  const on = date(draft.on);
  if (draft.event === "joined") {
    const name = chosen
      ? personName(chosen.person)
      : [draft.firstName, draft.lastName].filter(Boolean).join(" ");
    return name ? [`${name} belongs to ${household} from ${on}.`] : [];
  }
  if (!chosen) return [];
  const name = personName(chosen.person);
  const lines = [`${name} belonged to ${household} until ${on}. What was before stays as it was.`];
  if (draft.event === "death") lines.unshift(`${name} died on ${on}.`);
  const spouses = people.filter(
    (m) => isCurrent(m) && m.membership.role === "spouse" && m.person.id !== chosen.person.id,
  );
  const [heir] = spouses;
  if (chosen.membership.role === "primary" && heir && spouses.length === 1)
    lines.push(`${personName(heir.person)} becomes the primary contact.`);
  if (draft.open && draft.event !== "death" && draft.newHousehold.trim())
    lines.push(`${draft.newHousehold.trim()} is opened, with ${name} as its primary contact.`);
  return lines;
}
