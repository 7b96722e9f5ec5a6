//! Templates of notes.

use magfin_domain::ids::NoteTemplateId;
use magfin_domain::note_template::{NoteTemplate, NoteTemplateChange, NoteTemplateCreate};
use uuid::Uuid;

use crate::DbError;
use crate::tenant::TenantTx;

/// The firm's templates by name; at most 200.
///
/// # Errors
/// When the database cannot be reached.
pub async fn all(tx: &mut TenantTx) -> Result<Vec<NoteTemplate>, DbError> {
    Ok(sqlx::query_as!(
        NoteTemplate,
        r#"select id as "id: _", name, body, version from note_templates where firm_id = (select sec.firm()) order by name, id limit 200"#
    )
    .fetch_all(tx.conn())
    .await?)
}

/// One template.
///
/// # Errors
/// `NotFound`.
pub async fn find(tx: &mut TenantTx, id: NoteTemplateId) -> Result<NoteTemplate, DbError> {
    Ok(sqlx::query_as!(
        NoteTemplate,
        r#"select id as "id: _", name, body, version from note_templates where firm_id = (select sec.firm()) and id = $1"#,
        id.0
    )
    .fetch_one(tx.conn())
    .await?)
}

/// Adds a template.
///
/// # Errors
/// `Refused` when another has the name.
pub async fn insert(tx: &mut TenantTx, id: Uuid, template: &NoteTemplateCreate) -> Result<(), DbError> {
    let firm = tx.context().firm.0;
    sqlx::query!(
        "insert into note_templates (firm_id, id, name, body) values ($1, $2, $3, $4)",
        firm,
        id,
        template.name.as_str(),
        template.body.as_str()
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Changes a template that has the version named. Answers whether it had.
///
/// # Errors
/// `Refused` when another has the name.
pub async fn update(tx: &mut TenantTx, id: NoteTemplateId, change: &NoteTemplateChange) -> Result<bool, DbError> {
    let done = sqlx::query!(
        "update note_templates set name = coalesce($3, name), body = coalesce($4, body)
         where firm_id = (select sec.firm()) and id = $1 and version = $2",
        id.0,
        change.version,
        change.name.as_ref().map(|n| n.as_str().to_owned()),
        change.body.as_ref().map(|b| b.as_str().to_owned())
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes a template; notes that began with it stay as they are.
///
/// # Errors
/// `NotFound`.
pub async fn remove(tx: &mut TenantTx, id: NoteTemplateId) -> Result<(), DbError> {
    let done = sqlx::query!("delete from note_templates where firm_id = (select sec.firm()) and id = $1", id.0).execute(tx.conn()).await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(DbError::NotFound) }
}
