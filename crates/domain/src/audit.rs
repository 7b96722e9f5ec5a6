//! The audit log as it is shown: entries, checkpoints, and what a verification found.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ids::{HouseholdId, UserId};
use crate::time::Ts;

/// Which entries.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this user.
    pub user: Option<Uuid>,
    /// Of these kinds; of every kind when there is none.
    pub kinds: Vec<String>,
    /// About this household.
    pub household: Option<Uuid>,
    /// From this moment on.
    pub from: Option<Ts>,
    /// Before this moment.
    pub to: Option<Ts>,
}

impl Filter {
    /// The same entries, with moments that a column can be compared with: nothing happened before 1970 or will after 9000.
    #[must_use]
    pub fn bounded(&self) -> Self {
        let last = jiff::Timestamp::constant(221_845_392_000, 0);
        let bounded = |moment: Ts| Ts(moment.0.clamp(jiff::Timestamp::UNIX_EPOCH, last));
        Self { from: self.from.map(bounded), to: self.to.map(bounded), ..self.clone() }
    }

    /// Whether only events can be meant, of which there are few.
    #[must_use]
    pub fn events_alone(&self) -> bool {
        !self.kinds.is_empty() && self.kinds.iter().all(|kind| !kind.starts_with("edit."))
    }
}

/// One entry: a leaf of the log and the row that it stands for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Entry {
    /// Its place in the log, from 0.
    pub index: i64,
    /// When it happened.
    pub at: Ts,
    /// What happened: `edit.create`, `edit.change`, `edit.hide`, `edit.restore`, or the kind of an event such as `value.revealed`.
    pub kind: String,
    /// Who did it; empty for the product itself.
    pub user_id: Option<UserId>,
    /// Their name.
    pub user_name: Option<String>,
    /// The household it concerns.
    pub household_id: Option<HouseholdId>,
    /// Its name.
    pub household_name: Option<String>,
    /// The table of what it happened to.
    pub entity: Option<String>,
    /// The row of what it happened to.
    pub entity_id: Option<Uuid>,
    /// The field that changed or was revealed.
    pub field: Option<String>,
    /// Why, where somebody said so.
    pub reason: Option<String>,
    /// How an edit came about: `ui`, `api`, `import`, `undo`, `restore`, `sample` or `system`.
    pub source: Option<String>,
    /// The request it came with.
    pub request_id: Option<String>,
}

/// How many entries a day has.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PerDay {
    /// `YYYY-MM-DD`, UTC.
    #[schema(format = Date)]
    pub day: String,
    /// Entries.
    pub entries: i64,
}

/// Where the log stood at a moment, signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CheckpointView {
    /// From 1.
    pub number: i64,
    /// Leaves.
    pub size: i64,
    /// The root of the tree, in base64.
    pub root: String,
    /// When it was signed.
    pub at: Ts,
    /// The verifier key of who signed.
    pub signer: String,
    /// Names of the witnesses that cosigned it.
    pub witnesses: Vec<String>,
    /// The signed note with its cosignatures, as anybody can check it.
    pub note: String,
}

/// What is wrong with a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// A row says something else than its leaf.
    RowChanged,
    /// A leaf has no row any more.
    RowRemoved,
    /// A row has no leaf although the sequencer has passed it by.
    RowAdded,
    /// A leaf is not there.
    LeafRemoved,
    /// A leaf is not the one that is in the tree.
    LeafChanged,
    /// The tree is not the one that was signed.
    RootChanged,
    /// A checkpoint is not signed by the log's key, or does not follow the one before it.
    CheckpointWrong,
    /// A checkpoint is known outside and not here.
    CheckpointRemoved,
    /// The log is shorter than one that is known: the database was set back.
    RolledBack,
    /// The log says something else than one that is known: its history was written and signed again.
    HistoryRewritten,
    /// The log is signed by another key than the one that is known.
    KeyChanged,
    /// The folder outside, with which the log is compared, cannot be read.
    OutsideUnreadable,
    /// Rows wait for the sequencer for longer than they should.
    Behind,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    /// What.
    pub kind: FaultKind,
    /// Which: a leaf, a row, a checkpoint.
    pub place: String,
    /// In plain words.
    pub says: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.place, self.says)
    }
}

/// What a verification did and found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Verification {
    /// Whether nothing is wrong.
    pub good: bool,
    /// When it was done.
    pub at: Ts,
    /// Leaves that were recomputed.
    pub leaves: i64,
    /// Of these, leaves whose row was compared with them; the others' salt was erased.
    pub rows: i64,
    /// Checkpoints whose signature and root were checked.
    pub checkpoints: i64,
    /// Checkpoints from outside that were compared.
    pub outside: i64,
    /// Rows that wait for the sequencer.
    pub waiting: i64,
    /// The last checkpoint.
    pub checkpoint: Option<CheckpointView>,
    /// What is wrong, at most 200.
    pub faults: Vec<Fault>,
    /// What was checked, in plain words.
    pub says: Vec<String>,
}
