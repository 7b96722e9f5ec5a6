import { Mail, Phone } from "lucide-react";
import { personName } from "@/api/queries/names";
import type { Member } from "@/api/types";
import { ContactLink } from "@/features/contact-points";
import { useEditor } from "@/features/edits";
import { label, MEMBER_ROLES } from "@/lib/words";
import { Card, CardEmpty, CardList } from "@/ui/card";
import { Monogram } from "@/ui/monogram";
import { contactOf, inRoleOrder } from "./PeopleCard";

/** Those whom one rings or writes to, with how to; the others are counted. */
export function MainPeopleCard({ onAll }: { onAll: () => void }) {
  const here = inRoleOrder(useEditor().record.people).filter(
    (m) => !m.membership.left_on && !m.person.deceased,
  );
  const heads = here.filter((m) => ["primary", "spouse"].includes(m.membership.role));
  const shown = heads.length > 0 ? heads : here.slice(0, 2);
  const others = here.length - shown.length;
  return (
    <Card
      id="main-people"
      title="People"
      action={
        others > 0 && (
          <button
            type="button"
            onClick={onAll}
            className="rounded-md px-2 py-1 text-sm font-medium text-brand-ink hover:bg-sunken focus-ring"
          >
            {others} more
          </button>
        )
      }
    >
      {shown.length === 0 ? (
        <CardEmpty>Nobody yet.</CardEmpty>
      ) : (
        <CardList>
          {shown.map((member) => (
            <Row key={member.membership.id} member={member} />
          ))}
        </CardList>
      )}
    </Card>
  );
}

function Row({ member }: { member: Member }) {
  const name = personName(member.person);
  const phone = contactOf(member, "phone");
  const email = contactOf(member, "email");
  return (
    <li className="flex items-start gap-3 py-2.5" data-testid="main-person">
      <Monogram name={name} />
      <div className="min-w-0 flex-1">
        <p className="flex items-baseline justify-between gap-3">
          <span className="min-w-0 truncate font-medium">{name}</span>
          <span className="shrink-0 text-xs text-ink-2">{label(MEMBER_ROLES, member.membership.role)}</span>
        </p>
        <ul aria-label={`How to reach ${name}`} className="mt-0.5 flex flex-wrap gap-x-5 text-sm text-ink-2">
          {phone && (
            <li className="flex min-w-0 items-center gap-2">
              <Phone aria-label="Phone" className="size-3.5 shrink-0 text-ink-3" strokeWidth={1.75} />
              <ContactLink contact={phone} />
            </li>
          )}
          {email && (
            <li className="flex min-w-0 items-center gap-2">
              <Mail aria-label="Email" className="size-3.5 shrink-0 text-ink-3" strokeWidth={1.75} />
              <ContactLink contact={email} />
            </li>
          )}
          {!phone && !email && <li className="text-ink-3">No phone or email yet</li>}
        </ul>
      </div>
    </li>
  );
}
