//! Events: what happened that is not a change of a fact. Added, never changed.

use magfin_domain::ids::HouseholdId;
use serde_json::Value;
use uuid::Uuid;

use crate::DbError;
use crate::tenant::TenantTx;

/// Something that happened. `detail` holds ids, counts and reasons, never a client's data.
#[derive(Debug)]
pub struct Event<'a> {
    /// Kind in two words, such as `value.revealed`.
    pub kind: &'a str,
    /// The household concerned.
    pub household: Option<HouseholdId>,
    /// The table and row concerned.
    pub row: Option<(&'a str, Uuid)>,
    /// More, as a JSON object.
    pub detail: Value,
}

/// Adds an event of the acting user.
///
/// # Errors
/// When the database refuses or cannot be reached.
pub async fn add(tx: &mut TenantTx, event: Event<'_>) -> Result<(), DbError> {
    let context = *tx.context();
    sqlx::query!(
        "insert into events (firm_id, user_id, kind, household_id, entity, entity_id, detail, request_id) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        context.firm.0,
        context.user.0,
        event.kind,
        event.household.map(|h| h.0),
        event.row.map(|r| r.0),
        event.row.map(|r| r.1),
        event.detail,
        context.request_id.to_string()
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
