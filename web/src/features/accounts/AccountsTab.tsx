import { Landmark, Plus } from "lucide-react";
import type { ReactNode } from "react";
import type { Account } from "@/api/types";
import { useCan } from "@/features/auth";
import { RowMenu, rowMark, SealedValue, Told, useEditor, whyRow } from "@/features/edits";
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
  const told = (field: "registration" | "custodian" | "opened_on", text: string | null | undefined) =>
    text && (
      <Told noun="accounts" id={account.id} field={field}>
        {text}
      </Told>
    );
  return (
    <li
      className="rounded-lg border border-line bg-surface p-5 shadow-1 focus-ring"
      data-testid="account"
      {...rowMark(account.id)}
      {...whyRow(account.name)}
    >
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-center gap-x-2 font-medium">
            <Told noun="accounts" id={account.id} field="name">
              {account.name}
            </Told>
            {account.closed_on && (
              <Told noun="accounts" id={account.id} field="closed_on">
                <Badge>Closed {date(account.closed_on)}</Badge>
              </Told>
            )}
          </p>
          <p className="text-sm text-ink-2">
            {told("registration", account.registration)}
            {account.registration && account.custodian && ", "}
            {told("custodian", account.custodian)}
            {account.opened_on && ", "}
            {told("opened_on", account.opened_on && `opened ${date(account.opened_on)}`)}
          </p>
          {account.number && (
            <p className="num text-sm text-ink-2">
              <Told noun="accounts" id={account.id} field="number">
                <SealedValue
                  noun="accounts"
                  id={account.id}
                  field="number"
                  label="Account number"
                  of={account.name}
                  sealed={account.number}
                  allowed={canReveal}
                />
              </Told>
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
      <p className="num font-medium">
        <Told noun="balances" id={balance.id} field="amount">
          {moneyExact(balance.amount, balance.currency)}
        </Told>
      </p>
      <p className="text-xs text-ink-3">
        <Told noun="balances" id={balance.id} field="as_of">
          {balance.as_of ? `as of ${date(balance.as_of)}` : "date unknown"}
        </Told>
      </p>
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
          <dd
            key={o.id}
            className="flex items-center justify-between gap-2 focus-ring"
            {...rowMark(o.id)}
            {...whyRow(who(o))}
          >
            <Told noun="account-owners" id={o.id} field="share_pct">
              {who(o)}
              <span className="num text-ink-3">{share(o.share_pct)}</span>
            </Told>
            <RowMenu spec={ownerSpec} row={o} name={`owner ${who(o)}`} />
          </dd>
        ))}
      </div>
      <div>
        <dt className="eyebrow">Beneficiaries</dt>
        {account.beneficiaries.length === 0 && <dd className="text-ink-3">Nobody recorded</dd>}
        {account.beneficiaries.map((b) => (
          <dd
            key={b.id}
            className="flex items-center justify-between gap-2 focus-ring"
            {...rowMark(b.id)}
            {...whyRow(who(b))}
          >
            <span className="min-w-0">
              <Told noun="beneficiaries" id={b.id} field="share_pct">
                {who(b)}
                <span className="num text-ink-3">{share(b.share_pct)}</span>
              </Told>
              {b.designation === "contingent" && (
                <Told noun="beneficiaries" id={b.id} field="designation" className="text-ink-3">
                  {" "}
                  contingent
                </Told>
              )}
              {b.per_stirpes && (
                <Told noun="beneficiaries" id={b.id} field="per_stirpes" className="text-ink-3">
                  , per stirpes
                </Told>
              )}
            </span>
            <RowMenu spec={beneficiarySpec} row={b} name={`beneficiary ${who(b)}`} />
          </dd>
        ))}
      </div>
    </dl>
  );
}
