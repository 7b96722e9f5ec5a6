import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { totalsQuery } from "@/api/queries/households";
import type { Totals } from "@/api/types";
import { date } from "@/lib/dates";
import { isZero, moneyExact } from "@/lib/money";
import { sentence } from "@/lib/words";
import { Sheet } from "@/ui/overlay";
import { Failure, Loading, SkeletonCard } from "@/ui/states";

export type TotalKind = "aum" | "held_away" | "liabilities" | "net";
const TITLES: Record<TotalKind, [title: string, about: string]> = {
  aum: ["Assets with us", "Linked accounts, in US dollars."],
  held_away: ["Held away", "Accounts entered by hand, in US dollars."],
  liabilities: ["Liabilities", "What is owed, in US dollars."],
  net: ["Net worth", "What is recorded as owned, less what is owed, in US dollars."],
};

/** One line of a sum. */
interface Line {
  id: string;
  name: string;
  about?: string;
  asOf: string | null;
  /** Null for a sum of sums, which has no day of its own. */
  amount: string;
  currency?: string;
}
interface Gap {
  id: string;
  name: string;
  reason: string;
  amount: string | null;
  currency: string | null;
}
interface Sum {
  lines: Line[];
  total: string;
  gaps: Gap[];
  /** Said where there is no line. */
  empty: string;
}

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
  const [title, about] = TITLES[kind];
  return (
    <Sheet open wide onOpenChange={(open) => !open && onClose()} title={title} description={about}>
      <div className="flex flex-col gap-6 p-5">
        {totals.isPending && (
          <Loading>
            <SkeletonCard />
          </Loading>
        )}
        <Failure of={totals} />
        {totals.data && <Parts label={title} sum={sumOf(totals.data, kind)} />}
      </div>
    </Sheet>
  );
}

function sumOf(totals: Totals, kind: TotalKind): Sum {
  const accountGaps = totals.left_out.map((l) => ({ ...l, id: `${l.account_id}${l.reason}` }));
  const debtGaps = totals.debts.flatMap((d) =>
    d.left_out ? [{ ...d, id: d.liability_id, reason: d.left_out }] : [],
  );
  if (kind === "net") {
    const line = (id: string, name: string, amount: string): Line => ({ id, name, amount, asOf: null });
    const lines = [
      line("aum", "Assets with us", totals.aum_usd),
      line("held", "Held away", totals.held_away_usd),
      line("owed", "Liabilities", negative(totals.liabilities_usd)),
    ];
    return {
      lines,
      total: totals.net_usd,
      gaps: [...accountGaps, ...debtGaps],
      empty: "Nothing is recorded",
    };
  }
  if (kind === "liabilities") {
    const counted = totals.debts.filter((d) => !d.left_out);
    const lines = counted.map((d) => ({
      id: d.liability_id,
      name: d.name,
      about: d.lender ?? undefined,
      asOf: d.as_of,
      amount: d.amount ?? "0",
      currency: d.currency,
    }));
    return { lines, total: totals.liabilities_usd, gaps: debtGaps, empty: "No debt counts towards it" };
  }
  const lines = totals.parts
    .filter((p) => p.counted_in === kind)
    .map((p) => ({
      id: p.account_id,
      name: p.name,
      about: [p.registration, p.custodian].filter(Boolean).join(", "),
      asOf: p.as_of,
      amount: p.amount,
      currency: p.currency,
    }));
  const total = kind === "aum" ? totals.aum_usd : totals.held_away_usd;
  return { lines, total, gaps: accountGaps, empty: "No account counts towards it" };
}

const negative = (amount: string) => (isZero(amount) ? amount : `-${amount}`);

function Parts({ label, sum }: { label: string; sum: Sum }) {
  const head = (text: string, className: string): ReactNode => (
    <th scope="col" className={`pb-1.5 font-medium ${className}`}>
      {text}
    </th>
  );
  return (
    <>
      <table className="w-full" aria-label={`Parts of ${label}`}>
        <thead className="text-left text-xs text-ink-3">
          <tr>
            {head("Part", "")}
            {head("As of", "pl-3 whitespace-nowrap")}
            {head("Amount", "pl-3 text-right")}
          </tr>
        </thead>
        <tbody>
          {sum.lines.map((line) => (
            <tr key={line.id} className="border-t border-line align-top">
              <th scope="row" className="py-2.5 text-left font-normal">
                <span className="font-medium">{line.name}</span>
                {line.about && <span className="block text-xs text-ink-3">{line.about}</span>}
              </th>
              <td className="num py-2.5 pl-3 text-sm whitespace-nowrap text-ink-2">
                {line.asOf ? date(line.asOf) : label === "Net worth" ? "" : "Unknown"}
              </td>
              <td className="num py-2.5 pl-3 text-right">{moneyExact(line.amount, line.currency)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="border-t-2 border-line-2">
            <th scope="row" colSpan={2} className="py-3 text-left font-medium">
              {sum.lines.length === 0 ? sum.empty : "Total"}
            </th>
            <td className="num py-3 text-right font-medium">{moneyExact(sum.total)}</td>
          </tr>
        </tfoot>
      </table>
      {sum.gaps.length > 0 && <LeftOut gaps={sum.gaps} />}
    </>
  );
}

function LeftOut({ gaps }: { gaps: Gap[] }) {
  return (
    <section aria-labelledby="left-out">
      <h3 id="left-out" className="display text-lg">
        Left out
      </h3>
      <ul className="mt-1">
        {gaps.map((gap) => (
          <li key={gap.id} className="flex gap-4 border-t border-line py-2.5">
            <div className="min-w-0 flex-1">
              <p className="font-medium">{gap.name}</p>
              <p className="text-sm text-ink-2">{sentence(gap.reason)}</p>
            </div>
            {gap.amount && <p className="num text-ink-2">{moneyExact(gap.amount, gap.currency ?? "USD")}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}
