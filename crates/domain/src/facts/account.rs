//! Account: what a custodian holds for a household; its owners, beneficiaries and dated balances.

use crate::fact::Patch;
use crate::ids::{AccountId, AccountOwnerId, BalanceId, BeneficiaryId, EntityId, HouseholdId, PersonId};
use crate::money::{Money, Percent};
use crate::text::{Currency, Name, Phrase};
use crate::time::Day;
use crate::{fact, words};

words! {
    /// Where the balance comes from, and so whether it counts as assets under management.
    #[derive(Default)]
    AccountSource {
        /// Fed by a custodian; counts as assets under management.
        Linked = "linked",
        /// Entered by hand; counts as held away.
        #[default]
        Manual = "manual",
    }
}

words! {
    /// Who inherits first.
    #[derive(Default)]
    Designation {
        /// Inherits first.
        #[default]
        Primary = "primary",
        /// Inherits when no primary beneficiary does.
        Contingent = "contingent",
    }
}

fact! {
    /// An account.
    Account (AccountId, AccountCreate, AccountChange) in "accounts", household: HouseholdId as |a| Some(a.household_id);
    required {
        /// What the firm calls it.
        name: Name,
    }
    defaulted {
        /// Linked or manual.
        source: AccountSource,
        /// Currency of its balances.
        currency: Currency,
    }
    optional {
        /// Registration, such as Traditional IRA or Joint brokerage.
        registration: Phrase,
        /// Custodian.
        custodian: Phrase,
        /// Day it was opened.
        opened_on: Day,
        /// Day it was closed.
        closed_on: Day,
    }
    sealed {
        /// Account number; shown as its last four characters.
        number: AccountNumber,
    }
}

fact! {
    /// An owner of an account: a person or an entity.
    AccountOwner (AccountOwnerId, AccountOwnerCreate, AccountOwnerChange) in "account_owners", household: HouseholdId as |o| Some(o.household_id);
    fixed {
        /// The account.
        account_id: AccountId,
    }
    linked {
        /// The person who owns it.
        person_id: PersonId,
        /// The entity that owns it.
        entity_id: EntityId,
    }
    optional {
        /// Share in percent.
        share_pct: Percent,
    }
}

fact! {
    /// A beneficiary of an account: a person, an entity, or somebody known by name.
    Beneficiary (BeneficiaryId, BeneficiaryCreate, BeneficiaryChange) in "beneficiaries", household: HouseholdId as |b| Some(b.household_id);
    fixed {
        /// The account.
        account_id: AccountId,
    }
    linked {
        /// The person who inherits.
        person_id: PersonId,
        /// The entity that inherits.
        entity_id: EntityId,
        /// The name of somebody who is not in the book.
        name: Name,
    }
    defaulted {
        /// Primary or contingent.
        designation: Designation,
        /// Whether a share passes down to the beneficiary's own children.
        per_stirpes: bool,
    }
    optional {
        /// Share in percent.
        share_pct: Percent,
    }
}

fact! {
    /// A balance on a day. Without an amount it says that the balance is unknown, which is not zero.
    Balance (BalanceId, BalanceCreate, BalanceChange) in "balances", household: HouseholdId as |b| Some(b.household_id);
    fixed {
        /// The account.
        account_id: AccountId,
    }
    defaulted {
        /// Currency.
        currency: Currency,
    }
    optional {
        /// Amount.
        amount: Money,
        /// The day the amount was true.
        as_of: Day,
    }
}
