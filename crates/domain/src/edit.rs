//! Edits: one recorded change of one field, and what is read from the stream of them.

use serde_json::value::RawValue;

use crate::ids::{EditId, HouseholdId, ImportId, UserId};
use crate::time::Ts;
use crate::words;

words! {
    /// How a change came about.
    EditSource {
        /// By a person at the screen.
        Ui = "ui",
        /// By a program with an API key.
        Api = "api",
        /// By an import.
        Import = "import",
        /// By the taking back of another change.
        Undo = "undo",
        /// By the bringing back of a hidden row.
        Restore = "restore",
        /// With the generated sample book.
        Sample = "sample",
        /// By the product itself.
        System = "system",
    }
}

words! {
    /// What a change is about, as the timeline tells it.
    EditKind {
        /// A note.
        Note = "note",
        /// A task.
        Task = "task",
        /// An open loop.
        Loop = "loop",
        /// An account, its owners, beneficiaries and balances.
        Account = "account",
        /// A person, their place in the household and how to reach them.
        Person = "person",
        /// Anything else.
        Change = "change",
    }
}

impl EditKind {
    const NAMED: [(Self, &'static [&'static str]); 5] = [
        (Self::Note, &["notes"]),
        (Self::Task, &["tasks"]),
        (Self::Loop, &["open_loops"]),
        (Self::Account, &["accounts", "account_owners", "beneficiaries", "balances"]),
        (Self::Person, &["people", "memberships", "contact_points"]),
    ];

    /// The tables of this kind, and whether it is every table but these.
    #[must_use]
    pub fn tables(self) -> (Vec<String>, bool) {
        let own = Self::NAMED.iter().find(|(kind, _)| *kind == self);
        let named =
            own.map_or_else(|| Self::NAMED.iter().flat_map(|(_, tables)| tables.iter()).collect::<Vec<_>>(), |(_, t)| t.iter().collect());
        (named.into_iter().map(|t| (*t).to_owned()).collect(), own.is_none())
    }
}

/// Which part of a household's history is asked for.
#[derive(Debug, Clone, Default)]
pub struct EditFilter {
    /// Only by this colleague.
    pub user_id: Option<UserId>,
    /// Only made this way.
    pub source: Option<EditSource>,
    /// Only about this.
    pub kind: Option<EditKind>,
    /// Not before this moment.
    pub from: Option<Ts>,
    /// Not after this moment.
    pub until: Option<Ts>,
    /// The oldest first.
    pub oldest_first: bool,
}

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

#[cfg(test)]
mod tests {
    use super::EditKind;

    #[test]
    fn every_table_is_of_one_kind_and_what_is_not_named_is_another_change() {
        assert_eq!(EditKind::Note.tables(), (vec!["notes".to_owned()], false));
        let (named, but) = EditKind::Change.tables();
        assert!(but && named.contains(&"balances".to_owned()) && !named.contains(&"goals".to_owned()));
    }
}
