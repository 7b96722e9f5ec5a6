//! Reading the stream of edits: history, "why this value?", and taking an edit back.

use magfin_db::edits;
use magfin_db::facts::Stored;
use magfin_db::tenant::{Source, TenantTx};
use magfin_db::with_table;
use magfin_domain::edit::{Edit, EditFilter, FieldConflict};
use magfin_domain::fact::Fact;
use magfin_domain::facts::household::Household;
use magfin_domain::ids::{EditId, HouseholdId};
use magfin_domain::role::Permission;
use magfin_domain::sealed::SealedKind;
use magfin_domain::time::Ts;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::facts::{DERIVED, derive, object};
use crate::{App, AppError, Op, columns};

/// The most rows that are hidden with the one that the same request made.
const MOST_PARTS: i64 = 1_000;

/// Where a value came from.
#[derive(Debug, Serialize, ToSchema)]
pub struct Why {
    /// The edit that put the present value there.
    pub edit: Option<Edit>,
    /// Every edit of the field, newest first; the creation of the row last.
    pub trail: Vec<Edit>,
}

fn sealed_fields(table: &str) -> &'static [(&'static str, SealedKind)] {
    macro_rules! of {
        ($row:ty) => {
            <$row as Fact>::SEALED
        };
    }
    with_table!(table, of, &[])
}

fn is_fact(table: &str) -> bool {
    macro_rules! yes {
        ($row:ty) => {
            true
        };
    }
    with_table!(table, yes, false)
}

fn raw(value: &Value) -> Option<Box<RawValue>> {
    serde_json::value::to_raw_value(value).ok()
}

/// Masks what is sealed in an edit.
fn mask(app: &App, firm: Uuid, edit: &mut Edit) {
    for (column, kind) in sealed_fields(&edit.entity) {
        let shown =
            |recorded: &str| Value::String(columns::mask_recorded(&app.key, firm, (&edit.entity, column, *kind), edit.entity_id, recorded));
        let one = |value: &Option<Box<RawValue>>| {
            let text: Option<String> = value.as_ref().and_then(|v| serde_json::from_str(v.get()).ok());
            text.and_then(|t| raw(&shown(&t)))
        };
        if edit.field.as_deref() == Some(column) {
            let (old, new) = (one(&edit.old), one(&edit.new));
            (edit.old, edit.new) = (old, new);
        } else if edit.field.is_none() {
            let row: Option<Map<String, Value>> = edit.new.as_ref().and_then(|v| serde_json::from_str(v.get()).ok());
            if let Some(mut row) = row
                && let Some(Value::String(recorded)) = row.get(*column)
            {
                let value = shown(recorded);
                row.insert((*column).to_owned(), value);
                edit.new = raw(&Value::Object(row));
            }
        }
    }
}

impl Op<'_> {
    fn masked(&self, mut edits: Vec<Edit>) -> Vec<Edit> {
        let firm = self.caller.principal.firm.0;
        edits.iter_mut().for_each(|edit| mask(self.app, firm, edit));
        edits
    }

    /// The part of the history of a household and its people that the filter leaves.
    ///
    /// # Errors
    /// `NotFound` when the household is not yours to see.
    pub async fn history(
        &self,
        household: HouseholdId,
        filter: &EditFilter,
        cursor: Option<EditId>,
        limit: i64,
    ) -> Result<Vec<Edit>, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        Household::find(&mut tx, household.0).await?.ok_or(AppError::NotFound)?;
        Ok(self.masked(edits::of_household(&mut tx, household, filter, cursor, limit).await?))
    }

    /// Why a field has the value it has, or had at a moment.
    ///
    /// # Errors
    /// `NotFound` when the row is not yours to see, or was not known then.
    pub async fn why(&self, entity: &str, id: Uuid, field: &str, at: Option<Ts>) -> Result<Why, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        // Words of an address: whatever is no column's name is not there, and never reaches the database.
        if !field.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') || !is_fact(entity) {
            return Err(AppError::NotFound);
        }
        // That a household moved to another team is told to the team that lost it, and to nobody a second time.
        if entity == Household::TABLE {
            Household::find(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        }
        let trail = self.masked(edits::of_field(&mut tx, entity, id, field, at).await?);
        if trail.is_empty() {
            return Err(AppError::NotFound);
        }
        Ok(Why { edit: trail.first().cloned(), trail })
    }

    /// Takes one edit back: a changed field gets its old value, a created row is hidden with what hangs on it and was made by the
    /// same request. What others did since to the
    /// same field is a conflict; the taking back is itself an edit.
    ///
    /// # Errors
    /// `NotFound`, or `Conflict` with the value that is there now.
    pub async fn undo(&self, id: EditId) -> Result<Edit, AppError> {
        let mut tx = self.write(Permission::BookWrite).await?;
        let edit = edits::find(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        if edit.undone_by.is_some() {
            return Err(AppError::Clash("this change has been undone already".to_owned()));
        }
        tx.set_source(Source::Undo).await?;
        if edit.op == "create" {
            // What one request made is one thing: a household with its first people, a person with their place in it.
            for part in edits::created_with(&mut tx, &edit, MOST_PARTS).await?.into_iter().filter(|part| part.undone_by.is_none()) {
                self.take_back_one(&mut tx, &part).await?;
            }
        }
        self.take_back_one(&mut tx, &edit).await?;
        let made = edits::of_field(&mut tx, &edit.entity, edit.entity_id, edit.field.as_deref().unwrap_or("deleted_at"), None).await?;
        tx.commit().await?;
        self.masked(made).into_iter().next().ok_or(AppError::NotFound)
    }
}

impl Op<'_> {
    /// Takes an edit back within a transaction whose source is the undo. A refusal writes nothing.
    pub(crate) async fn take_back_one(&self, tx: &mut TenantTx, edit: &Edit) -> Result<(), AppError> {
        tx.set_undoes(edit.id).await?;
        macro_rules! run {
            ($row:ty) => {
                take_back::<$row>(tx, edit, self).await
            };
        }
        with_table!(edit.entity.as_str(), run, Err(AppError::NotFound))
    }
}

async fn take_back<F: Stored>(tx: &mut TenantTx, edit: &Edit, op: &Op<'_>) -> Result<(), AppError> {
    let row = F::lock(tx, edit.entity_id).await?.ok_or(AppError::NotFound)?;
    let values = match &edit.field {
        None => json!({"deleted_at": op.app.now()}),
        Some(field) if DERIVED.contains(&field.as_str()) => {
            return Err(AppError::Clash("this follows from another field: undo the change of that".to_owned()));
        }
        Some(field) => {
            let later = edits::since(tx, &edit.entity, edit.entity_id, std::slice::from_ref(field), edit.row_version).await?;
            if let Some(conflict) = later.into_iter().next() {
                return Err(AppError::Conflict { conflicts: vec![shown_conflict::<F>(conflict, edit)], current_version: row.version() });
            }
            let old: Value = edit
                .old
                .as_ref()
                .map_or(Ok(Value::Null), |v| serde_json::from_str(v.get()))
                .map_err(|_| AppError::Internal("edit".to_owned()))?;
            let mut values = json!({ field: old });
            derive(F::TABLE, &mut values, Some(&object(&row)?))?;
            values
        }
    };
    let old = object(&row)?;
    let row = F::update(tx, edit.entity_id, &values).await?;
    op.follow_up(tx, F::TABLE, &old, &object(&row)?).await
}

fn shown_conflict<F: Fact>(mut conflict: FieldConflict, edit: &Edit) -> FieldConflict {
    let sealed = F::SEALED.iter().any(|(column, _)| *column == conflict.field);
    conflict.yours =
        if sealed { json!("•••") } else { edit.old.as_ref().and_then(|v| serde_json::from_str(v.get()).ok()).unwrap_or(Value::Null) };
    if sealed {
        conflict.theirs = json!("•••");
    }
    conflict
}
