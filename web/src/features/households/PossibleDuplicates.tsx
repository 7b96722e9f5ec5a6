import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { duplicatesQuery, type PossibleDuplicate } from "@/api/queries/households";
import type { CardPerson } from "@/lib/contact-card";
import { HOUSEHOLD_TYPES, label } from "@/lib/words";
import { useSettled } from "./useHouseholdList";

const TYPING_MS = 250;
const MOST = 20;
const REASONS: Record<PossibleDuplicate["reasons"][number], string> = {
  same_name: "same name",
  similar_name: "similar name",
  same_phone: "same telephone number",
  same_email: "same e-mail address",
};

/** The households of one's own book that the new one may already be, as its name is typed. */
export function PossibleDuplicates({ name, people }: { name: string; people: readonly CardPerson[] }) {
  const typed = useSettled(name.trim().slice(0, 200), TYPING_MS);
  const values = (kind: string) =>
    people
      .flatMap((p) => p.contacts)
      .flatMap((c) => (c.kind === kind && c.value ? [c.value] : []))
      .slice(0, MOST);
  const asked = { name: typed, phones: values("phone"), emails: values("email") };
  const worth = typed.length >= 3 || asked.phones.length + asked.emails.length > 0;
  const { data } = useQuery({ ...duplicatesQuery(asked), enabled: worth, placeholderData: keepPreviousData });
  const found = worth ? (data?.items ?? []) : [];
  return (
    <div role="status">
      {found.length > 0 && (
        <div className="mt-2 rounded-md bg-warn-soft px-3 py-2.5 text-sm">
          <p className="text-warn">
            {found.length === 1 ? "This household may be here already" : "These households may be it already"}
          </p>
          <ul className="mt-1">
            {found.map((h) => (
              <li key={h.id} className="flex flex-wrap items-baseline gap-x-2 py-0.5">
                <Link
                  to="/households/$id"
                  params={{ id: h.id }}
                  className="font-medium text-ink underline underline-offset-2 focus-ring"
                >
                  {h.name}
                </Link>
                <span className="text-ink-2">
                  {[
                    label(HOUSEHOLD_TYPES, h.type),
                    h.primary_name,
                    [h.city, h.state].filter(Boolean).join(", "),
                    h.team_name,
                  ]
                    .filter(Boolean)
                    .join(" · ")}
                </span>
                <span className="text-warn">{h.reasons.map((r) => REASONS[r]).join(", ")}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
