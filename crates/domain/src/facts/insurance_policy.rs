//! Insurance policy of a household.

use crate::fact::Patch;
use crate::ids::{HouseholdId, InsurancePolicyId, PersonId};
use crate::money::Amount;
use crate::text::{Currency, Name, Phrase};
use crate::time::Day;
use crate::{fact, words};

words! {
    /// How often a premium is paid.
    PremiumPeriod {
        /// Every month.
        Month = "month",
        /// Every quarter.
        Quarter = "quarter",
        /// Every year.
        Year = "year",
        /// Once.
        Single = "single",
    }
}

fact! {
    /// An insurance policy.
    InsurancePolicy (InsurancePolicyId, InsurancePolicyCreate, InsurancePolicyChange) in "insurance_policies", household: HouseholdId as |p| Some(p.household_id);
    required {
        /// Kind, such as term life or umbrella.
        kind: Phrase,
    }
    defaulted {
        /// Currency.
        currency: Currency,
    }
    optional {
        /// Carrier.
        carrier: Name,
        /// The person insured.
        insured_person_id: PersonId,
        /// Coverage.
        coverage: Amount,
        /// Premium.
        premium: Amount,
        /// How often the premium is paid.
        premium_period: PremiumPeriod,
        /// Day it lapses.
        expires_on: Day,
    }
}
