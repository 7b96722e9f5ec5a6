//! The same change to many households, as one transaction and one thing to undo.

use magfin_db::tenant::{Source, TenantTx};
use magfin_db::{edits, households, tiers};
use magfin_domain::edit::Edit;
use magfin_domain::fact::Patch;
use magfin_domain::facts::household::{Household, HouseholdChange, Months};
use magfin_domain::ids::{EditId, HouseholdId, TeamId};
use magfin_domain::role::Permission;
use magfin_domain::text::{Label, Tag};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::facts::{DERIVED, object};
use crate::{AppError, Op};

/// The most households of one change.
pub const MOST_HOUSEHOLDS: usize = 1_000;
/// The most tags that a household has.
const MOST_TAGS: usize = 50;
/// The most lines that are shown of one.
const MOST_LINES: usize = 200;
/// The most edits of a request that are taken back at once.
const MOST_EDITS: i64 = 20_000;

/// What is changed.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkChange {
    /// The tier; `null` for none.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Label>)]
    pub tier: Patch<Option<Label>>,
    /// The team that sees the household: one of the caller's.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = TeamId)]
    pub team_id: Patch<TeamId>,
    /// Months between reviews; `null` for none.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Months>)]
    pub review_cadence_months: Patch<Option<Months>>,
    /// Tags that are added where they are missing.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub add_tags: Vec<Tag>,
    /// Tags that are taken off.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub remove_tags: Vec<Tag>,
}

/// One field of one household.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkLine {
    /// The household.
    pub id: HouseholdId,
    /// Its name.
    pub name: String,
    /// The field.
    pub field: String,
    /// The value before.
    pub old: Value,
    /// The value after.
    pub new: Value,
}

/// What a change does, or would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkResult {
    /// Households that were named.
    pub households: usize,
    /// Those that change.
    pub changed: usize,
    /// Those that have these values already.
    pub unchanged: usize,
    /// The first 200 fields that change.
    pub lines: Vec<BulkLine>,
    /// Names the change, for undoing it as a whole.
    pub request_id: Uuid,
}

/// An edit that was not taken back.
#[derive(Debug, Serialize, ToSchema)]
pub struct Kept {
    /// The edit.
    pub edit_id: EditId,
    /// Why it stays.
    pub reason: String,
}

/// What an undo of a request did.
#[derive(Debug, Serialize, ToSchema)]
pub struct Undone {
    /// Edits that were taken back.
    pub undone: usize,
    /// Edits that stay, each with the reason.
    pub kept: Vec<Kept>,
}

impl Op<'_> {
    /// Makes the same change to these households, all or none. A dry run says what would change and writes nothing.
    ///
    /// # Errors
    /// `NotFound` when one of them, or the team, is not the caller's to see; `Invalid` for more than 1,000.
    pub async fn change_many(&self, ids: &[HouseholdId], change: &BulkChange, dry_run: bool) -> Result<BulkResult, AppError> {
        if ids.is_empty() || ids.len() > MOST_HOUSEHOLDS {
            return Err(AppError::field("/ids", format!("must name 1 to {MOST_HOUSEHOLDS} households, this names {}", ids.len())));
        }
        for (field, tags) in [("/change/add_tags", &change.add_tags), ("/change/remove_tags", &change.remove_tags)] {
            if tags.len() > MOST_TAGS {
                return Err(AppError::field(field, format!("must have at most {MOST_TAGS} tags")));
            }
        }
        let mut tx = self.write(Permission::BookWrite).await?;
        let mut wanted: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let rows = households::lock_many(&mut tx, &wanted).await?;
        if rows.len() != wanted.len() {
            return Err(AppError::NotFound);
        }
        let mut result =
            BulkResult { households: rows.len(), changed: 0, unchanged: 0, lines: Vec::new(), request_id: self.caller.request_id };
        let mut changed = Vec::new();
        for row in &rows {
            if let Some(after) = change_one(row, change, &mut result.lines)? {
                changed.push(after);
            }
        }
        result.changed = changed.len();
        result.unchanged = rows.len() - changed.len();
        result.lines.truncate(MOST_LINES);
        // Also for a dry run, which is then not kept: what the database would refuse is refused before it is asked for.
        if !changed.is_empty() {
            households::update_many(&mut tx, &Value::Array(changed)).await?;
        }
        if !dry_run {
            tx.commit().await?;
        }
        Ok(result)
    }

    /// Takes back everything that one of the caller's own requests changed, in one transaction. What somebody changed
    /// since stays, and is listed. What follows from another field goes with that one and is in neither number.
    ///
    /// # Errors
    /// `NotFound` when the caller made no such request, or nothing of it is left to take back.
    pub async fn undo_request(&self, request: Uuid) -> Result<Undone, AppError> {
        let mut tx = self.write(Permission::BookWrite).await?;
        let found = edits::of_request(&mut tx, request, MOST_EDITS).await?;
        // A tier that was named anew goes back with its households.
        let tier = tiers::take_back(&mut tx, request).await?;
        if found.is_empty() && !tier {
            return Err(AppError::NotFound);
        }
        tx.set_source(Source::Undo).await?;
        let mut result = Undone { undone: 0, kept: Vec::new() };
        // A number in E.164 goes back with the text that it was read from.
        let derived = |edit: &Edit| edit.field.as_deref().is_some_and(|field| DERIVED.contains(&field));
        for edit in found.into_iter().filter(|edit| !derived(edit)) {
            match self.take_back_if_possible(&mut tx, &edit).await? {
                None => result.undone += 1,
                Some(reason) => result.kept.push(Kept { edit_id: edit.id, reason }),
            }
        }
        tx.commit().await?;
        Ok(result)
    }

    /// Takes an edit back, or answers why it stays; nothing of it is done then, and the transaction goes on.
    async fn take_back_if_possible(&self, tx: &mut TenantTx, edit: &Edit) -> Result<Option<String>, AppError> {
        if edit.undone_by.is_some() {
            return Ok(Some("it has been undone already".to_owned()));
        }
        tx.savepoint().await?;
        let reason = match self.take_back_one(tx, edit).await {
            Ok(()) => {
                tx.keep_savepoint().await?;
                return Ok(None);
            }
            Err(AppError::Conflict { conflicts, .. }) => {
                format!("{} changed it since", conflicts.first().map_or("somebody", |c| c.changed_by.as_str()))
            }
            Err(AppError::Clash(reason)) => reason,
            Err(error @ AppError::Invalid(_)) => error.to_string(),
            Err(error) => return Err(error),
        };
        tx.to_savepoint().await?;
        Ok(Some(reason))
    }
}

/// The columns that a change of many may set.
const COLUMNS: [&str; 4] = ["tier", "team_id", "review_cadence_months", "tags"];

/// What one household is changed to, as a row of these columns; `None` when it has these values already.
fn change_one(row: &Household, change: &BulkChange, lines: &mut Vec<BulkLine>) -> Result<Option<Value>, AppError> {
    let before = object(row)?;
    let mut wanted = object(change)?;
    if let Some(fields) = wanted.as_object_mut() {
        fields.retain(|field, _| COLUMNS.contains(&field.as_str()));
    }
    if !change.add_tags.is_empty() || !change.remove_tags.is_empty() {
        let mut tags: Vec<Tag> = row.tags.0.iter().filter(|t| !change.remove_tags.contains(t)).cloned().collect();
        for tag in &change.add_tags {
            if !tags.contains(tag) {
                tags.push(tag.clone());
            }
        }
        wanted["tags"] = json!(tags);
    }
    let mut values = serde_json::Map::new();
    for (field, new) in wanted.as_object().into_iter().flatten() {
        if before[field] != *new {
            lines.push(BulkLine {
                id: row.id,
                name: row.name.as_str().to_owned(),
                field: field.clone(),
                old: before[field].clone(),
                new: new.clone(),
            });
            values.insert(field.clone(), new.clone());
        }
    }
    if values.is_empty() {
        return Ok(None);
    }
    // Read as the change of one household is, so that the same limits hold.
    let mut body = values.clone();
    body.insert("version".to_owned(), json!(row.version));
    serde_json::from_value::<HouseholdChange>(Value::Object(body))
        .map_err(|error| AppError::field("/change", format!("{}: {error}", row.name.as_str())))?;
    let mut after = json!({ "id": row.id });
    for column in COLUMNS {
        after[column] = values.get(column).unwrap_or(&before[column]).clone();
    }
    Ok(Some(after))
}
