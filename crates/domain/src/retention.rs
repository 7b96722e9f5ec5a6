//! How long records are kept, what holds them, and how a household is erased. A class and an erasure need two people; a hold beats
//! every deletion.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::{ErasureId, EventId, HouseholdId, LegalHoldId, RetentionClassId, UserId};
use crate::text::Reason;
use crate::time::{Day, Ts};

/// The kinds of record that a class is about. What a firm knows of its clients is kept for as long as they are that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RetainedRecord {
    /// A household that never became a client.
    Prospect,
    /// A household that is a client no more.
    Former,
}

impl RetainedRecord {
    /// The word in the database and on the wire, which is that of the household's type.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Prospect => "prospect",
            Self::Former => "former",
        }
    }
}

/// How long a kind of record is kept.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RetentionClass {
    /// Identifier.
    pub id: RetentionClassId,
    /// `prospect` or `former`.
    pub record: String,
    /// Whole years after the calendar year of the last entry; 0 lets it go at once.
    pub years: i32,
    /// The rule that it rests on.
    pub basis: String,
    /// Who proposed it.
    pub proposed_by: UserId,
    /// Their name.
    pub proposed_by_name: String,
    /// When.
    pub proposed_at: Ts,
    /// The second person, who approved it; nobody yet for a proposal.
    pub approved_by: Option<UserId>,
    /// Their name.
    pub approved_by_name: Option<String>,
    /// When.
    pub approved_at: Option<Ts>,
    /// Whether this is the class that counts for its record.
    pub counts: bool,
}

/// A class that somebody proposes.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetentionProposal {
    /// What it is about.
    pub record: RetainedRecord,
    /// Whole years, 0 to 100.
    #[schema(minimum = 0, maximum = 100)]
    pub years: i32,
    /// The rule that it rests on, such as "17 CFR 275.204-2(e)(1)".
    pub basis: Reason,
}

/// Something that keeps a household from being deleted.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LegalHold {
    /// Identifier.
    pub id: LegalHoldId,
    /// The household.
    pub household_id: HouseholdId,
    /// Its name; nothing once it was erased.
    pub household_name: Option<String>,
    /// Why.
    pub reason: String,
    /// Who placed it.
    pub placed_by_name: String,
    /// When.
    pub placed_at: Ts,
    /// Who released it; nobody while it holds.
    pub released_by_name: Option<String>,
    /// When.
    pub released_at: Option<Ts>,
    /// Why it was released.
    pub release_reason: Option<String>,
}

/// A household and why something is to be done with it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HouseholdReason {
    /// The household.
    pub household_id: HouseholdId,
    /// Why.
    pub reason: Reason,
}

/// Why something is ended.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndReason {
    /// Why.
    pub reason: Reason,
}

/// An erasure: asked for by one person, carried out when a second one approves.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Erasure {
    /// Identifier.
    pub id: ErasureId,
    /// The household.
    pub household_id: HouseholdId,
    /// Its name; nothing once it was erased.
    pub household_name: Option<String>,
    /// `requested`, `declined` or `done`.
    pub state: String,
    /// Why it was asked for.
    pub reason: String,
    /// Who asked for it.
    pub requested_by: UserId,
    /// Their name.
    pub requested_by_name: Option<String>,
    /// When.
    pub requested_at: Ts,
    /// Who approved or declined it.
    pub decided_by_name: Option<String>,
    /// When.
    pub decided_at: Option<Ts>,
    /// Why it was declined.
    pub decision_reason: Option<String>,
    /// What the log says of it, once it is done.
    pub event_id: Option<EventId>,
    /// From when on it may be carried out; nothing while no class counts for the household's type, or once it is done.
    pub due_on: Option<Day>,
    /// Whether a hold stands in its way.
    pub held: bool,
}
