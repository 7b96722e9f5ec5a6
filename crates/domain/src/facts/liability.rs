//! Liability: a debt of a household.

use crate::fact;
use crate::fact::Patch;
use crate::ids::{HouseholdId, LiabilityId};
use crate::money::{Amount, Percent};
use crate::text::{Currency, Name, Phrase};
use crate::time::Day;

fact! {
    /// A debt.
    Liability (LiabilityId, LiabilityCreate, LiabilityChange) in "liabilities", household: HouseholdId as |l| Some(l.household_id);
    required {
        /// What the firm calls it.
        name: Name,
    }
    defaulted {
        /// Currency.
        currency: Currency,
    }
    optional {
        /// Kind, such as mortgage.
        kind: Phrase,
        /// Lender.
        lender: Name,
        /// What is owed.
        balance: Amount,
        /// The day the balance was true.
        as_of: Day,
        /// Interest a year, in percent.
        rate_pct: Percent,
        /// Day it is due in full.
        matures_on: Day,
    }
}
