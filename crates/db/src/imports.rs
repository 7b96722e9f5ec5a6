//! Imports: the run, what became of its source rows, and taking a run back.

use magfin_domain::ids::ImportId;
use magfin_domain::time::Ts;
use serde_json::Value;
use uuid::Uuid;

use crate::DbError;
use crate::tenant::TenantTx;

/// Makes the summaries of these households again, after a bulk write that deferred them.
///
/// # Errors
/// When the database cannot be reached.
pub async fn refresh(tx: &mut TenantTx, households: &[Uuid]) -> Result<(), DbError> {
    sqlx::query!("select sec.refresh_summaries($1)", households).execute(tx.conn()).await?;
    Ok(())
}

/// Starts a run.
///
/// # Errors
/// `Refused` unless a firm admin acts.
pub async fn start(tx: &mut TenantTx, kind: &str, label: &str) -> Result<ImportId, DbError> {
    let user = tx.context().user.0;
    let id = sqlx::query_scalar!("insert into imports (kind, user_id, label) values ($1, $2, $3) returning id", kind, user, label).fetch_one(tx.conn()).await?;
    Ok(id.into())
}

/// Ends a run with its report.
///
/// # Errors
/// When the database cannot be reached.
pub async fn finish(tx: &mut TenantTx, id: ImportId, report: &Value, now: Ts) -> Result<(), DbError> {
    sqlx::query!("update imports set finished_at = $2, report = $3 where firm_id = (select sec.firm()) and id = $1", id.0, now as Ts, report)
        .execute(tx.conn())
        .await?;
    Ok(())
}
