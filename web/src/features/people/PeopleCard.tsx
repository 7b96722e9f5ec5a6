import { Mail, Phone } from "lucide-react";
import { personName } from "@/api/queries/names";
import type { Member } from "@/api/types";
import { useCan } from "@/features/auth";
import { ContactLink } from "@/features/contact-points";
import { AddButton, SealedValue, useEditor } from "@/features/edits";
import { date } from "@/lib/dates";
import { label, MEMBER_ROLES } from "@/lib/words";
import { Card, CardEmpty, CardList } from "@/ui/card";
import { Monogram } from "@/ui/monogram";
import { personSpec } from "./spec";

const ROLE_ORDER = ["primary", "spouse", "trustee", "child", "other"];

/** The members in the order of their roles; who has left comes last. */
export function inRoleOrder(members: readonly Member[]): Member[] {
  const rank = (m: Member) => (m.membership.left_on ? 100 : 0) + ROLE_ORDER.indexOf(m.membership.role);
  return [...members].sort((a, b) => rank(a) - rank(b));
}

export function PeopleCard({ onOpen }: { onOpen: (personId: string) => void }) {
  const { record } = useEditor();
  return (
    <Card id="people" title="People" action={<AddButton spec={personSpec} />}>
      {record.people.length === 0 ? (
        <CardEmpty>Nobody yet. Add the first person of this household.</CardEmpty>
      ) : (
        <CardList>
          {inRoleOrder(record.people).map((member) => (
            <PersonRow key={member.membership.id} member={member} onOpen={onOpen} />
          ))}
        </CardList>
      )}
    </Card>
  );
}

function PersonRow({ member, onOpen }: { member: Member; onOpen: (personId: string) => void }) {
  const canReveal = useCan("sensitive.reveal");
  const { person, membership } = member;
  const name = personName(person);
  const first = (kind: string) =>
    member.contact_points.find((c) => c.kind === kind && c.is_primary) ??
    member.contact_points.find((c) => c.kind === kind);
  const phone = first("phone");
  const email = first("email");
  const about = [
    person.deceased ? "died" : person.birth_date?.age != null ? String(person.birth_date.age) : null,
    person.occupation,
  ].filter(Boolean);
  return (
    <li className="py-3" data-testid="person-card">
      <div className="flex items-center gap-3">
        <Monogram name={name} />
        <div className="min-w-0 flex-1">
          <button
            type="button"
            onClick={() => onOpen(person.id)}
            className="block max-w-full truncate rounded-sm text-left font-medium hover:text-brand-ink focus-ring"
          >
            {name}
          </button>
          {about.length > 0 && <p className="truncate text-xs text-ink-3">{about.join(", ")}</p>}
        </div>
        <span className="text-xs text-ink-2">{label(MEMBER_ROLES, membership.role)}</span>
      </div>
      <dl className="mt-1.5 space-y-0.5 pl-11 text-sm text-ink-2">
        {phone && (
          <div className="flex items-center gap-2">
            <dt>
              <Phone aria-label="Phone" className="size-3.5 text-ink-3" strokeWidth={1.75} />
            </dt>
            <dd className="min-w-0">
              <ContactLink contact={phone} />
            </dd>
          </div>
        )}
        {email && (
          <div className="flex items-center gap-2">
            <dt>
              <Mail aria-label="Email" className="size-3.5 text-ink-3" strokeWidth={1.75} />
            </dt>
            <dd className="min-w-0">
              <ContactLink contact={email} />
            </dd>
          </div>
        )}
        <Sealed
          label="Birth date"
          of={name}
          id={person.id}
          field="birth_date"
          sealed={person.birth_date}
          allowed={canReveal}
        />
        <Sealed
          label="Tax id"
          of={name}
          id={person.id}
          field="tax_id"
          sealed={person.tax_id}
          allowed={canReveal}
        />
      </dl>
      {membership.left_on && <p className="pl-11 text-xs text-ink-3">Left on {date(membership.left_on)}</p>}
    </li>
  );
}

function Sealed(props: Omit<Parameters<typeof SealedValue>[0], "noun">) {
  if (!props.sealed) return null;
  return (
    <div className="flex items-center gap-2">
      <dt className="text-xs text-ink-3">{props.label}</dt>
      <dd className="num">
        <SealedValue noun="people" {...props} />
      </dd>
    </div>
  );
}
