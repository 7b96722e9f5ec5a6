//! Membership: a person's dated place in a household.

use crate::fact::Patch;
use crate::ids::{HouseholdId, MembershipId, PersonId};
use crate::time::Day;
use crate::{fact, words};

words! {
    /// What a person is in a household.
    #[derive(Default)]
    MemberRole {
        /// The primary contact.
        Primary = "primary",
        /// Spouse or partner.
        Spouse = "spouse",
        /// Child.
        Child = "child",
        /// Trustee.
        Trustee = "trustee",
        /// Somebody else.
        #[default]
        Other = "other",
    }
}

fact! {
    /// A person's place in a household, with the days it began and ended.
    Membership (MembershipId, MembershipCreate, MembershipChange) in "memberships", household: HouseholdId as |m| Some(m.household_id);
    fixed {
        /// The person.
        person_id: PersonId,
    }
    defaulted {
        /// What the person is in the household.
        role: MemberRole,
    }
    optional {
        /// Since when.
        joined_on: Day,
        /// Until when: divorce, death, an adult child leaving.
        left_on: Day,
    }
}
