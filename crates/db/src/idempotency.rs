//! Idempotency keys: a request that is sent twice is done once. What is kept is a hash and the id of the row made.

use uuid::Uuid;

use crate::DbError;
use crate::tenant::TenantTx;

/// What a key says.
#[derive(Debug, PartialEq, Eq)]
pub enum Claim {
    /// First use: go on, then call [`settle`].
    Fresh,
    /// Used before for the same request, which made this row.
    Done(Uuid),
    /// Used before for another request.
    Mismatch,
}

/// Claims `key` for this request of the acting user; a rival with the same key waits for this transaction.
///
/// # Errors
/// When the database cannot be reached.
pub async fn claim(tx: &mut TenantTx, key: &str, request_hash: &[u8], entity: &str) -> Result<Claim, DbError> {
    let (firm, user) = (tx.context().firm.0, tx.context().user.0);
    let fresh = sqlx::query!(
        "insert into idempotency_keys (firm_id, user_id, key, request_hash, entity) values ($1, $2, $3, $4, $5) on conflict do nothing",
        firm,
        user,
        key,
        request_hash,
        entity
    )
    .execute(tx.conn())
    .await?
    .rows_affected();
    if fresh == 1 {
        return Ok(Claim::Fresh);
    }
    let row = sqlx::query!(
        "select request_hash, entity_id from idempotency_keys where firm_id = $1 and user_id = $2 and key = $3",
        firm,
        user,
        key
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(match row.entity_id {
        Some(id) if row.request_hash == request_hash => Claim::Done(id),
        _ => Claim::Mismatch,
    })
}

/// Says which row the claimed request made.
///
/// # Errors
/// When the database cannot be reached.
pub async fn settle(tx: &mut TenantTx, key: &str, row: Uuid) -> Result<(), DbError> {
    let (firm, user) = (tx.context().firm.0, tx.context().user.0);
    sqlx::query!("update idempotency_keys set entity_id = $4 where firm_id = $1 and user_id = $2 and key = $3", firm, user, key, row)
        .execute(tx.conn())
        .await?;
    Ok(())
}
