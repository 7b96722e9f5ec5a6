//! Notifications: told to one user in the transaction that gives the reason, and read by them alone.

use magfin_domain::facts::note::Note;
use magfin_domain::ids::{HouseholdId, NotificationId, UserId};
use magfin_domain::notification::{MayMention, Notification};
use magfin_domain::role::Role;
use magfin_domain::time::Ts;
use uuid::Uuid;

use crate::DbError;
use crate::tenant::TenantTx;

/// A colleague whom a note mentions.
#[derive(Debug, Clone)]
pub struct Mentioned {
    /// Who.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Option<Role>,
    /// Whether they may see the household.
    pub sees: bool,
}

/// Everybody who may see a household, by name; at most 1,000. Not the user of the command line, who is nobody.
///
/// # Errors
/// When the database cannot be reached.
pub async fn colleagues(tx: &mut TenantTx, household: HouseholdId) -> Result<Vec<MayMention>, DbError> {
    let rows = sqlx::query!(
        "select u.id, u.name, u.role from users u where u.firm_id = (select sec.firm()) and u.active and u.email <> 'operator@magfin.invalid'
           and sec.may_see(u.id, $1) order by u.name, u.id limit 1000",
        household.0
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().filter_map(|r| Some(MayMention { id: r.id.into(), name: r.name, role: Role::parse(&r.role)? })).collect())
}

/// Those of these users whom the firm has, and whether each may see the household.
///
/// # Errors
/// When the database cannot be reached.
pub async fn mentioned(tx: &mut TenantTx, household: HouseholdId, users: &[UserId]) -> Result<Vec<Mentioned>, DbError> {
    let ids: Vec<Uuid> = users.iter().map(|u| u.0).collect();
    let rows = sqlx::query!(
        r#"select u.id, u.name, u.role, sec.may_see(u.id, $1) as "sees!" from users u where u.firm_id = (select sec.firm()) and u.id = any ($2)"#,
        household.0,
        &ids
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|r| Mentioned { id: r.id.into(), name: r.name, role: Role::parse(&r.role), sees: r.sees }).collect())
}

/// Tells a user that a note mentions them, once a note.
///
/// # Errors
/// When the database refuses: they may not see the household.
pub async fn tell_mention(tx: &mut TenantTx, id: Uuid, user: UserId, note: &Note, now: Ts) -> Result<(), DbError> {
    let context = *tx.context();
    sqlx::query!(
        "insert into notifications (firm_id, id, user_id, from_id, kind, household_id, entity, entity_id, at)
         values ($1, $2, $3, $4, 'mention', $5, 'notes', $6, $7) on conflict do nothing",
        context.firm.0,
        id,
        user.0,
        context.user.0,
        note.household_id.0,
        note.id.0,
        now as Ts
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// What the acting user was told, the newest first, after `cursor`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list(tx: &mut TenantTx, unread: bool, cursor: Option<NotificationId>, limit: i64) -> Result<Vec<Notification>, DbError> {
    Ok(sqlx::query_as!(
        Notification,
        r#"select t.id as "id: _", t.kind, t.household_id as "household_id: _", h.name as household_name, t.entity, t.entity_id,
           t.from_id as "from_id: _", u.name as from_name, left(n.body, 400) as "excerpt!", t.at as "at: _", t.read_at as "read_at: _"
           from notifications t
           join households h on h.firm_id = t.firm_id and h.id = t.household_id
           join notes n on n.firm_id = t.firm_id and n.id = t.entity_id
           join users u on u.firm_id = t.firm_id and u.id = t.from_id
           where t.firm_id = (select sec.firm()) and t.user_id = (select sec.actor()) and (not $1 or t.read_at is null)
             and ($2::uuid is null or t.id < $2)
           order by t.id desc limit $3"#,
        unread,
        cursor.map(|c| c.0),
        limit
    )
    .fetch_all(tx.conn())
    .await?)
}

/// How many of them are unread; at most 100 are counted.
///
/// # Errors
/// When the database cannot be reached.
pub async fn unread(tx: &mut TenantTx) -> Result<i64, DbError> {
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "n!" from (select 1 from notifications t
           where t.firm_id = (select sec.firm()) and t.user_id = (select sec.actor()) and t.read_at is null limit 100) x"#
    )
    .fetch_one(tx.conn())
    .await?)
}

/// One of them has been read.
///
/// # Errors
/// `NotFound`.
pub async fn read(tx: &mut TenantTx, id: NotificationId, now: Ts) -> Result<(), DbError> {
    let done = sqlx::query!(
        "update notifications set read_at = coalesce(read_at, $2) where firm_id = (select sec.firm()) and id = $1",
        id.0,
        now as Ts
    )
    .execute(tx.conn())
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(DbError::NotFound) }
}

/// All of them have been read.
///
/// # Errors
/// When the database cannot be reached.
pub async fn read_all(tx: &mut TenantTx, now: Ts) -> Result<(), DbError> {
    sqlx::query!("update notifications set read_at = $1 where firm_id = (select sec.firm()) and read_at is null", now as Ts)
        .execute(tx.conn())
        .await?;
    Ok(())
}
