//! Creating, changing, hiding and bringing back a client fact: once for every noun.

use magfin_db::edits;
use magfin_db::facts::Stored;
use magfin_db::idempotency::{self, Claim};
use magfin_db::tenant::{Source, TenantTx};
use magfin_domain::edit::FieldConflict;
use magfin_domain::fact::Versioned;
use magfin_domain::facts::household::Household;
use magfin_domain::ids::HouseholdId;
use magfin_domain::phone;
use magfin_domain::role::Permission;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{AppError, Op, columns, work};

/// The caller's own name for a request, so that it is done once however often it is sent.
#[derive(Debug, Clone)]
pub struct IdempotencyKey {
    /// The name: 1–200 visible characters.
    pub key: String,
    /// SHA-256 of the request.
    pub request_hash: [u8; 32],
}

impl IdempotencyKey {
    /// A key for a request whose bytes are `request`.
    #[must_use]
    pub fn new(key: String, request: &[u8]) -> Self {
        Self { key, request_hash: magfin_vault::token::sha256(request) }
    }
}

impl Op<'_> {
    /// Creates a fact of a household (or of the firm, where the noun allows it).
    ///
    /// # Errors
    /// `NotFound` when the household, or somebody the row names, is not yours to see; `Clash` for a reused key.
    pub async fn create<F: Stored>(
        &self,
        household: Option<HouseholdId>,
        body: &F::Create,
        key: Option<&IdempotencyKey>,
    ) -> Result<F, AppError> {
        let mut tx = self.write(Permission::BookWrite).await?;
        if let Some(made) = self.claim(&mut tx, F::TABLE, key).await? {
            return self.shown(F::find(&mut tx, made).await?);
        }
        let row = self.insert::<F>(&mut tx, household, object(body)?).await?;
        self.settle(&mut tx, key, row.id()).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Inserts a row within a transaction and masks it.
    pub(crate) async fn insert<F: Stored>(
        &self,
        tx: &mut TenantTx,
        household: Option<HouseholdId>,
        mut values: Value,
    ) -> Result<F, AppError> {
        if let Some(household) = household {
            live(Household::find(tx, household.0).await?)?;
            values["household_id"] = json!(household);
        }
        let id = self.new_id();
        values["id"] = json!(id);
        check_contact(F::TABLE, &values, None)?;
        derive(F::TABLE, &mut values, None)?;
        self.prepare(tx, F::TABLE, &mut values, household, None).await?;
        if F::TABLE == "notes" {
            or_insert(&mut values, "author_id", json!(self.caller.principal.user));
            or_insert(&mut values, "occurred_at", json!(self.app.now()));
        }
        let firm = tx.context().firm.0;
        columns::seal::<F>(&self.app.key, firm, id, &mut values)?;
        let mut row = F::insert(tx, &values).await?;
        columns::mask(self.app, firm, &mut row);
        Ok(row)
    }

    /// Changes the fields that the body names. Changes of others to other fields since are kept; to the same fields
    /// they are a conflict.
    ///
    /// # Errors
    /// `NotFound`, or `Conflict` with both values and the other's name.
    pub async fn change<F: Stored>(&self, id: Uuid, body: &F::Change) -> Result<F, AppError> {
        let mut tx = self.write(Permission::BookWrite).await?;
        let before = live(F::lock(&mut tx, id).await?)?;
        let row = self.change_locked::<F>(&mut tx, before, body).await?;
        tx.commit().await?;
        self.shown(Some(row))
    }

    /// Changes a row that the transaction holds.
    pub(crate) async fn change_locked<F: Stored>(&self, tx: &mut TenantTx, before: F, body: &F::Change) -> Result<F, AppError> {
        let id = before.id();
        let mut values = object(body)?;
        if let Some(map) = values.as_object_mut() {
            map.remove("version");
        }
        let fields: Vec<String> = values.as_object().into_iter().flat_map(|map| map.keys().cloned()).collect();
        if body.version() < 1 {
            return Err(AppError::field("/version", "must be 1 or more: send the version that the row had when it was read"));
        }
        if body.version() > before.version() {
            return Err(AppError::field("/version", format!("is ahead of the row, which has version {}: load it again", before.version())));
        }
        if body.version() < before.version() {
            let fields = work::with_followers(&fields);
            let mut conflicts = edits::since(tx, F::TABLE, id, &fields, body.version()).await?;
            conflicts.retain_mut(|conflict| disagrees::<F>(conflict, &values));
            if !conflicts.is_empty() {
                return Err(AppError::Conflict { conflicts, current_version: before.version() });
            }
        }
        let old = object(&before)?;
        check_contact(F::TABLE, &values, Some(&old))?;
        derive(F::TABLE, &mut values, Some(&old))?;
        self.prepare(tx, F::TABLE, &mut values, before.household_id(), Some(&old)).await?;
        let firm = tx.context().firm.0;
        columns::seal::<F>(&self.app.key, firm, id, &mut values)?;
        let row = if fields.is_empty() { before } else { F::update(tx, id, &values).await? };
        self.follow_up(tx, F::TABLE, &old, &object(&row)?).await?;
        Ok(row)
    }

    /// Hides a row. It stays in the history and can be brought back.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn remove<F: Stored>(&self, id: Uuid) -> Result<(), AppError> {
        let mut tx = self.write(Permission::BookWrite).await?;
        live(F::lock(&mut tx, id).await?)?;
        F::update(&mut tx, id, &json!({"deleted_at": self.app.now()})).await?;
        Ok(tx.commit().await?)
    }

    /// Brings a hidden row back; one that is not hidden stays as it is.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn restore<F: Stored>(&self, id: Uuid) -> Result<F, AppError> {
        let mut tx = self.write(Permission::BookWrite).await?;
        tx.set_source(Source::Restore).await?;
        let mut row = F::lock(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        if row.deleted_at().is_some() {
            row = F::update(&mut tx, id, &json!({"deleted_at": null})).await?;
        }
        tx.commit().await?;
        self.shown(Some(row))
    }

    /// A row as it may be shown: its sealed values masked.
    pub(crate) fn shown<F: Stored>(&self, row: Option<F>) -> Result<F, AppError> {
        let mut row = row.ok_or(AppError::NotFound)?;
        columns::mask(self.app, self.caller.principal.firm.0, &mut row);
        Ok(row)
    }

    pub(crate) async fn claim(&self, tx: &mut TenantTx, table: &str, key: Option<&IdempotencyKey>) -> Result<Option<Uuid>, AppError> {
        let Some(key) = key else { return Ok(None) };
        match idempotency::claim(tx, &key.key, &key.request_hash, table).await? {
            Claim::Fresh => Ok(None),
            Claim::Done(id) => Ok(Some(id)),
            Claim::Mismatch => Err(AppError::Clash("this Idempotency-Key was used for another request: choose a new one".to_owned())),
        }
    }

    pub(crate) async fn settle(&self, tx: &mut TenantTx, key: Option<&IdempotencyKey>, row: Uuid) -> Result<(), AppError> {
        match key {
            Some(key) => Ok(idempotency::settle(tx, &key.key, row).await?),
            None => Ok(()),
        }
    }
}

/// The row, unless it is hidden or not there.
pub(crate) fn live<F: Stored>(row: Option<F>) -> Result<F, AppError> {
    row.filter(|r| r.deleted_at().is_none()).ok_or(AppError::NotFound)
}

pub(crate) fn object(body: &impl serde::Serialize) -> Result<Value, AppError> {
    serde_json::to_value(body).map_err(|_| AppError::Internal("body".to_owned()))
}

fn or_insert(values: &mut Value, field: &str, value: Value) {
    if values.get(field).is_none_or(Value::is_null) {
        values[field] = value;
    }
}

/// Columns that follow from others: those that [`derive`] fills, and what an import keeps beside a row of values that no column holds.
pub(crate) const DERIVED: [&str; 4] = ["e164", "extension", "repeats_on", "extra"];

/// What follows from other fields. From a contact point's text: the number in E.164. A note whose moment is cleared happened when it was
/// written down.
pub(crate) fn derive(table: &str, values: &mut Value, row: Option<&Value>) -> Result<(), AppError> {
    if let ("notes", Some(Value::Null), Some(row)) = (table, values.get("occurred_at"), row) {
        values["occurred_at"] = row["created_at"].clone();
    }
    match table {
        "tasks" => work::derive_task(values, row)?,
        "open_loops" => work::derive_loop(values),
        "contact_points" if kind_of(values, row) == "phone" => {
            if let Some(text) = values.get("value").and_then(Value::as_str) {
                let read = phone::parse(text).number();
                values["e164"] = json!(read.as_ref().map(|p| &p.e164));
                values["extension"] = json!(read.and_then(|p| p.extension));
            }
        }
        _ => {}
    }
    Ok(())
}

fn kind_of(values: &Value, row: Option<&Value>) -> String {
    values.get("kind").or_else(|| row?.get("kind")).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Why somebody's text cannot be a telephone number or an e-mail address. What an import kept as it was found is not asked: it may be
/// brought back by an undo.
fn check_contact(table: &str, values: &Value, row: Option<&Value>) -> Result<(), AppError> {
    if table != "contact_points" {
        return Ok(());
    }
    match (kind_of(values, row).as_str(), values.get("value").and_then(Value::as_str)) {
        ("email", Some(text)) if !text.contains('@') || text.contains(char::is_whitespace) => {
            Err(AppError::field("/value", "must be an e-mail address such as name@example.com"))
        }
        ("phone" | "email", None) if row.is_none() || values.get("value").is_some() => {
            Err(AppError::field("/value", "is needed for a telephone number or e-mail address"))
        }
        _ => Ok(()),
    }
}

/// Whether the other's value differs from ours; fills in ours. Sealed values are not shown to either side.
fn disagrees<F: Stored>(conflict: &mut FieldConflict, values: &Value) -> bool {
    conflict.yours = values.get(&conflict.field).cloned().unwrap_or(Value::Null);
    if F::SEALED.iter().any(|(column, _)| *column == conflict.field) {
        conflict.yours = json!("•••");
        conflict.theirs = json!("•••");
        return true;
    }
    let number = |value: &Value| match value {
        Value::String(text) => text.parse::<rust_decimal::Decimal>().ok(),
        Value::Number(number) => number.to_string().parse().ok(),
        _ => None,
    };
    let moment = |value: &Value| value.as_str().and_then(|text| text.parse::<jiff::Timestamp>().ok());
    // Of two texts neither is a number: the postal codes 02134 and 2134 are two.
    let numbers = conflict.yours.is_number() || conflict.theirs.is_number();
    let same = conflict.yours == conflict.theirs
        || (numbers && number(&conflict.yours).is_some_and(|n| number(&conflict.theirs) == Some(n)))
        || moment(&conflict.yours).is_some_and(|m| moment(&conflict.theirs) == Some(m));
    !same
}

#[cfg(test)]
mod tests {
    use super::{check_contact, derive};
    use serde_json::json;

    #[test]
    fn a_note_whose_moment_is_cleared_happened_when_it_was_written_down() {
        let row = json!({"created_at": "2026-06-12T16:20:00Z", "occurred_at": "2026-01-01T00:00:00Z"});
        let mut values = json!({"occurred_at": null});
        derive("notes", &mut values, Some(&row)).unwrap();
        assert_eq!(values["occurred_at"], row["created_at"]);
        let mut other = json!({"body": "x"});
        derive("notes", &mut other, Some(&row)).unwrap();
        assert_eq!(other, json!({"body": "x"}));
    }

    #[test]
    fn st_7_what_an_import_kept_as_it_was_found_is_refused_when_typed_and_brought_back_by_an_undo() {
        let row = json!({"kind": "email", "value": "ann@example.com"});
        let mut values = json!({"value": "ask the assistant"});
        assert!(check_contact("contact_points", &values, Some(&row)).is_err());
        derive("contact_points", &mut values, Some(&row)).unwrap();
        assert_eq!(values, json!({"value": "ask the assistant"}));
    }
}
