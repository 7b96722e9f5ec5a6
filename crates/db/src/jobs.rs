//! Background work: enqueued in the transaction that asks for it, claimed by any process under a lease.

use magfin_domain::ids::{FirmId, JobId, UserId};
use magfin_domain::role::Role;
use magfin_domain::time::Ts;
use serde_json::Value;
use uuid::Uuid;

use crate::DbError;
use crate::tenant::{Db, TenantTx};

/// How long a claimed job is its worker's, in seconds, unless it is renewed.
pub const LEASE_S: u64 = 120;

/// A claimed job.
#[derive(Debug, Clone)]
pub struct Job {
    /// The firm it acts for.
    pub firm: FirmId,
    /// Identifier.
    pub id: JobId,
    /// What to do.
    pub kind: String,
    /// Who asked.
    pub user: UserId,
    /// The role they have now.
    pub role: Role,
    /// The request that asked; jobs log under it.
    pub request_id: Uuid,
    /// What it needs to know: ids only.
    pub payload: Value,
    /// Attempts so far, this one included.
    pub attempts: i32,
}

/// Enqueues a job of the acting user.
///
/// # Errors
/// When the database refuses or cannot be reached.
pub async fn enqueue(tx: &mut TenantTx, kind: &str, payload: &Value) -> Result<JobId, DbError> {
    let request = tx.context().request_id.to_string();
    let id = sqlx::query_scalar!("insert into jobs (kind, request_id, payload) values ($1, $2, $3) returning id", kind, request, payload)
        .fetch_one(tx.conn())
        .await?;
    Ok(id.into())
}

/// Enqueues a job of the acting user that is not due before `run_at`.
///
/// # Errors
/// When the database refuses or cannot be reached.
pub async fn enqueue_at(tx: &mut TenantTx, kind: &str, payload: &Value, run_at: Ts) -> Result<JobId, DbError> {
    let request = tx.context().request_id.to_string();
    let id = sqlx::query_scalar!(
        "insert into jobs (kind, request_id, payload, run_at) values ($1, $2, $3, $4) returning id",
        kind,
        request,
        payload,
        run_at as Ts
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(id.into())
}

impl Db {
    /// Claims the next job that is due, for [`LEASE_S`].
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn claim_job(&self, now: Ts) -> Result<Option<Job>, DbError> {
        let row = sqlx::query!(
            r#"select firm_id as "firm!: Uuid", id as "id!: Uuid", kind as "kind!", user_id as "user!: Uuid", role as "role!", request_id,
               payload as "payload!", attempts as "attempts!" from sec.claim_job($1, make_interval(secs => $2))"#,
            now as Ts,
            LEASE_S as f64
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.and_then(|r| {
            Some(Job {
                firm: r.firm.into(),
                id: r.id.into(),
                kind: r.kind,
                user: r.user.into(),
                role: Role::parse(&r.role)?,
                request_id: r.request_id.and_then(|id| id.parse().ok()).unwrap_or(r.id),
                payload: r.payload,
                attempts: r.attempts,
            })
        }))
    }

    /// Holds a claimed job for [`LEASE_S`] from `now`. `false`: the attempt is over, or somebody else has taken the job over.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn renew_job(&self, job: &Job, now: Ts) -> Result<bool, DbError> {
        let held = sqlx::query_scalar!(
            "select sec.renew_job($1, $2, $3, $4, make_interval(secs => $5))",
            job.firm.0,
            job.id.0,
            job.attempts,
            now as Ts,
            LEASE_S as f64
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(held.unwrap_or(false))
    }

    /// Ends an attempt. An error code brings the job back later; after the fifth it is dead. An attempt whose lease ran
    /// out and that somebody else has taken over ends nothing.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn finish_job(&self, job: &Job, now: Ts, error_code: Option<&str>) -> Result<(), DbError> {
        sqlx::query!("select sec.finish_job($1, $2, $3, $4, $5)", job.firm.0, job.id.0, job.attempts, now as Ts, error_code)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
