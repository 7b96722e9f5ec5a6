//! Professional: an accountant, attorney, agent or trusted contact whom the household relies on.

use crate::fact;
use crate::fact::Patch;
use crate::ids::{HouseholdId, ProfessionalId};
use crate::text::{Contact, Label, Name, Phrase};

fact! {
    /// An outside professional of a household.
    Professional (ProfessionalId, ProfessionalCreate, ProfessionalChange) in "professionals", household: HouseholdId as |p| Some(p.household_id);
    required {
        /// What they do, such as CPA or estate attorney.
        kind: Phrase,
        /// Name.
        name: Name,
    }
    optional {
        /// Where they work.
        organization: Name,
        /// E-mail address.
        email: Contact,
        /// Telephone number.
        phone: Label,
    }
}
