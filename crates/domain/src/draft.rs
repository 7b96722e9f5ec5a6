//! Drafts: what somebody is writing and has not saved. Their own, and no client fact yet.

use uuid::Uuid;

use crate::facts::note::Privacy;
use crate::ids::{DraftId, HouseholdId, NoteId};
use crate::text::DraftBody;
use crate::time::Ts;

/// A draft of a note.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Draft {
    /// Identifier.
    pub id: DraftId,
    /// The household.
    pub household_id: HouseholdId,
    /// The note that is being rewritten; empty for a new one.
    pub note_id: Option<NoteId>,
    /// Its text so far.
    pub body: String,
    /// Who shall read the note.
    pub privacy: Privacy,
    /// The version of the note that the writer began with.
    pub base_version: Option<i32>,
    /// The window that wrote last.
    pub written_in: Uuid,
    /// How often that window has written.
    pub turn: i64,
    /// Raised by one with every writing.
    pub version: i32,
    /// When it was last written.
    pub updated_at: Ts,
}

/// Keeps a draft as it is now.
#[derive(Debug, Clone, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftWrite {
    /// The note that is being rewritten; left out for a new one.
    pub note_id: Option<NoteId>,
    /// Its text so far.
    pub body: DraftBody,
    /// Who shall read the note.
    #[serde(default)]
    pub privacy: Privacy,
    /// The version of the note that the writer began with.
    pub base_version: Option<i32>,
    /// The version of the draft that this window saw last; left out when it saw none.
    pub seen: Option<i32>,
    /// A UUID that this window made up for itself, so that it is not taken for another.
    pub written_in: Uuid,
    /// Counts what this window sends, so that a late request does not overwrite a newer one.
    #[schema(value_type = i64, minimum = 0, maximum = 4_294_967_295_i64)]
    pub turn: u32,
}
