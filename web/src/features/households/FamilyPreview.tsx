import { X } from "lucide-react";
import type { MemberRole } from "@/api/types";
import type { CardContact, CardPerson } from "@/lib/contact-card";
import { MEMBER_ROLES, plural } from "@/lib/words";
import { IconButton } from "@/ui/button";
import { Select } from "@/ui/form";

export interface DraftPerson extends CardPerson {
  key: string;
  role: MemberRole;
}

const fullName = (p: CardPerson) =>
  [p.first_name, p.middle_name, p.last_name, p.suffix].filter(Boolean).join(" ");
const shown = (c: CardContact) =>
  c.value ?? [c.line1, c.line2, c.city, c.state, c.postal_code, c.country].filter(Boolean).join(", ");

/** The people that will be created with the household; what is wrong is taken out here. */
export function FamilyPreview({
  people,
  onChange,
}: {
  people: readonly DraftPerson[];
  onChange: (next: DraftPerson[]) => void;
}) {
  if (people.length === 0) return null;
  const put = (key: string, change: Partial<DraftPerson>) =>
    onChange(people.map((p) => (p.key === key ? { ...p, ...change } : p)));
  return (
    <section aria-label="Will be created with the household" className="rounded-md border border-line">
      <p className="eyebrow px-3 pt-2.5">With the household, {plural(people.length, "person", "people")}</p>
      <ul>
        {people.map((person) => (
          <li key={person.key} className="border-line px-3 py-2.5 not-first:border-t">
            <div className="flex items-center gap-2">
              <p className="min-w-0 flex-1 truncate font-medium">{fullName(person)}</p>
              <Select
                aria-label={`Role of ${fullName(person)}`}
                className="h-8 w-auto"
                value={person.role}
                onChange={(e) => put(person.key, { role: e.target.value as MemberRole })}
              >
                {MEMBER_ROLES.map(([value, text]) => (
                  <option key={value} value={value}>
                    {text}
                  </option>
                ))}
              </Select>
              <IconButton
                label={`Leave out ${fullName(person)}`}
                onClick={() => onChange(people.filter((p) => p.key !== person.key))}
              >
                <X />
              </IconButton>
            </div>
            {(person.occupation || person.employer) && (
              <p className="text-sm text-ink-2">
                {[person.occupation, person.employer].filter(Boolean).join(", ")}
              </p>
            )}
            <ul className="text-sm">
              {person.contacts.map((contact, i) => (
                <li key={`${contact.kind}/${shown(contact)}`} className="flex items-center gap-2">
                  <span className="min-w-0 flex-1 truncate">
                    {contact.label && <span className="text-ink-3">{contact.label} </span>}
                    {shown(contact)}
                  </span>
                  <IconButton
                    label={`Leave out ${shown(contact)}`}
                    className="size-7"
                    onClick={() => put(person.key, { contacts: person.contacts.filter((_, n) => n !== i) })}
                  >
                    <X />
                  </IconButton>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  );
}
