//! Households' keys as rows, wrapped. Must not know what wraps them.

use magfin_domain::brain::KeptKey;
use magfin_domain::ids::{FirmId, HouseholdId};
use magfin_domain::time::Ts;
use uuid::Uuid;

use crate::DbError;
use crate::tenant::{Db, TenantTx};

/// The key under which a household's next version is written, where it has one.
///
/// # Errors
/// When the database cannot be reached.
pub async fn newest_key(tx: &mut TenantTx, household: HouseholdId) -> Result<Option<KeptKey>, DbError> {
    Ok(sqlx::query_as!(
        KeptKey,
        "select id, wrapped_by, wrapped from household_keys where firm_id = (select sec.firm()) and household_id = $1
         order by created_at desc, id desc limit 1",
        household.0
    )
    .fetch_optional(tx.conn())
    .await?)
}

/// Keeps a new key of a household.
///
/// # Errors
/// `Refused` when the household is not the writer's.
pub async fn add_key(tx: &mut TenantTx, household: HouseholdId, key: &KeptKey, at: Ts) -> Result<(), DbError> {
    let firm = tx.context().firm.0;
    sqlx::query!(
        "insert into household_keys (firm_id, id, household_id, wrapped_by, wrapped, created_at) values ($1, $2, $3, $4, $5, $6)",
        firm,
        key.id,
        household.0,
        key.wrapped_by,
        key.wrapped,
        at as Ts
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Keys that another key than `current` wrapped, in the order of their ids after `after`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn wrapped_otherwise(tx: &mut TenantTx, current: &str, after: Uuid, limit: i64) -> Result<Vec<KeptKey>, DbError> {
    Ok(sqlx::query_as!(
        KeptKey,
        "select id, wrapped_by, wrapped from household_keys where firm_id = (select sec.firm()) and wrapped_by <> $1 and id > $2 order by id limit $3",
        current,
        after,
        limit
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Keeps a key as it was wrapped anew, unless somebody did so meanwhile. Answers whether it was kept.
///
/// # Errors
/// When the database cannot be reached.
pub async fn rewrap(tx: &mut TenantTx, before: &KeptKey, after: &KeptKey) -> Result<bool, DbError> {
    let done = sqlx::query!(
        "update household_keys set wrapped_by = $3, wrapped = $4 where firm_id = (select sec.firm()) and id = $1 and wrapped = $2",
        before.id,
        before.wrapped,
        after.wrapped_by,
        after.wrapped
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

impl Db {
    /// Begins a transaction of the keeper of keys: it wraps keys anew, and can do nothing else.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn keeper(&self, firm: FirmId, request_id: Uuid) -> Result<TenantTx, DbError> {
        self.as_itself(firm, "keeper", request_id).await
    }
}
