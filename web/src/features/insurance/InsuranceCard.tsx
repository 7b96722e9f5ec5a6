import { AddButton, RowMenu, useEditor } from "@/features/edits";
import { date, isOverdue } from "@/lib/dates";
import { money } from "@/lib/money";
import { label, PREMIUM_PERIODS } from "@/lib/words";
import { Badge, Card, CardEmpty, CardList } from "@/ui/card";
import { insuranceSpec } from "./spec";

export function InsuranceCard() {
  const { record, nameOf } = useEditor();
  return (
    <Card id="insurance" title="Insurance" action={<AddButton spec={insuranceSpec} />}>
      {record.insurance_policies.length === 0 ? (
        <CardEmpty>No policy recorded.</CardEmpty>
      ) : (
        <CardList>
          {record.insurance_policies.map((p) => {
            const premium = money(p.premium, p.currency);
            return (
              <li key={p.id} className="flex items-start gap-3 py-2.5">
                <div className="min-w-0 flex-1">
                  <p className="font-medium">{p.kind}</p>
                  <p className="text-sm text-ink-2">
                    {[
                      p.carrier,
                      p.insured_person_id && nameOf(p.insured_person_id),
                      premium &&
                        `${premium} ${label(PREMIUM_PERIODS, p.premium_period).toLowerCase()}`.trim(),
                      p.expires_on && `expires ${date(p.expires_on)}`,
                    ]
                      .filter(Boolean)
                      .join(", ")}
                  </p>
                </div>
                {isOverdue(p.expires_on) && <Badge tone="warn">Expired</Badge>}
                <p className="num">{money(p.coverage, p.currency)}</p>
                <RowMenu spec={insuranceSpec} row={p} name={p.kind} />
              </li>
            );
          })}
        </CardList>
      )}
    </Card>
  );
}
