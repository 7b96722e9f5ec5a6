//! What a household holds, opened into its parts. What is left out is listed with the reason, never dropped in silence.

use magfin_domain::facts::account::AccountSource;
use magfin_domain::facts::liability::Liability;
use magfin_domain::ids::{AccountId, LiabilityId};
use magfin_domain::money::Money;
use magfin_domain::text::{Currency, Name, Phrase};
use magfin_domain::time::Day;
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

use crate::record::AccountView;

/// Which total a part counts into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CountedIn {
    /// Assets under management: accounts that a custodian feeds.
    Aum,
    /// Assets held away: accounts entered by hand.
    HeldAway,
}

/// One account in a total.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Part {
    /// The account.
    pub account_id: AccountId,
    /// Its name.
    pub name: Name,
    /// Its registration.
    pub registration: Option<Phrase>,
    /// Its custodian.
    pub custodian: Option<Phrase>,
    /// The amount.
    pub amount: Money,
    /// Its currency.
    pub currency: Currency,
    /// The day the amount was true.
    pub as_of: Option<Day>,
    /// The total it counts into.
    pub counted_in: CountedIn,
}

/// One account that is in no total, and why.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LeftOut {
    /// The account.
    pub account_id: AccountId,
    /// Its name.
    pub name: Name,
    /// The amount, where one is known.
    pub amount: Option<Money>,
    /// Its currency.
    pub currency: Option<Currency>,
    /// Why it is left out.
    pub reason: String,
}

/// One debt in the total, or left out of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Debt {
    /// The liability.
    pub liability_id: LiabilityId,
    /// Its name.
    pub name: Name,
    /// Who lends.
    pub lender: Option<Name>,
    /// What is owed, where it is known.
    pub amount: Option<Money>,
    /// Its currency.
    pub currency: Currency,
    /// The day the amount was true.
    pub as_of: Option<Day>,
    /// Why it is left out; empty for one that counts.
    pub left_out: Option<String>,
}

/// A household's totals in US dollars.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Totals {
    /// Assets under management.
    pub aum_usd: Money,
    /// Assets held away.
    pub held_away_usd: Money,
    /// Debts.
    pub liabilities_usd: Money,
    /// What is owned less what is owed: both kinds of assets without the debts.
    pub net_usd: Money,
    /// The debts, counted or not.
    pub debts: Vec<Debt>,
    /// The oldest day among the amounts counted.
    pub oldest_as_of: Option<Day>,
    /// What is counted.
    pub parts: Vec<Part>,
    /// What is not, with the reason.
    pub left_out: Vec<LeftOut>,
}

/// Adds up a household's accounts and debts.
#[must_use]
pub fn total(accounts: &[AccountView], liabilities: &[Liability]) -> Totals {
    let mut totals = Totals {
        aum_usd: Money(Decimal::ZERO),
        held_away_usd: Money(Decimal::ZERO),
        liabilities_usd: Money(liabilities.iter().filter(|l| l.currency.as_str() == "USD").filter_map(|l| l.balance).map(|b| b.0).sum()),
        net_usd: Money(Decimal::ZERO),
        debts: liabilities.iter().map(debt).collect(),
        oldest_as_of: None,
        parts: Vec::new(),
        left_out: Vec::new(),
    };
    for view in accounts {
        match counted(view) {
            Ok(part) => {
                let sum = if part.counted_in == CountedIn::Aum { &mut totals.aum_usd } else { &mut totals.held_away_usd };
                sum.0 += part.amount.0;
                totals.oldest_as_of = [totals.oldest_as_of, part.as_of].into_iter().flatten().min();
                totals.parts.push(part);
            }
            Err(left_out) => totals.left_out.push(left_out),
        }
    }
    totals.net_usd.0 = totals.aum_usd.0 + totals.held_away_usd.0 - totals.liabilities_usd.0;
    totals
}

fn debt(row: &Liability) -> Debt {
    let left_out = if row.balance.is_none() {
        Some("what is owed is unknown, which is not zero")
    } else if row.currency.as_str() != "USD" {
        Some("other currencies are not added to US dollars")
    } else {
        None
    };
    Debt {
        liability_id: row.id,
        name: row.name.clone(),
        lender: row.lender.clone(),
        amount: row.balance.map(|b| Money(b.0)),
        currency: row.currency.clone(),
        as_of: row.as_of,
        left_out: left_out.map(str::to_owned),
    }
}

fn counted(view: &AccountView) -> Result<Part, LeftOut> {
    let (account, balance) = (&view.account, view.balance.as_ref());
    let out = |reason: &str| LeftOut {
        account_id: account.id,
        name: account.name.clone(),
        amount: balance.and_then(|b| b.amount),
        currency: balance.map(|b| b.currency.clone()),
        reason: reason.to_owned(),
    };
    let balance = balance.ok_or_else(|| out("no balance has been recorded"))?;
    let amount = balance.amount.ok_or_else(|| out("the balance is unknown, which is not zero"))?;
    if account.closed_on.is_some() {
        return Err(out("the account is closed"));
    }
    if balance.currency.as_str() != "USD" {
        return Err(out("other currencies are not added to US dollars"));
    }
    Ok(Part {
        account_id: account.id,
        name: account.name.clone(),
        registration: account.registration.clone(),
        custodian: account.custodian.clone(),
        amount,
        currency: balance.currency.clone(),
        as_of: balance.as_of,
        counted_in: if account.source == AccountSource::Linked { CountedIn::Aum } else { CountedIn::HeldAway },
    })
}
