//! Note: what somebody wrote down about a household.

use crate::fact::Patch;
use crate::ids::{DraftId, HouseholdId, NoteId, UserId};
use crate::text::{Markdown, Query, Reason};
use crate::time::Ts;
use crate::{fact, words};

/// How long a note may be rewritten without a reason, in seconds: 24 hours.
pub const OPEN_S: i64 = 24 * 3600;

words! {
    /// Who may read a note.
    #[derive(Default)]
    Privacy {
        /// Whoever sees the household.
        #[default]
        Team = "team",
        /// Its author and compliance.
        Private = "private",
    }
}

fact! {
    /// A note.
    Note (NoteId, NoteCreate, NoteChange) in "notes", household: HouseholdId as |n| Some(n.household_id);
    required {
        /// Markdown. `@[Name](user:ID)` mentions a colleague, who is told.
        body: Markdown,
    }
    defaulted {
        /// Kept on top.
        pinned: bool,
        /// Who may read it.
        privacy: Privacy,
    }
    optional {
        /// Who wrote it; the author of the request unless said otherwise.
        author_id: UserId,
        /// When it happened; now unless said otherwise.
        occurred_at: Ts,
    }
    beside {
        /// One's own draft that this saves; it is removed with the same stroke.
        draft_id: DraftId,
        /// Why a note is rewritten; needed when it is older than 24 hours, and kept in its history.
        reason: Reason,
    }
}

impl Note {
    /// When it was made, by the clock that made its id (RFC 9562, version 7), in seconds since 1970.
    #[must_use]
    pub fn made_s(&self) -> i64 {
        self.id.0.get_timestamp().and_then(|t| i64::try_from(t.to_unix().0).ok()).unwrap_or_default()
    }
}

/// Which notes of a household.
#[derive(Debug, Clone, Default)]
pub struct NoteFilter {
    /// That hold this text; case and accents do not matter.
    pub text: Option<Query>,
    /// By this author.
    pub author: Option<UserId>,
    /// With this privacy.
    pub privacy: Option<Privacy>,
}
