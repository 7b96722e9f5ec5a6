//! Feedback: written by anybody, read by its writer and by firm admins, decided by them.

use magfin_domain::fact::Patch;
use magfin_domain::feedback::{Feedback, FeedbackChange, FeedbackCreate, FeedbackStatus};
use magfin_domain::ids::FeedbackId;
use magfin_domain::time::Ts;
use uuid::Uuid;

use crate::DbError;
use crate::tenant::TenantTx;

macro_rules! feedback {
    ($rest:literal $(, $arg:expr)*) => {
        sqlx::query_as!(
            Feedback,
            r#"select f.id as "id: _", f.user_id as "user_id: _", u.name as user_name, f.text, f.page, f.request_id, f.status as "status: _",
               f.answer, f.version, f.created_at as "created_at: _"
               from feedback f join users u on u.firm_id = f.firm_id and u.id = f.user_id
               where f.firm_id = (select sec.firm()) "# + $rest
            $(, $arg)*
        )
    };
}

/// The feedback that the acting user may read, the newest first, after `cursor`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list(
    tx: &mut TenantTx,
    status: Option<FeedbackStatus>,
    cursor: Option<FeedbackId>,
    limit: i64,
) -> Result<Vec<Feedback>, DbError> {
    Ok(feedback!(
        "and ($1::text is null or f.status = $1) and ($2::uuid is null or f.id < $2) order by f.id desc limit $3",
        status.map(FeedbackStatus::as_str),
        cursor.map(|c| c.0),
        limit
    )
    .fetch_all(tx.conn())
    .await?)
}

/// One piece of feedback.
///
/// # Errors
/// `NotFound`.
pub async fn find(tx: &mut TenantTx, id: FeedbackId) -> Result<Feedback, DbError> {
    Ok(feedback!("and f.id = $1", id.0).fetch_one(tx.conn()).await?)
}

/// Keeps what the acting user wrote.
///
/// # Errors
/// When the database cannot be reached.
pub async fn insert(tx: &mut TenantTx, id: Uuid, feedback: &FeedbackCreate, now: Ts) -> Result<(), DbError> {
    let context = *tx.context();
    sqlx::query!(
        "insert into feedback (firm_id, id, user_id, text, page, request_id, created_at) values ($1, $2, $3, $4, $5, $6, $7)",
        context.firm.0,
        id,
        context.user.0,
        feedback.text.as_str(),
        feedback.page.as_str(),
        feedback.request_id,
        now as Ts
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Decides about a piece that has the version named. Answers whether it had.
///
/// # Errors
/// When the database refuses the change.
pub async fn update(tx: &mut TenantTx, id: FeedbackId, change: &FeedbackChange) -> Result<bool, DbError> {
    let (answers, answer) = match &change.answer {
        Patch::Set(answer) => (true, answer.as_ref().map(|a| a.as_str().to_owned())),
        Patch::Keep => (false, None),
    };
    let done = sqlx::query!(
        "update feedback set status = coalesce($3, status), answer = case when $4 then $5 else answer end
         where firm_id = (select sec.firm()) and id = $1 and version = $2",
        id.0,
        change.version,
        change.status.map(FeedbackStatus::as_str),
        answers,
        answer
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}
