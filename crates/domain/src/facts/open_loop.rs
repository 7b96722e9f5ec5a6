//! Open loop: a promise or a question that nobody has answered yet.

use crate::fact::Patch;
use crate::ids::{HouseholdId, OpenLoopId, UserId};
use crate::text::Promise;
use crate::time::Day;
use crate::{fact, words};

words! {
    /// Who has to act.
    Direction {
        /// The firm.
        WeOwe = "we_owe",
        /// The client.
        ClientOwes = "client_owes",
        /// Somebody else.
        ThirdParty = "third_party",
    }
}

words! {
    /// How a loop stands.
    #[derive(Default)]
    LoopStatus {
        /// Nothing has happened yet.
        #[default]
        Open = "open",
        /// The other side has been asked.
        Waiting = "waiting",
        /// Kept or answered.
        Done = "done",
        /// Given up.
        Dropped = "dropped",
    }
}

fact! {
    /// An open loop.
    OpenLoop (OpenLoopId, OpenLoopCreate, OpenLoopChange) in "open_loops", household: HouseholdId as |l| Some(l.household_id);
    required {
        /// What was promised or asked.
        text: Promise,
        /// Who has to act.
        direction: Direction,
    }
    defaulted {
        /// Open, waiting, done or dropped.
        status: LoopStatus,
    }
    optional {
        /// Who looks after it.
        owner_id: UserId,
        /// Since when.
        opened_on: Day,
        /// By when.
        due_on: Day,
        /// When it was closed.
        closed_on: Day,
    }
}
