import { useQuery } from "@tanstack/react-query";
import { totalsQuery } from "@/api/queries/households";
import type { TotalsPart } from "@/api/types";
import { date } from "@/lib/dates";
import { moneyExact } from "@/lib/money";
import { sentence } from "@/lib/words";
import { Sheet } from "@/ui/overlay";
import { ErrorState, Loading, SkeletonCard } from "@/ui/states";

export type TotalKind = "aum" | "held_away";
const TITLES: Record<TotalKind, string> = { aum: "Assets with us", held_away: "Held away" };

/** What adds up to a total: its parts with their dates, and what was left out and why. */
export function TotalsDrawer({
  householdId,
  knownAt,
  kind,
  onClose,
}: {
  householdId: string;
  knownAt?: string;
  kind: TotalKind;
  onClose: () => void;
}) {
  const totals = useQuery(totalsQuery(householdId, knownAt));
  const parts = totals.data?.parts.filter((p) => p.counted_in === kind) ?? [];
  const total = kind === "aum" ? totals.data?.aum_usd : totals.data?.held_away_usd;
  return (
    <Sheet
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={TITLES[kind]}
      description={
        kind === "aum" ? "Linked accounts, in US dollars." : "Accounts entered by hand, in US dollars."
      }
    >
      <div className="flex flex-col gap-6 p-5">
        {totals.isPending && (
          <Loading>
            <SkeletonCard />
          </Loading>
        )}
        {totals.isError && <ErrorState error={totals.error} onRetry={() => void totals.refetch()} />}
        {totals.data && (
          <>
            <Parts parts={parts} total={total ?? "0"} label={TITLES[kind]} />
            {totals.data.left_out.length > 0 && (
              <section aria-labelledby="left-out">
                <h3 id="left-out" className="display text-lg">
                  Left out
                </h3>
                <ul className="mt-1">
                  {totals.data.left_out.map((l) => (
                    <li key={`${l.account_id}${l.reason}`} className="flex gap-4 border-t border-line py-2.5">
                      <div className="min-w-0 flex-1">
                        <p className="font-medium">{l.name}</p>
                        <p className="text-sm text-ink-2">{sentence(l.reason)}</p>
                      </div>
                      {l.amount && (
                        <p className="num text-ink-2">{moneyExact(l.amount, l.currency ?? "USD")}</p>
                      )}
                    </li>
                  ))}
                </ul>
              </section>
            )}
          </>
        )}
      </div>
    </Sheet>
  );
}

function Parts({ parts, total, label }: { parts: TotalsPart[]; total: string; label: string }) {
  return (
    <table className="w-full" aria-label={`Parts of ${label}`}>
      <thead className="text-left text-xs text-ink-3">
        <tr>
          <th scope="col" className="pb-1.5 font-medium">
            Account
          </th>
          <th scope="col" className="pb-1.5 pl-3 font-medium whitespace-nowrap">
            As of
          </th>
          <th scope="col" className="pb-1.5 pl-3 text-right font-medium">
            Amount
          </th>
        </tr>
      </thead>
      <tbody>
        {parts.map((part) => (
          <tr key={part.account_id} className="border-t border-line align-top">
            <th scope="row" className="py-2.5 text-left font-normal">
              <span className="font-medium">{part.name}</span>
              <span className="block text-xs text-ink-3">
                {[part.registration, part.custodian].filter(Boolean).join(", ")}
              </span>
            </th>
            <td className="num py-2.5 pl-3 text-sm whitespace-nowrap text-ink-2">
              {part.as_of ? date(part.as_of) : "Unknown"}
            </td>
            <td className="num py-2.5 pl-3 text-right">{moneyExact(part.amount, part.currency)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr className="border-t-2 border-line-2">
          <th scope="row" colSpan={2} className="py-3 text-left font-medium">
            {parts.length === 0 ? "No account counts towards it" : "Total"}
          </th>
          <td className="num py-3 text-right font-medium">{moneyExact(total)}</td>
        </tr>
      </tfoot>
    </table>
  );
}
