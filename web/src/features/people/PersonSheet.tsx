import { Link } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { personName } from "@/api/queries/names";
import type { Member } from "@/api/types";
import { useCan } from "@/features/auth";
import { ContactPoints, contactPointSpec } from "@/features/contact-points";
import { AddButton, InlineField, SealedValue, useEditor } from "@/features/edits";
import { date } from "@/lib/dates";
import type { FormField } from "@/lib/fields";
import { label, MEMBER_ROLES } from "@/lib/words";
import { Button } from "@/ui/button";
import { Sheet } from "@/ui/overlay";
import { MEMBERSHIP_FIELDS, membershipSpec, PERSON_FIELDS } from "./spec";

const NotSet = () => <span className="text-ink-3">Not set</span>;

/** Everything about one person of the household, edited where it stands. */
export function PersonSheet({ member, onClose }: { member: Member; onClose: () => void }) {
  const { person, membership } = member;
  const { canWrite, remove } = useEditor();
  const name = personName(person);
  return (
    <Sheet
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={name}
      description={label(MEMBER_ROLES, membership.role)}
    >
      <div className="flex flex-col gap-7 p-5">
        <Facts member={member} />
        <section aria-label="Contact details">
          <div className="mb-1 flex items-center justify-between">
            <h3 className="display text-lg">Contact details</h3>
            <AddButton spec={contactPointSpec} presets={{ person_id: person.id }} />
          </div>
          <ContactPoints contacts={member.contact_points} of={name} />
        </section>
        {member.other_households.length > 0 && (
          <section aria-label="Other households">
            <h3 className="display mb-1 text-lg">Also in</h3>
            <ul>
              {member.other_households.map((h) => (
                <li key={`${h.id}${h.joined_on}`}>
                  <Link
                    to="/households/$id"
                    params={{ id: h.id }}
                    className="text-brand-ink underline focus-ring"
                  >
                    {h.name}
                  </Link>
                  <span className="text-ink-2">
                    {` ${label(MEMBER_ROLES, h.role)}`}
                    {h.joined_on && ` since ${date(h.joined_on)}`}
                    {h.left_on && ` until ${date(h.left_on)}`}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        )}
        {canWrite && (
          <div className="border-t border-line pt-5">
            <Button
              variant="danger"
              onClick={() => {
                remove(membershipSpec, membership.id, name);
                onClose();
              }}
            >
              <Trash2 />
              Remove from household
            </Button>
          </div>
        )}
      </div>
    </Sheet>
  );
}

function Facts({ member: { person, membership } }: { member: Member }) {
  const name = personName(person);
  const canReveal = useCan("sensitive.reveal");
  const plain = (field: FormField) => {
    const value = person[field.name as keyof typeof person] as string | null;
    return (
      <InlineField key={field.name} noun="people" row={person} field={field}>
        {value ? field.kind === "date" ? date(value) : value : <NotSet />}
      </InlineField>
    );
  };
  const sealed = (field: FormField, key: "birth_date" | "tax_id") => (
    <div key={key}>
      <InlineField noun="people" row={person} field={field}>
        {person[key]?.masked ?? <NotSet />}
        {key === "birth_date" && person.birth_date?.age != null && ` (${person.birth_date.age})`}
      </InlineField>
      {canReveal && person[key] && (
        <div className="-mt-0.5 text-xs text-ink-3">
          <SealedValue
            noun="people"
            id={person.id}
            field={key}
            label={field.label}
            of={name}
            sealed={{ masked: "Show", age: null }}
            allowed
          />
        </div>
      )}
    </div>
  );
  const f = PERSON_FIELDS;
  return (
    <section aria-label="Facts" className="grid grid-cols-2 gap-x-5 gap-y-4">
      {[f.first_name, f.middle_name, f.last_name, f.suffix, f.preferred_name, f.native_name].map(plain)}
      {sealed(f.birth_date, "birth_date")}
      {sealed(f.tax_id, "tax_id")}
      {[f.employer, f.occupation].map(plain)}
      {(person.deceased || person.deceased_on) && plain(f.deceased_on)}
      <InlineField noun="memberships" row={membership} field={MEMBERSHIP_FIELDS.role}>
        {label(MEMBER_ROLES, membership.role)}
      </InlineField>
      <InlineField noun="memberships" row={membership} field={MEMBERSHIP_FIELDS.joined_on}>
        {membership.joined_on ? date(membership.joined_on) : <NotSet />}
      </InlineField>
      <InlineField noun="memberships" row={membership} field={MEMBERSHIP_FIELDS.left_on}>
        {membership.left_on ? date(membership.left_on) : <NotSet />}
      </InlineField>
    </section>
  );
}
