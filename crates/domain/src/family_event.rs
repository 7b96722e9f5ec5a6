//! What happens in a family: divorce, death, somebody leaves, somebody joins.

use crate::facts::membership::MemberRole;
use crate::facts::person::PersonCreate;
use crate::ids::PersonId;
use crate::text::{Name, Reason};
use crate::time::Day;
use crate::words;

words! {
    /// What happened.
    FamilyEventKind {
        /// Somebody leaves the household, such as a grown child.
        Left = "left",
        /// Somebody joins it.
        Joined = "joined",
        /// A spouse leaves it by divorce.
        Divorce = "divorce",
        /// Somebody has died.
        Death = "death",
    }
}

/// Something that happened in a family. It changes several rows, is recorded as one request and undone as one.
#[derive(Debug, Clone, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FamilyEvent {
    /// What happened.
    pub event: FamilyEventKind,
    /// The day on which it happened; tomorrow at the latest.
    pub on: Day,
    /// Whom it concerns. Somebody who joins is either named here or described in `new_person`.
    pub person_id: Option<PersonId>,
    /// Who joins, when the book does not know them yet.
    pub new_person: Option<PersonCreate>,
    /// What somebody who joins is in the household; `other` unless said otherwise.
    pub role: Option<MemberRole>,
    /// The name of a household to open for whoever leaves, with them as its primary contact.
    pub new_household: Option<Name>,
    /// Why, or where it is written; kept with every edit.
    pub reason: Option<Reason>,
}

impl FamilyEvent {
    /// The reason that the edits carry.
    #[must_use]
    pub fn told(&self) -> String {
        let what = match self.event {
            FamilyEventKind::Left => "Left the household",
            FamilyEventKind::Joined => "Joined the household",
            FamilyEventKind::Divorce => "Divorce",
            FamilyEventKind::Death => "Death",
        };
        let on = self.on.date();
        self.reason.as_ref().map_or_else(|| format!("{what} on {on}"), |why| format!("{what} on {on}: {}", why.as_str()))
    }
}
