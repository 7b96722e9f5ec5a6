//! Edits: one recorded change of one field, and what is read from the stream of them.

use serde_json::value::RawValue;

use crate::ids::{EditId, HouseholdId, ImportId, UserId};
use crate::time::Ts;

/// A recorded change. Values are as they were in the database; sealed ones are masked.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct Edit {
    /// Identifier.
    pub id: EditId,
    /// When it was recorded.
    pub at: Ts,
    /// `create` (the whole row is in `new`) or `change` (one field).
    pub op: String,
    /// The table of the row.
    pub entity: String,
    /// The row.
    pub entity_id: uuid::Uuid,
    /// The household it belongs to.
    pub household_id: Option<HouseholdId>,
    /// The field; empty for a created row.
    pub field: Option<String>,
    /// The value before.
    #[schema(value_type = serde_json::Value)]
    pub old: Option<Box<RawValue>>,
    /// The value after.
    #[schema(value_type = serde_json::Value)]
    pub new: Option<Box<RawValue>>,
    /// Who did it.
    pub user_id: UserId,
    /// Their name.
    pub user_name: String,
    /// How: `ui`, `api`, `import`, `undo`, `restore`, `sample` or `system`.
    pub source: String,
    /// The request it came with.
    pub request_id: Option<String>,
    /// The import it came with.
    pub import_id: Option<ImportId>,
    /// The edit that this one took back.
    pub undoes: Option<EditId>,
    /// The edit that took this one back.
    pub undone_by: Option<EditId>,
    /// Why, where somebody said so.
    pub reason: Option<String>,
    /// Where the value came from.
    #[schema(value_type = Object, nullable)]
    pub evidence: Option<Box<RawValue>>,
    /// The version the row had after it.
    pub row_version: i32,
}

/// Two people changed the same field: both values and the other's name.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct FieldConflict {
    /// The field.
    pub field: String,
    /// What this request wants.
    pub yours: serde_json::Value,
    /// What the field holds now.
    pub theirs: serde_json::Value,
    /// Who put it there.
    pub changed_by: String,
    /// When.
    pub changed_at: Ts,
    /// The edit.
    pub edit_id: EditId,
}
