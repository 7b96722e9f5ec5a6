//! Teams as a firm admin manages them.

use magfin_domain::directory::Team;
use magfin_domain::ids::{TeamId, UserId};
use uuid::Uuid;

use crate::DbError;
use crate::tenant::TenantTx;

/// Adds a team without members.
///
/// # Errors
/// `Refused` when there is a team of that name, or unless a firm admin acts.
pub async fn insert(tx: &mut TenantTx, id: Uuid, name: &str) -> Result<(), DbError> {
    let firm = tx.context().firm.0;
    sqlx::query!("insert into teams (firm_id, id, name) values ($1, $2, $3)", firm, id, name).execute(tx.conn()).await?;
    Ok(())
}

/// Names a team anew.
///
/// # Errors
/// `NotFound`, or `Refused` when there is a team of that name.
pub async fn rename(tx: &mut TenantTx, id: TeamId, name: &str) -> Result<(), DbError> {
    sqlx::query!("update teams set name = $2 where firm_id = (select sec.firm()) and id = $1 returning id", id.0, name)
        .fetch_one(tx.conn())
        .await?;
    Ok(())
}

/// One team with its members.
///
/// # Errors
/// `NotFound`.
pub async fn find(tx: &mut TenantTx, id: TeamId) -> Result<Team, DbError> {
    let r = sqlx::query!(
        r#"select t.name, array(select m.user_id from team_members m where m.firm_id = t.firm_id and m.team_id = t.id) as "members!: Vec<Uuid>"
           from teams t where t.firm_id = (select sec.firm()) and t.id = $1"#,
        id.0
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(Team { id, name: r.name, member_ids: r.members.into_iter().map(UserId).collect() })
}

/// How many live households each team has, as far as the acting user sees them.
///
/// # Errors
/// When the database cannot be reached.
pub async fn sizes(tx: &mut TenantTx) -> Result<Vec<(TeamId, i64)>, DbError> {
    let rows = sqlx::query!(
        r#"select team_id as "team: TeamId", count(*) as "households!" from households
           where firm_id = (select sec.firm()) and deleted_at is null group by team_id"#
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|r| (r.team, r.households)).collect())
}

/// How many live households a team has, as far as the acting user sees them.
///
/// # Errors
/// When the database cannot be reached.
pub async fn size(tx: &mut TenantTx, id: TeamId) -> Result<i64, DbError> {
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "n!" from households where firm_id = (select sec.firm()) and team_id = $1 and deleted_at is null"#,
        id.0
    )
    .fetch_one(tx.conn())
    .await?)
}

/// Puts a user into a team. Answers whether they were not in it.
///
/// # Errors
/// `Refused` unless a firm admin acts.
pub async fn add_member(tx: &mut TenantTx, team: TeamId, user: UserId) -> Result<bool, DbError> {
    let firm = tx.context().firm.0;
    let done = sqlx::query!(
        "insert into team_members (firm_id, team_id, user_id) values ($1, $2, $3) on conflict do nothing",
        firm,
        team.0,
        user.0
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes a user out of a team. Answers whether they were in it.
///
/// # Errors
/// When the database cannot be reached.
pub async fn remove_member(tx: &mut TenantTx, team: TeamId, user: UserId) -> Result<bool, DbError> {
    let done =
        sqlx::query!("delete from team_members where firm_id = (select sec.firm()) and team_id = $1 and user_id = $2", team.0, user.0)
            .execute(tx.conn())
            .await?;
    Ok(done.rows_affected() == 1)
}
