//! Drafts of notes: their writer's alone, and gone when the note is saved.

use magfin_domain::draft::{Draft, DraftWrite};
use magfin_domain::ids::{DraftId, HouseholdId};
use magfin_domain::time::Ts;
use uuid::Uuid;

use crate::DbError;
use crate::tenant::TenantTx;

macro_rules! drafts {
    ($sql:literal $(, $arg:expr)*) => {
        sqlx::query_as!(
            Draft,
            $sql + r#" d.id as "id: _", d.household_id as "household_id: _", d.note_id as "note_id: _", d.body, d.privacy as "privacy: _", d.base_version,
              d.written_in, d.turn, d.version, d.updated_at as "updated_at: _" "#
            $(, $arg)*
        )
    };
    (select $rest:literal $(, $arg:expr)*) => {
        sqlx::query_as!(
            Draft,
            r#"select d.id as "id: _", d.household_id as "household_id: _", d.note_id as "note_id: _", d.body, d.privacy as "privacy: _", d.base_version,
              d.written_in, d.turn, d.version, d.updated_at as "updated_at: _" from drafts d where d.firm_id = (select sec.firm()) "# + $rest
            $(, $arg)*
        )
    };
}

/// The acting user's drafts in a household, the newest first; at most 200.
///
/// # Errors
/// When the database cannot be reached.
pub async fn of_household(tx: &mut TenantTx, household: HouseholdId) -> Result<Vec<Draft>, DbError> {
    Ok(drafts!(select "and d.household_id = $1 order by d.updated_at desc, d.id limit 200", household.0).fetch_all(tx.conn()).await?)
}

/// Keeps a draft, over the one that its window saw. `None`: another window has written since; nothing was changed.
///
/// # Errors
/// `Refused` when the household or the note is not to be seen.
pub async fn put(tx: &mut TenantTx, id: Uuid, household: HouseholdId, draft: &DraftWrite, now: Ts) -> Result<Option<Draft>, DbError> {
    let context = *tx.context();
    let kept = drafts!(
        r#"insert into drafts as d (firm_id, id, user_id, household_id, note_id, body, privacy, base_version, written_in, turn, updated_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
           on conflict on constraint drafts_place_key do update set body = $6, privacy = $7, base_version = $8, written_in = $9, turn = $10,
             updated_at = $11, version = d.version + 1
           where d.version = $12 or (d.written_in = $9 and d.turn < $10)
           returning"#,
        context.firm.0,
        id,
        context.user.0,
        household.0,
        draft.note_id.map(|n| n.0),
        draft.body.as_str(),
        draft.privacy.as_str(),
        draft.base_version,
        draft.written_in,
        i64::from(draft.turn),
        now as Ts,
        draft.seen
    )
    .fetch_optional(tx.conn())
    .await?;
    if kept.is_some() {
        return Ok(kept);
    }
    // A request of this very window that arrives after a newer one has been answered already.
    Ok(drafts!(
        select "and d.household_id = $1 and d.note_id is not distinct from $2 and d.written_in = $3 and d.turn >= $4",
        household.0,
        draft.note_id.map(|n| n.0),
        draft.written_in,
        i64::from(draft.turn)
    )
    .fetch_optional(tx.conn())
    .await?)
}

/// Removes a draft of the acting user.
///
/// # Errors
/// `NotFound`.
pub async fn remove(tx: &mut TenantTx, id: DraftId) -> Result<(), DbError> {
    let done = sqlx::query!("delete from drafts where firm_id = (select sec.firm()) and id = $1", id.0).execute(tx.conn()).await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(DbError::NotFound) }
}
