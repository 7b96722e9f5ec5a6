//! Events: what happened that is not a change of a fact. Added, never changed.

use magfin_domain::directory::SettingsEvent;
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

/// Adds an event of the acting user, or of nobody where the product acts by itself.
///
/// # Errors
/// When the database refuses or cannot be reached.
pub async fn add(tx: &mut TenantTx, event: Event<'_>) -> Result<(), DbError> {
    let context = *tx.context();
    sqlx::query!(
        "insert into events (firm_id, user_id, kind, household_id, entity, entity_id, detail, request_id) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        context.firm.0,
        Some(context.user.0).filter(|user| !user.is_nil()),
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

/// The latest events of these kinds that the acting user may see, newest first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn latest(tx: &mut TenantTx, kinds: &[String], limit: i64) -> Result<Vec<SettingsEvent>, DbError> {
    Ok(sqlx::query_as!(
        SettingsEvent,
        r#"select e.id, e.at as "at: _", e.user_id as "user_id: _", u.name as "user_name?", e.kind, e.entity, e.entity_id, e.detail
           from events e left join users u on u.firm_id = e.firm_id and u.id = e.user_id
           where e.firm_id = (select sec.firm()) and e.kind = any ($1) order by e.at desc, e.id desc limit $2"#,
        kinds,
        limit
    )
    .fetch_all(tx.conn())
    .await?)
}
