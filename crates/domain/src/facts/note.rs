//! Note: what somebody wrote down about a household.

use crate::fact;
use crate::fact::Patch;
use crate::ids::{HouseholdId, NoteId, UserId};
use crate::text::Markdown;
use crate::time::Ts;

fact! {
    /// A note.
    Note (NoteId, NoteCreate, NoteChange) in "notes", household: HouseholdId as |n| Some(n.household_id);
    required {
        /// Markdown.
        body: Markdown,
    }
    defaulted {
        /// Kept on top.
        pinned: bool,
    }
    optional {
        /// Who wrote it; the author of the request unless said otherwise.
        author_id: UserId,
        /// When it happened; now unless said otherwise.
        occurred_at: Ts,
    }
}
