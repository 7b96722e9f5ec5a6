//! Open loop: a promise or a question that nobody has answered yet.

use crate::fact::Patch;
use crate::ids::{HouseholdId, OpenLoopId, UserId};
use crate::text::{Promise, Quote, Reason};
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

words! {
    /// What shows that a loop is closed, or a task done.
    EvidenceKind {
        /// A note of its household.
        Note = "note",
        /// A task of its household.
        Task = "task",
        /// A recorded change of its household.
        Edit = "edit",
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
        /// When to ask again.
        ask_on: Day,
        /// When it was closed; the firm's present day unless said otherwise, and emptied when it is opened again.
        closed_on: Day,
        /// Why it was dropped; needed for that.
        dropped_reason: Reason,
        /// What kind of row shows that it is closed; named together with `evidence_id`.
        evidence_kind: EvidenceKind,
        /// The row that shows it.
        evidence_id: uuid::Uuid,
        /// The words in it that do.
        evidence_quote: Quote,
    }
    derived {
        /// The loop that goes on in its place.
        merged_into_id: OpenLoopId,
    }
}
