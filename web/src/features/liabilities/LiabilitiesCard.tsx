import { AddButton, RowMenu, useEditor } from "@/features/edits";
import { date } from "@/lib/dates";
import { money, percent } from "@/lib/money";
import { Card, CardEmpty, CardList } from "@/ui/card";
import { liabilitySpec } from "./spec";

export function LiabilitiesCard() {
  const { record } = useEditor();
  return (
    <Card id="liabilities" title="Liabilities" action={<AddButton spec={liabilitySpec} />}>
      {record.liabilities.length === 0 ? (
        <CardEmpty>No mortgage, loan or credit line recorded.</CardEmpty>
      ) : (
        <CardList>
          {record.liabilities.map((l) => (
            <li key={l.id} className="flex items-start gap-3 py-2.5">
              <div className="min-w-0 flex-1">
                <p className="font-medium">{l.name}</p>
                <p className="text-sm text-ink-2">
                  {[
                    l.kind,
                    l.lender,
                    l.rate_pct && percent(l.rate_pct),
                    l.matures_on && `matures ${date(l.matures_on)}`,
                  ]
                    .filter(Boolean)
                    .join(", ")}
                </p>
              </div>
              <div className="text-right">
                <p className="num">{money(l.balance, l.currency) ?? "Unknown"}</p>
                {l.as_of && <p className="text-xs text-ink-3">as of {date(l.as_of)}</p>}
              </div>
              <RowMenu spec={liabilitySpec} row={l} name={l.name} />
            </li>
          ))}
        </CardList>
      )}
    </Card>
  );
}
