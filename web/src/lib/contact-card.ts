/**
 * What a pasted vCard or signature block says of people and how to reach them. Reads and answers plain text, never markup;
 * whatever it cannot read is left out, and what it found is shown before anything is saved.
 */
export interface CardContact {
  kind: "phone" | "email" | "address";
  label?: string;
  value?: string;
  line1?: string;
  line2?: string;
  city?: string;
  state?: string;
  postal_code?: string;
  country?: string;
}
export interface CardPerson {
  first_name?: string;
  middle_name?: string;
  last_name?: string;
  suffix?: string;
  preferred_name?: string;
  employer?: string;
  occupation?: string;
  contacts: CardContact[];
}

/** The server's bounds; more than that is no family. */
const MOST_PEOPLE = 20;
const MOST_CONTACTS = 20;
const LONGEST_PASTE = 200_000;

/** The people that a pasted text names, by the way it is written. */
export async function readCards(pasted: string): Promise<CardPerson[]> {
  const text = pasted.slice(0, LONGEST_PASTE);
  const isVcard = /^\s*BEGIN:VCARD\s*$/im.test(text);
  const people = isVcard
    ? (await import("./vcard")).readVcards(text)
    : (await import("./signature")).readSignature(text);
  return people
    .slice(0, MOST_PEOPLE)
    .map((person) => ({ ...person, contacts: person.contacts.slice(0, MOST_CONTACTS) }));
}

/** What a family of these people is called: `Anna Whitfield`, `Anna & Henrik Whitfield`. */
export function familyName(people: readonly CardPerson[]): string {
  const full = (p: CardPerson) => [p.first_name, p.last_name].filter(Boolean).join(" ");
  const [one, two, ...more] = people;
  if (!one) return "";
  const shared = people.every((p) => p.last_name && p.last_name === one.last_name)
    ? one.last_name
    : undefined;
  if (!two) return full(one);
  if (shared && more.length === 0)
    return `${one.first_name ?? ""} & ${two.first_name ?? ""} ${shared}`.trim();
  return shared ? `${shared} Family` : full(one);
}
