//! Task: something a colleague has to do, for a household or for the firm.

use crate::fact;
use crate::fact::Patch;
use crate::ids::{HouseholdId, TaskId, UserId};
use crate::text::Title;
use crate::time::{Day, Ts};

/// How urgent a task is: 1 (first) to 3; 2 unless said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, sqlx::Type, utoipa::ToSchema)]
#[serde(transparent)]
#[sqlx(transparent)]
#[schema(value_type = i32, minimum = 1, maximum = 3)]
pub struct Priority(i32);

impl Default for Priority {
    fn default() -> Self {
        Self(2)
    }
}

impl<'de> serde::Deserialize<'de> for Priority {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let priority = i32::deserialize(d)?;
        if (1..=3).contains(&priority) { Ok(Self(priority)) } else { Err(serde::de::Error::custom("must be 1, 2 or 3")) }
    }
}

fact! {
    /// A task. Without a household it is a task of the firm.
    Task (TaskId, TaskCreate, TaskChange) in "tasks", household: Option<HouseholdId> as |t| t.household_id;
    required {
        /// What to do.
        title: Title,
    }
    defaulted {
        /// 1 (first) to 3.
        priority: Priority,
    }
    optional {
        /// By when.
        due_on: Day,
        /// When it was done; empty while it is open.
        done_at: Ts,
        /// Who does it.
        assignee_id: UserId,
    }
}
