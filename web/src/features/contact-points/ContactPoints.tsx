import { Mail, MapPin, Phone } from "lucide-react";
import type { ContactPoint } from "@/api/types";
import { RowMenu, useEditor } from "@/features/edits";
import { phoneText } from "@/lib/phone";
import { Badge } from "@/ui/card";
import { contactPointSpec } from "./spec";

const ICONS = { phone: Phone, email: Mail, address: MapPin };

/** One line of text for any kind of contact detail. */
export function contactText(c: ContactPoint): string {
  if (c.kind === "phone") return phoneText(c.e164, c.value, c.extension);
  if (c.kind === "email") return c.value ?? "";
  const place = [c.city, [c.state, c.postal_code].filter(Boolean).join(" ")].filter(Boolean).join(", ");
  return [c.line1, c.line2, place, c.country].filter(Boolean).join(", ");
}

/** A number to ring or an address to write to, as a link; the program that opens it is the reader's own. */
export function ContactLink({ contact }: { contact: ContactPoint }) {
  const text = contactText(contact);
  const href =
    contact.kind === "phone" && contact.e164
      ? `tel:${contact.e164}`
      : contact.kind === "email" && contact.value
        ? `mailto:${contact.value}`
        : null;
  if (!href) return <span className="break-words">{text}</span>;
  return (
    <a href={href} className="rounded-sm break-all hover:text-brand-ink hover:underline focus-ring">
      {text}
    </a>
  );
}

export function ContactPoints({ contacts, of }: { contacts: readonly ContactPoint[]; of: string }) {
  const { nameOf } = useEditor();
  if (contacts.length === 0) return <p className="text-ink-2">No phone, email or address yet.</p>;
  return (
    <ul aria-label={`Contact details of ${of}`}>
      {contacts.map((contact) => {
        const Icon = ICONS[contact.kind];
        return (
          <li key={contact.id} className="flex items-start gap-3 py-1.5">
            <Icon aria-hidden className="mt-1 size-4 shrink-0 text-ink-3" strokeWidth={1.75} />
            <div className="min-w-0 flex-1">
              <ContactLink contact={contact} />
              <p className="flex items-center gap-2 text-xs text-ink-3">
                {[nameOf(contact.professional_id ?? contact.entity_id ?? ""), contact.label || contact.kind]
                  .filter(Boolean)
                  .join(", ")}
                {contact.is_primary && <Badge>Primary</Badge>}
              </p>
            </div>
            <RowMenu spec={contactPointSpec} row={contact} name={contactText(contact)} />
          </li>
        );
      })}
    </ul>
  );
}
