//! Task: something a colleague has to do, for a household or for the firm.

use crate::fact::Patch;
use crate::facts::open_loop::EvidenceKind;
use crate::ids::{HouseholdId, TaskId, UserId};
use crate::repeat::Repeat;
use crate::text::{Promise, Quote, Title};
use crate::time::{Day, TimeOfDay, Ts};
use crate::{fact, words};

/// How urgent a task is: 1 (first) to 3; 2 unless said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, sqlx::Type, utoipa::ToSchema)]
#[serde(transparent)]
#[sqlx(transparent)]
#[schema(value_type = i32, minimum = 1, maximum = 3)]
pub struct Priority(i32);

impl Priority {
    /// 1 (first) to 3; `None` for any other number.
    #[must_use]
    pub fn new(priority: i32) -> Option<Self> {
        (1..=3).contains(&priority).then_some(Self(priority))
    }
}

impl Default for Priority {
    fn default() -> Self {
        Self(2)
    }
}

impl<'de> serde::Deserialize<'de> for Priority {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::new(i32::deserialize(d)?).ok_or_else(|| serde::de::Error::custom("must be 1, 2 or 3"))
    }
}

words! {
    /// How far an open task has come. That it is done is told by `done_at` alone.
    #[derive(Default)]
    TaskStatus {
        /// Nobody has begun.
        #[default]
        Todo = "todo",
        /// Somebody is at it.
        Doing = "doing",
        /// It goes on when somebody else has answered.
        Waiting = "waiting",
    }
}

words! {
    /// What a task came from.
    TaskSource {
        /// A note of its household.
        Note = "note",
        /// An open loop of its household.
        OpenLoop = "open_loop",
        /// Another task of its household.
        Task = "task",
        /// A recorded change of its household.
        Edit = "edit",
    }
}

fact! {
    /// A task. Without a household it is a task of the firm.
    Task (TaskId, TaskCreate, TaskChange) in "tasks", household: Option<HouseholdId> as |t| t.household_id;
    linked {
        /// What kind of row it came from; named together with `source_id`.
        source_kind: TaskSource,
        /// The row it came from.
        source_id: uuid::Uuid,
    }
    required {
        /// What to do.
        title: Title,
    }
    defaulted {
        /// 1 (first) to 3.
        priority: Priority,
        /// How far it has come while it is open.
        status: TaskStatus,
        /// Whether it is done only with evidence. A task of the firm has no household whose rows could show it.
        needs_evidence: bool,
    }
    optional {
        /// By when.
        due_on: Day,
        /// By what time of that day, in the firm's time zone.
        due_time: TimeOfDay,
        /// Out of sight until that day, on which it comes back by itself.
        snoozed_until: Day,
        /// When its assignee is planned to be reminded of it while it is open; without an assignee everybody of its team who may do it. Not
        /// before the day until which it is put off.
        remind_at: Ts,
        /// The moment to which that reminder was put off, for this task alone: the next one of its rule goes by `remind_at`. Emptied with
        /// another plan.
        remind_again_at: Ts,
        /// The rule by which it is due again once it is done; needs `due_on`.
        repeats: Repeat,
        /// When it was done; empty while it is open.
        done_at: Ts,
        /// Who does it.
        assignee_id: UserId,
        /// What shows that it was done, or how it went.
        outcome: Promise,
        /// What kind of row shows that it was done; named together with `evidence_id`, and emptied when it is opened again.
        evidence_kind: EvidenceKind,
        /// The row that shows it.
        evidence_id: uuid::Uuid,
        /// The words in it that do.
        evidence_quote: Quote,
    }
    derived {
        /// The day of its rule that it stands for, which stays when the task is put off.
        repeats_on: Day,
        /// The task that was done before this one.
        follows_id: TaskId,
    }
}
