//! Saved views of the list of households.

use magfin_domain::fact::Patch;
use magfin_domain::ids::ViewId;
use magfin_domain::view::{View, ViewChange, ViewCreate};
use uuid::Uuid;

use crate::DbError;
use crate::tenant::TenantTx;

macro_rules! views {
    ($rest:literal $(, $arg:expr)*) => {
        sqlx::query_as!(
            View,
            r#"select v.id as "id: _", v.name, v.scope as "scope: _", v.team_id as "team_id: _", v.user_id as "owner_id: _", u.name as owner_name,
               v.user_id = (select sec.actor()) as "mine!", v.pinned, v.query, v.version,
                 coalesce(v.id = (select p.default_view_id from profiles p where p.firm_id = v.firm_id and p.user_id = (select sec.actor())), false)
                   as "is_default!"
               from saved_views v join users u on u.firm_id = v.firm_id and u.id = v.user_id
               where v.firm_id = (select sec.firm()) "# + $rest
            $(, $arg)*
        )
    };
}

/// The views that the acting user sees: pinned ones first, then by name; at most 500.
///
/// # Errors
/// When the database cannot be reached.
pub async fn all(tx: &mut TenantTx) -> Result<Vec<View>, DbError> {
    Ok(views!("order by v.pinned desc, v.name, v.id limit 500").fetch_all(tx.conn()).await?)
}

/// One view.
///
/// # Errors
/// `NotFound`.
pub async fn find(tx: &mut TenantTx, id: ViewId) -> Result<View, DbError> {
    Ok(views!("and v.id = $1", id.0).fetch_one(tx.conn()).await?)
}

/// Keeps a view of the acting user.
///
/// # Errors
/// When the database refuses: the team is not the user's, or the team does not go with the scope.
pub async fn insert(tx: &mut TenantTx, id: Uuid, view: &ViewCreate) -> Result<(), DbError> {
    let context = *tx.context();
    sqlx::query!(
        "insert into saved_views (firm_id, id, user_id, name, scope, team_id, pinned, query) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        context.firm.0,
        id,
        context.user.0,
        view.name.as_str(),
        view.scope.as_str(),
        view.team_id.map(|t| t.0),
        view.pinned,
        view.query
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Changes a view that has the version named. Answers whether it had.
///
/// # Errors
/// When the database refuses the change.
pub async fn update(tx: &mut TenantTx, id: ViewId, change: &ViewChange) -> Result<bool, DbError> {
    let (sets_team, team) = match change.team_id {
        Patch::Set(team) => (true, team),
        Patch::Keep => (false, None),
    };
    let done = sqlx::query!(
        "update saved_views set name = coalesce($3, name), scope = coalesce($4, scope), team_id = case when $5 then $6 else team_id end,
           pinned = coalesce($7, pinned), query = coalesce($8, query)
         where firm_id = (select sec.firm()) and id = $1 and version = $2",
        id.0,
        change.version,
        change.name.as_ref().map(|n| n.as_str().to_owned()),
        change.scope.map(magfin_domain::view::Scope::as_str),
        sets_team,
        team.map(|t| t.0),
        change.pinned,
        change.query
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes a view.
///
/// # Errors
/// `NotFound` when it is not there, or not the acting user's to remove.
pub async fn remove(tx: &mut TenantTx, id: ViewId) -> Result<(), DbError> {
    let done = sqlx::query!("delete from saved_views where firm_id = (select sec.firm()) and id = $1", id.0).execute(tx.conn()).await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(DbError::NotFound) }
}
