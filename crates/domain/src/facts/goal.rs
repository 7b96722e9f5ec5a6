//! Goal: what a household wants its money to do.

use crate::fact::Patch;
use crate::ids::{GoalId, HouseholdId};
use crate::money::Amount;
use crate::text::{Currency, Title};
use crate::time::Day;
use crate::{fact, words};

words! {
    /// How a goal stands.
    #[derive(Default)]
    GoalStatus {
        /// Still wanted.
        #[default]
        Open = "open",
        /// Reached.
        Reached = "reached",
        /// No longer wanted.
        Dropped = "dropped",
    }
}

fact! {
    /// A goal.
    Goal (GoalId, GoalCreate, GoalChange) in "goals", household: HouseholdId as |g| Some(g.household_id);
    required {
        /// What is wanted.
        title: Title,
    }
    defaulted {
        /// Currency.
        currency: Currency,
        /// Open, reached or dropped.
        status: GoalStatus,
        /// Place in the list.
        position: i32,
    }
    optional {
        /// By when.
        target_on: Day,
        /// How much it takes.
        amount: Amount,
    }
}
