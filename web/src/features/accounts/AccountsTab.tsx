import { Landmark, Plus } from "lucide-react";
import type { ReactNode } from "react";
import type { Account } from "@/api/types";
import { useCan } from "@/features/auth";
import { RowMenu, SealedValue, useEditor } from "@/features/edits";
import { date } from "@/lib/dates";
import { moneyExact, percent } from "@/lib/money";
import { Button } from "@/ui/button";
import { Badge } from "@/ui/card";
import { MenuItem } from "@/ui/menu";
import { Empty } from "@/ui/states";
import { accountSpec, balanceSpec, beneficiarySpec, ownerSpec } from "./spec";

/** Linked accounts count as ours; those entered by hand stand apart, because nobody feeds them. */
export function AccountsTab() {
  const { record, canWrite, add } = useEditor();
  const linked = record.accounts.filter((a) => a.source === "linked");
  const manual = record.accounts.filter((a) => a.source === "manual");
  const addButton = canWrite && (
    <Button onClick={() => add(accountSpec)}>
      <Plus />
      Add account
    </Button>
  );
  if (record.accounts.length === 0)
    return (
      <Empty icon={<Landmark aria-hidden />} title="No accounts yet" action={addButton}>
        Add the accounts this family holds elsewhere, with a balance and the day it was true.
      </Empty>
    );
  return (
    <div className="flex flex-col gap-8">
      <Group title="With us" accounts={linked} action={manual.length === 0 ? addButton : null} />
      <Group title="Held away" accounts={manual} action={addButton} />
    </div>
  );
}

function Group({ title, accounts, action }: { title: string; accounts: Account[]; action: ReactNode }) {
  if (accounts.length === 0) return null;
  return (
    <section aria-label={title}>
      <div className="mb-3 flex items-center justify-between">
        <h2 className="display text-lg">{title}</h2>
        {action}
      </div>
      <ul className="grid grid-cols-1 gap-4 @4xl:grid-cols-2">
        {accounts.map((account) => (
          <AccountCard key={account.id} account={account} />
        ))}
      </ul>
    </section>
  );
}

function AccountCard({ account }: { account: Account }) {
  const { add } = useEditor();
  const canReveal = useCan("sensitive.reveal");
  const about = [account.registration, account.custodian].filter(Boolean).join(", ");
  return (
    <li className="rounded-lg border border-line bg-surface p-5 shadow-1" data-testid="account">
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-center gap-x-2 font-medium">
            {account.name} {account.closed_on && <Badge>Closed {date(account.closed_on)}</Badge>}
          </p>
          <p className="text-sm text-ink-2">{about}</p>
          {account.number && (
            <p className="num text-sm text-ink-2">
              <SealedValue
                noun="accounts"
                id={account.id}
                field="number"
                label="Account number"
                of={account.name}
                sealed={account.number}
                allowed={canReveal}
              />
            </p>
          )}
        </div>
        <Balance account={account} />
        <RowMenu spec={accountSpec} row={account} name={account.name}>
          <MenuItem onSelect={() => add(balanceSpec, { account_id: account.id })}>
            <Plus />
            New balance
          </MenuItem>
          <MenuItem onSelect={() => add(ownerSpec, { account_id: account.id })}>
            <Plus />
            Add owner
          </MenuItem>
          <MenuItem onSelect={() => add(beneficiarySpec, { account_id: account.id })}>
            <Plus />
            Add beneficiary
          </MenuItem>
        </RowMenu>
      </div>
      <Holders account={account} />
    </li>
  );
}

function Balance({ account }: { account: Account }) {
  const { balance } = account;
  if (!balance || balance.amount === null) return <p className="text-sm text-ink-3">No balance yet</p>;
  return (
    <div className="text-right">
      <p className="num font-medium">{moneyExact(balance.amount, balance.currency)}</p>
      <p className="text-xs text-ink-3">{balance.as_of ? `as of ${date(balance.as_of)}` : "date unknown"}</p>
    </div>
  );
}

function Holders({ account }: { account: Account }) {
  const { nameOf } = useEditor();
  const who = (row: { person_id: string | null; entity_id: string | null; name?: string | null }) =>
    row.name ?? nameOf(row.person_id ?? row.entity_id ?? "") ?? "Somebody outside this household";
  const share = (pct: string | null) => (pct ? ` ${percent(pct)}` : "");
  return (
    <dl className="mt-4 grid grid-cols-1 gap-x-6 gap-y-3 border-t border-line pt-3 text-sm @2xl:grid-cols-2">
      <div>
        <dt className="eyebrow">Owners</dt>
        {account.owners.length === 0 && <dd className="text-ink-3">Nobody recorded</dd>}
        {account.owners.map((o) => (
          <dd key={o.id} className="flex items-center justify-between gap-2">
            <span className="min-w-0">
              {who(o)}
              <span className="num text-ink-3">{share(o.share_pct)}</span>
            </span>
            <RowMenu spec={ownerSpec} row={o} name={`owner ${who(o)}`} />
          </dd>
        ))}
      </div>
      <div>
        <dt className="eyebrow">Beneficiaries</dt>
        {account.beneficiaries.length === 0 && <dd className="text-ink-3">Nobody recorded</dd>}
        {account.beneficiaries.map((b) => (
          <dd key={b.id} className="flex items-center justify-between gap-2">
            <span className="min-w-0">
              {who(b)}
              <span className="num text-ink-3">{share(b.share_pct)}</span>
              {b.designation === "contingent" && <span className="text-ink-3"> contingent</span>}
              {b.per_stirpes && <span className="text-ink-3">, per stirpes</span>}
            </span>
            <RowMenu spec={beneficiarySpec} row={b} name={`beneficiary ${who(b)}`} />
          </dd>
        ))}
      </div>
    </dl>
  );
}
