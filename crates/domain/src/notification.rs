//! Notifications: what concerns one user in particular. They are there as long as what they tell of may be seen.

use uuid::Uuid;

use crate::ids::{HouseholdId, NotificationId, UserId};
use crate::role::Role;
use crate::time::Ts;

/// Something that a colleague did and that concerns the reader.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct Notification {
    /// Identifier.
    pub id: NotificationId,
    /// `mention`: the reader is named in a note.
    pub kind: String,
    /// The household.
    pub household_id: HouseholdId,
    /// Its name.
    pub household_name: String,
    /// The table of what it is about.
    pub entity: String,
    /// The row.
    pub entity_id: Uuid,
    /// Who did it.
    pub from_id: UserId,
    /// Their name.
    pub from_name: String,
    /// How the note begins, at most 400 characters of Markdown.
    pub excerpt: String,
    /// When.
    pub at: Ts,
    /// When it was read; empty while it is not.
    pub read_at: Option<Ts>,
}

/// Somebody who may see a household.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct MayMention {
    /// Identifier.
    pub id: UserId,
    /// Name.
    pub name: String,
    /// Role in the firm.
    pub role: Role,
}
