import { Link } from "@tanstack/react-router";
import { Mail, Phone } from "lucide-react";
import { Fragment, type ReactNode } from "react";
import { personName } from "@/api/queries/names";
import type { ContactPoint, Member } from "@/api/types";
import { useCan } from "@/features/auth";
import { ContactLink } from "@/features/contact-points";
import { AddButton, rowMark, SealedValue, Told, useEditor, whyRow } from "@/features/edits";
import { cn } from "@/lib/cn";
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

/** The number or address of a kind to use first. */
export const contactOf = ({ contact_points: all }: Member, kind: ContactPoint["kind"]) =>
  all.find((c) => c.kind === kind && c.is_primary) ?? all.find((c) => c.kind === kind);

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
  const phone = contactOf(member, "phone");
  const email = contactOf(member, "email");
  const told = (field: keyof typeof person & string, text: string | null) =>
    text && (
      <Told key={field} noun="people" id={person.id} field={field}>
        {text}
      </Told>
    );
  const legal =
    person.preferred_name && person.first_name !== person.preferred_name ? person.first_name : null;
  const about = [
    told("first_name", legal),
    person.deceased
      ? told("deceased_on", person.deceased_on ? `died ${date(person.deceased_on)}` : "died")
      : told("birth_date", person.birth_date?.age != null ? String(person.birth_date.age) : null),
    told("occupation", person.occupation),
    told("employer", person.employer),
  ].filter(Boolean);
  return (
    <li className="py-3 focus-ring" data-testid="person-card" {...rowMark(person.id)} {...whyRow(name)}>
      <div className="flex items-center gap-3">
        <Monogram name={name} />
        <div className="min-w-0 flex-1">
          <button
            type="button"
            onClick={() => onOpen(person.id)}
            className={cn(
              "block max-w-full truncate rounded-sm text-left font-medium hover:text-brand-ink focus-ring",
              (membership.left_on || person.deceased) && "text-ink-2",
            )}
          >
            {name}
          </button>
          {about.length > 0 && <p className="truncate text-xs text-ink-3">{listed(about)}</p>}
        </div>
        <Told noun="memberships" id={membership.id} field="role" className="text-xs text-ink-2">
          {label(MEMBER_ROLES, membership.role)}
        </Told>
      </div>
      <dl className="mt-1.5 space-y-0.5 pl-11 text-sm text-ink-2">
        {phone && (
          <div className="flex items-center gap-2">
            <dt>
              <Phone aria-label="Phone" className="size-3.5 text-ink-3" strokeWidth={1.75} />
            </dt>
            <dd className="min-w-0">
              <Told noun="contact-points" id={phone.id} field="value">
                <ContactLink contact={phone} />
              </Told>
            </dd>
          </div>
        )}
        {email && (
          <div className="flex items-center gap-2">
            <dt>
              <Mail aria-label="Email" className="size-3.5 text-ink-3" strokeWidth={1.75} />
            </dt>
            <dd className="min-w-0">
              <Told noun="contact-points" id={email.id} field="value">
                <ContactLink contact={email} />
              </Told>
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
      <Stay member={member} />
    </li>
  );
}

/** Parts one after another, with commas between. */
const listed = (parts: ReactNode[]) =>
  // biome-ignore lint/suspicious/noArrayIndexKey: a comma has no identity but its place
  parts.flatMap((part, i) => (i === 0 ? [part] : [<Fragment key={i}>, </Fragment>, part]));

/** Since when and until when, and where they are or were as well. */
function Stay({ member: { membership, other_households } }: { member: Member }) {
  const { joined_on, left_on, id } = membership;
  if (!joined_on && !left_on && other_households.length === 0) return null;
  return (
    <p className="mt-1 pl-11 text-xs text-ink-3">
      {joined_on && (
        <Told noun="memberships" id={id} field="joined_on">
          Joined {date(joined_on)}
        </Told>
      )}
      {joined_on && left_on && ", "}
      {left_on && (
        <Told noun="memberships" id={id} field="left_on">
          {joined_on ? "left" : "Left"} {date(left_on)}
        </Told>
      )}
      {other_households.map((home) => (
        <span key={`${home.id}${home.joined_on}`} className="block">
          {left_on && !home.left_on ? "Now in " : home.left_on ? "Came from " : "Also in "}
          <Link
            to="/households/$id"
            params={{ id: home.id }}
            className="rounded-sm text-brand-ink underline focus-ring"
          >
            {home.name}
          </Link>
          {home.left_on && `, ${label(MEMBER_ROLES, home.role).toLowerCase()} until ${date(home.left_on)}`}
        </span>
      ))}
    </p>
  );
}

function Sealed(props: Omit<Parameters<typeof SealedValue>[0], "noun">) {
  if (!props.sealed) return null;
  return (
    <div className="flex items-center gap-2">
      <dt className="text-xs text-ink-3">{props.label}</dt>
      <dd className="num">
        <Told noun="people" id={props.id} field={props.field}>
          <SealedValue noun="people" {...props} />
        </Told>
      </dd>
    </div>
  );
}
