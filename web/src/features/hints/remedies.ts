/** The way to put each kind of hint right: a form that is half filled in, or the row that is wrong. */
import { useNavigate } from "@tanstack/react-router";
import type { Hint, HintKind } from "@/api/queries/record";
import { beneficiarySpec } from "@/features/accounts";
import { contactPointSpec } from "@/features/contact-points";
import { focusRow, useEditor, withInitial } from "@/features/edits";
import { entityRoleSpec } from "@/features/entities";
import { personSpec } from "@/features/people";
import { professionalSpec } from "@/features/professionals";

interface Remedy {
  label: string;
  run: () => void;
}
type Tab = "overview" | "accounts" | "people";

/** Where the row of a table stands. */
const TAB_OF: Record<string, Tab> = {
  accounts: "accounts",
  account_owners: "accounts",
  beneficiaries: "accounts",
  entities: "overview",
  entity_roles: "overview",
  insurance_policies: "overview",
  people: "people",
};

export function useRemedies(): (hint: Hint) => Remedy | null {
  const { add, canWrite, householdId } = useEditor();
  const navigate = useNavigate();
  const show = (tab: Tab, row: string) => {
    const search = (s: object) => ({ ...s, tab: tab === "overview" ? undefined : tab, person: undefined });
    void navigate({ to: "/households/$id", params: { id: householdId }, search, replace: true }).then(() =>
      focusRow(row),
    );
  };
  const forms: Partial<Record<HintKind, (hint: Hint) => void>> = {
    no_primary: () => add(withInitial(personSpec, { role: "primary" })),
    no_phone: (h) => add(withInitial(contactPointSpec, { kind: "phone" }), { person_id: h.entity_id }),
    no_email: (h) => add(withInitial(contactPointSpec, { kind: "email" }), { person_id: h.entity_id }),
    no_trusted_contact: () => add(withInitial(professionalSpec, { kind: "Trusted contact" })),
    no_beneficiary: (h) => add(beneficiarySpec, { account_id: h.entity_id }),
    no_contingent: (h) =>
      add(withInitial(beneficiarySpec, { designation: "contingent" }), { account_id: h.entity_id }),
    no_trustee: (h) => add(entityRoleSpec, { entity_id: h.entity_id }),
    no_successor: (h) =>
      add(withInitial(entityRoleSpec, { role: "successor_trustee" }), { entity_id: h.entity_id }),
    no_review: () =>
      document.querySelector<HTMLElement>("[data-testid=field-next_review] [data-edit]")?.click(),
  };
  return (hint) => {
    const form = forms[hint.kind];
    if (form && canWrite) return { label: hint.kind === "no_review" ? "Set" : "Add", run: () => form(hint) };
    const tab = TAB_OF[hint.entity];
    return tab ? { label: "Look", run: () => show(tab, hint.entity_id) } : null;
  };
}
