//! What a dry run tells, line by line: rows that were not simply imported, households that are made or changed.

use std::collections::HashMap;

use magfin_db::tenant::TenantTx;
use magfin_db::upload_lines::{self, Changed, Line, Made};
use magfin_db::uploads;
use magfin_domain::fact::Fact;
use magfin_domain::facts::account::Account;
use magfin_domain::facts::entity::Entity;
use magfin_domain::facts::person::Person;
use magfin_domain::ids::{HouseholdId, ImportId, UploadId};
use magfin_domain::role::Permission;
use magfin_legacy::notice::{Asked, Notice};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{AppError, Op};

/// Households that are looked at together.
const PAGE: i64 = 500;
/// Changed fields of one household that are shown; the rest are counted.
const CHANGES: usize = 200;

/// A field that the import sets or changes.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FieldChange {
    /// The table.
    pub entity: String,
    /// The field; empty for a row that is added.
    pub field: Option<String>,
    /// Before.
    pub old: Value,
    /// After.
    pub new: Value,
}

/// A field that may be corrected.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Correctable {
    /// Path within the row.
    pub path: String,
    /// What is there now.
    pub value: Value,
}

/// What was decided about a row.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Decided {
    /// The row is left out.
    pub leave_out: bool,
    /// New values by path.
    #[schema(value_type = Object)]
    pub values: Value,
    /// Who decided.
    pub by: String,
}

/// One line of a dry run.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadLine {
    /// Its number, which orders the lines.
    pub number: i32,
    /// `households`, `patches`, `accounts`, `notes`, `tasks`, `open_loops`, `profiles` or `advisors`.
    pub section: String,
    /// `refused`, `merged`, `unread`, `unmapped`, `created`, `changed` or `kept`.
    pub fate: String,
    /// Why.
    pub reason: String,
    /// Where the row stands in the source.
    pub place: String,
    /// Its id there.
    pub id: Option<String>,
    /// The household: its name, or what the row calls it.
    pub household: Option<String>,
    /// The household in the book, where it is there already.
    pub household_id: Option<HouseholdId>,
    /// What may be corrected.
    pub correctable: Vec<Correctable>,
    /// The row as it stands in the source, where it is small; what is sealed in the book is masked.
    #[schema(value_type = Object, nullable)]
    pub row: Option<Value>,
    /// Fields that are set or changed.
    pub changes: Vec<FieldChange>,
    /// Changes beyond those.
    pub more_changes: usize,
    /// What was decided about it.
    pub decided: Option<Decided>,
}

/// Which lines.
#[derive(Debug, Clone, Default)]
pub struct LineFilter {
    /// Of this section.
    pub section: Option<String>,
    /// Of this fate.
    pub fate: Option<String>,
    /// Of this reason.
    pub reason: Option<String>,
    /// After this number.
    pub after: Option<i32>,
}

/// What is sealed of a line.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Body {
    place: String,
    id: Option<String>,
    household: Option<String>,
    household_id: Option<HouseholdId>,
    correctable: Vec<Correctable>,
    row: Option<Value>,
    changes: Vec<FieldChange>,
    more_changes: usize,
}

/// A line before it is sealed.
pub(super) struct Told {
    section: String,
    fate: String,
    reason: String,
    body: Body,
}

impl From<Notice> for Told {
    fn from(notice: Notice) -> Self {
        let Notice { section, fate, reason, place, id, household, asked, row } = notice;
        let correctable = asked.into_iter().map(|Asked { path, value }| Correctable { path, value }).collect();
        Self { section, fate: fate.as_str().to_owned(), reason, body: Body { place, id, household, correctable, row, ..Body::default() } }
    }
}

fn change(entity: &str, field: &str, new: Value) -> FieldChange {
    FieldChange { entity: entity.to_owned(), field: Some(field.to_owned()), old: Value::Null, new }
}

/// A household that the import makes, with what it will hold.
fn made(made: Made) -> Told {
    let Made { id: _, row, team, people, address, deleted, linked, manual, counts } = made;
    let mut changes: Vec<FieldChange> = Vec::new();
    for (field, value) in row.as_object().into_iter().flatten() {
        if !value.is_null() && *value != json!([]) {
            changes.push(change("households", field, value.clone()));
        }
    }
    changes.push(change("households", "team", json!(team)));
    for person in people.as_array().into_iter().flatten() {
        changes.push(change("people", person[1].as_str().unwrap_or("other"), person[0].clone()));
    }
    if let Some(address) = address.filter(|address| !address.is_empty()) {
        changes.push(change("contact_points", "address", json!(address)));
    }
    for (noun, count) in ["accounts", "notes", "tasks", "open_loops"].into_iter().zip(counts).filter(|(_, count)| *count > 0) {
        changes.push(change(noun, "count", json!(count)));
    }
    for (field, amount) in [("linked_usd", linked), ("held_away_usd", manual)].into_iter().filter(|(_, amount)| !amount.is_zero()) {
        changes.push(change("accounts", field, json!(magfin_legacy::money::to_text(amount))));
    }
    let household = row["name"].as_str().map(str::to_owned);
    let reason = if deleted { "hidden_by_the_source" } else { "new" };
    let body = Body { household, changes, ..Body::default() };
    Told { section: "households".to_owned(), fate: "created".to_owned(), reason: reason.to_owned(), body }
}

impl Op<'_> {
    /// What the import of this transaction makes and changes, household by household.
    pub(super) async fn difference(&self, tx: &mut TenantTx, import: ImportId, watch: &mut super::run::Watch<'_>) -> Result<(), AppError> {
        let mut after = Uuid::nil();
        loop {
            let page = upload_lines::made(tx, import, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.id;
            watch.lines(page.into_iter().map(made).collect()).await?;
        }
        let mut told: Vec<Told> = Vec::new();
        let mut at: HashMap<Uuid, usize> = HashMap::new();
        for changed in upload_lines::changed(tx, import).await? {
            let place = *at.entry(changed.household_id).or_insert_with(|| {
                let body = Body {
                    household: Some(changed.household.clone()),
                    household_id: Some(HouseholdId(changed.household_id)),
                    ..Body::default()
                };
                told.push(Told { section: "households".to_owned(), fate: "changed".to_owned(), reason: "source_changed".to_owned(), body });
                told.len() - 1
            });
            let Some(line) = told.get_mut(place) else { continue };
            if line.body.changes.len() < CHANGES {
                line.body.changes.push(self.changed(changed));
            } else {
                line.body.more_changes += 1;
            }
        }
        watch.lines(told).await
    }

    /// A changed field as it may be shown.
    fn changed(&self, changed: Changed) -> FieldChange {
        let Changed { entity, entity_id, field, old, new, .. } = changed;
        let sealed = field.as_deref().and_then(|field| {
            let all = [(Person::TABLE, Person::SEALED), (Account::TABLE, Account::SEALED), (Entity::TABLE, Entity::SEALED)];
            all.iter().filter(|(table, _)| *table == entity).find_map(|(table, columns)| {
                columns.iter().find(|(column, _)| *column == field).map(|(column, kind)| (*table, *column, *kind))
            })
        });
        let shown = |value: Option<Value>| match (value, sealed) {
            (Some(Value::String(recorded)), Some(place)) => {
                json!(crate::columns::mask_recorded(&self.app.key, self.caller.principal.firm.0, place, entity_id, &recorded))
            }
            // A row that is added is told of by its kind; the row itself holds more than fits a line.
            (Some(_), None) if field.is_none() => Value::Null,
            (value, _) => value.unwrap_or(Value::Null),
        };
        let (old, new) = (shown(old), shown(new));
        FieldChange { entity, field, old, new }
    }

    /// Seals lines.
    pub(super) fn sealed_lines(&self, id: UploadId, first: i32, told: Vec<Told>) -> Result<Vec<Line>, AppError> {
        let seal = |(number, told): (i32, Told)| {
            let Told { section, fate, reason, body } = told;
            let plain = serde_json::to_vec(&body).map_err(|_| AppError::Internal("line".to_owned()))?;
            let sealed = self.seal_bytes(id, "upload_rows", &number.to_string(), &plain)?;
            Ok(Line { number, section, fate, reason, sealed })
        };
        (first..).zip(told).map(seal).collect()
    }

    /// Lines of the last dry run, in order.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn upload_lines(&self, id: UploadId, filter: &LineFilter, limit: i64) -> Result<Vec<UploadLine>, AppError> {
        let mut tx = self.read(Permission::ImportRun).await?;
        let stored = uploads::find(&mut tx, id).await?;
        let decisions = self.decisions(&stored)?;
        let which = (filter.section.as_deref(), filter.fate.as_deref(), filter.reason.as_deref());
        let lines = upload_lines::lines(&mut tx, id, which, filter.after.unwrap_or(-1), limit).await?;
        let show = |line: Line| {
            let Line { number, section, fate, reason, sealed } = line;
            let plain = self.open_bytes(id, "upload_rows", &number.to_string(), &sealed)?;
            let body: Body = serde_json::from_slice(&plain).map_err(|_| AppError::Internal("line".to_owned()))?;
            let decided =
                decisions.rows.get(&body.place).map(|d| Decided { leave_out: d.leave_out, values: json!(d.set), by: d.by.clone() });
            let Body { place, id, household, household_id, correctable, row, changes, more_changes } = body;
            Ok(UploadLine {
                number,
                section,
                fate,
                reason,
                place,
                id,
                household,
                household_id,
                correctable,
                row,
                changes,
                more_changes,
                decided,
            })
        };
        lines.into_iter().map(show).collect()
    }
}
