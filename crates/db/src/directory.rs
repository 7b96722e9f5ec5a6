//! The directory of a firm: users, teams and sessions, as colleagues see them and as an import writes them.

use magfin_domain::directory::{Firm, Session, Team, TeamName, User};
use magfin_domain::ids::{SessionId, TeamId, UserId};
use magfin_domain::role::Role;
use magfin_domain::time::Ts;
use magfin_domain::zone::Zone;
use uuid::Uuid;

use crate::DbError;
use crate::tenant::TenantTx;

pub(crate) fn role(name: &str) -> Result<Role, DbError> {
    Role::parse(name).ok_or_else(|| DbError::Internal { code: "role".to_owned(), constraint: None })
}

/// The firm's users by name.
///
/// # Errors
/// When the database cannot be reached.
pub async fn users(tx: &mut TenantTx) -> Result<Vec<User>, DbError> {
    let rows = sqlx::query!("select id, name, email, role, active from users where firm_id = (select sec.firm()) order by name, id")
        .fetch_all(tx.conn())
        .await?;
    rows.into_iter().map(|r| Ok(User { id: r.id.into(), name: r.name, email: r.email, role: role(&r.role)?, active: r.active })).collect()
}

/// One user.
///
/// # Errors
/// `NotFound` when there is no such user in the firm.
pub async fn user(tx: &mut TenantTx, id: UserId) -> Result<User, DbError> {
    let r = sqlx::query!("select id, name, email, role, active from users where firm_id = (select sec.firm()) and id = $1", id.0)
        .fetch_one(tx.conn())
        .await?;
    Ok(User { id: r.id.into(), name: r.name, email: r.email, role: role(&r.role)?, active: r.active })
}

/// The firm and what it has set.
///
/// # Errors
/// `NotFound` outside of a firm.
pub async fn firm(tx: &mut TenantTx) -> Result<Firm, DbError> {
    Ok(sqlx::query_as!(
        Firm,
        r#"select firm_id as "id: _", name, time_zone as "time_zone: _" from firms where firm_id = (select sec.firm())"#
    )
    .fetch_one(tx.conn())
    .await?)
}

/// Sets the firm's time zone.
///
/// # Errors
/// `NotFound` unless a firm admin acts.
pub async fn set_time_zone(tx: &mut TenantTx, zone: &Zone) -> Result<(), DbError> {
    sqlx::query!("update firms set time_zone = $1 where firm_id = (select sec.firm()) returning firm_id", zone.as_str())
        .fetch_one(tx.conn())
        .await?;
    Ok(())
}

/// Names the firm.
///
/// # Errors
/// `NotFound` unless a firm admin acts.
pub async fn set_firm_name(tx: &mut TenantTx, name: &str) -> Result<(), DbError> {
    sqlx::query!("update firms set name = $1 where firm_id = (select sec.firm()) returning firm_id", name).fetch_one(tx.conn()).await?;
    Ok(())
}

/// The firm's teams with their members.
///
/// # Errors
/// When the database cannot be reached.
pub async fn teams(tx: &mut TenantTx) -> Result<Vec<Team>, DbError> {
    let rows = sqlx::query!(
        r#"select t.id, t.name, coalesce(array_agg(m.user_id) filter (where m.user_id is not null), '{}') as "members!"
           from teams t left join team_members m on m.firm_id = t.firm_id and m.team_id = t.id
           where t.firm_id = (select sec.firm()) group by t.firm_id, t.id order by t.name"#
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|r| Team { id: r.id.into(), name: r.name, member_ids: r.members.into_iter().map(UserId).collect() }).collect())
}

/// The teams of a user, by name.
///
/// # Errors
/// When the database cannot be reached.
pub async fn teams_of(tx: &mut TenantTx, user: UserId) -> Result<Vec<TeamName>, DbError> {
    let rows = sqlx::query!(
        "select t.id, t.name from teams t join team_members m on m.firm_id = t.firm_id and m.team_id = t.id
         where t.firm_id = (select sec.firm()) and m.user_id = $1 order by t.name",
        user.0
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|r| TeamName { id: r.id.into(), name: r.name }).collect())
}

/// A user as an import finds them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ensured {
    /// Made just now, or let in again after the revert of the import that had made them.
    Made(UserId),
    /// Made by hand before, and known from now on by the id of the old book.
    Linked(UserId),
    /// Here already.
    Known(UserId),
}

impl Ensured {
    /// Who it is.
    #[must_use]
    pub fn id(self) -> UserId {
        let (Self::Made(id) | Self::Linked(id) | Self::Known(id)) = self;
        id
    }
}

/// The first characters of a name, as many as a column holds.
fn cut(name: &str, most: usize) -> String {
    name.chars().take(most).collect()
}

/// Finds the user with that id of the old book or else with the first of these e-mail addresses, or adds one. An address that somebody
/// else has, in whatever case, makes nobody the same person: the new user gets the next one that is free.
///
/// # Errors
/// `Refused` unless a firm admin acts.
pub async fn ensure_user(
    tx: &mut TenantTx,
    name: &str,
    emails: &[String],
    role: Role,
    legacy_id: Option<&str>,
) -> Result<Ensured, DbError> {
    let firm = tx.context().firm.0;
    if let Some(known) = known_user(tx, legacy_id).await? {
        return Ok(known);
    }
    let linked = sqlx::query_scalar!(
        r#"update users set legacy_id = coalesce(legacy_id, $3) where firm_id = $1 and id = (select id from users where firm_id = $1
           and lower(email) = lower($2) and (legacy_id is null or $3::text is null) order by created_at limit 1) returning id"#,
        firm,
        emails.first(),
        legacy_id
    )
    .fetch_optional(tx.conn())
    .await?;
    if let Some(id) = linked {
        return Ok(Ensured::Linked(id.into()));
    }
    let unknown =
        [legacy_id.map(|id| cut(id, 200)).unwrap_or_default(), Uuid::now_v7().to_string()].map(|name| format!("{name}@unknown.invalid"));
    for email in emails.iter().chain(&unknown).filter(|email| email.chars().count() <= 254) {
        let made = sqlx::query_scalar!(
            "insert into users (firm_id, name, email, role, legacy_id) select $1, $2, lower($3), $4, $5
             where not exists (select from users where firm_id = $1 and lower(email) = lower($3)) returning id",
            firm,
            cut(name, 200),
            email,
            role.as_str(),
            legacy_id
        );
        if let Some(id) = made.fetch_optional(tx.conn()).await? {
            return Ok(Ensured::Made(id.into()));
        }
    }
    Err(DbError::Internal { code: "email".to_owned(), constraint: None })
}

/// The user with that id of the old book. One whom only the revert of an import has shut out may come in again.
async fn known_user(tx: &mut TenantTx, legacy_id: Option<&str>) -> Result<Option<Ensured>, DbError> {
    let known = sqlx::query!(
        r#"select u.id as "id: UserId", not u.active and exists (select from import_refs r join imports i on i.firm_id = r.firm_id and i.id = r.import_id
             where r.firm_id = u.firm_id and r.kind = 'user' and r.row_id = u.id and i.reverted_at is not null) as "shut_out!"
           from users u where u.firm_id = (select sec.firm()) and u.legacy_id = $1 order by u.created_at limit 1"#,
        legacy_id
    );
    let Some(known) = known.fetch_optional(tx.conn()).await? else { return Ok(None) };
    if !known.shut_out {
        return Ok(Some(Ensured::Known(known.id)));
    }
    sqlx::query!(
        "with forgotten as (delete from import_refs where firm_id = (select sec.firm()) and kind = 'user' and row_id = $1)
         update users set active = true where firm_id = (select sec.firm()) and id = $1",
        known.id.0
    )
    .execute(tx.conn())
    .await?;
    Ok(Some(Ensured::Made(known.id)))
}

/// Gives a user another role.
///
/// # Errors
/// `NotFound` when there is no such user or the actor may not.
pub async fn set_role(tx: &mut TenantTx, user: UserId, role: Role) -> Result<(), DbError> {
    sqlx::query!("update users set role = $2 where firm_id = (select sec.firm()) and id = $1 returning id", user.0, role.as_str())
        .fetch_one(tx.conn())
        .await?;
    Ok(())
}

/// Who has an identity.
///
/// # Errors
/// When the database cannot be reached.
pub async fn identity_owner(tx: &mut TenantTx, issuer: &str, subject: &str) -> Result<Option<UserId>, DbError> {
    Ok(sqlx::query_scalar!(
        r#"select user_id as "id: UserId" from identities where firm_id = (select sec.firm()) and issuer = $1 and subject = $2"#,
        issuer,
        subject
    )
    .fetch_optional(tx.conn())
    .await?)
}

/// Adds an identity to a user; the same one again changes nothing.
///
/// # Errors
/// `Refused` when the identity belongs to somebody else, or unless a firm admin acts.
pub async fn ensure_identity(tx: &mut TenantTx, user: UserId, issuer: &str, subject: &str, email: Option<&str>) -> Result<(), DbError> {
    let firm = tx.context().firm.0;
    if identity_owner(tx, issuer, subject).await? == Some(user) {
        return Ok(());
    }
    sqlx::query!(
        "insert into identities (firm_id, user_id, issuer, subject, email) values ($1, $2, $3, $4, $5)",
        firm,
        user.0,
        issuer,
        subject,
        email
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Finds the team with that key, whoever is in it now, or adds one with these members. A name that another team has gets a number.
///
/// # Errors
/// `Refused` unless a firm admin acts.
pub async fn ensure_team(tx: &mut TenantTx, key: &str, name: &str, members: &[UserId]) -> Result<TeamId, DbError> {
    let firm = tx.context().firm.0;
    let known = sqlx::query_scalar!("select id from teams where firm_id = $1 and legacy_key = $2 order by created_at limit 1", firm, key);
    if let Some(id) = known.fetch_optional(tx.conn()).await? {
        return Ok(id.into());
    }
    let mut names = std::iter::once(cut(name, 200)).chain((2_u32..).map(|n| format!("{} ({n})", cut(name, 180))));
    let id = loop {
        let free = sqlx::query_scalar!(
            "insert into teams (firm_id, name, legacy_key) select $1, $2, $3 where not exists (select from teams where firm_id = $1 and name = $2)
             returning id",
            firm,
            names.next(),
            key
        );
        if let Some(id) = free.fetch_optional(tx.conn()).await? {
            break id;
        }
    };
    let members: Vec<Uuid> = members.iter().map(|m| m.0).collect();
    sqlx::query!(
        "insert into team_members (firm_id, team_id, user_id) select $1, $2, m from unnest($3::uuid[]) m on conflict do nothing",
        firm,
        id,
        &members
    )
    .execute(tx.conn())
    .await?;
    Ok(id.into())
}

/// The live sessions of the acting user, newest first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn sessions(tx: &mut TenantTx, current: SessionId, now: Ts) -> Result<Vec<Session>, DbError> {
    let user = tx.context().user.0;
    let rows = sqlx::query!(
        r#"select id, user_id, provider, created_at as "created_at: Ts", last_seen_at as "last_seen_at: Ts", expires_at as "expires_at: Ts",
             authenticated_at as "authenticated_at: Ts"
           from sessions where firm_id = (select sec.firm()) and user_id = $1 and revoked_at is null and expires_at > $2
           order by created_at desc limit 200"#,
        user,
        now as Ts
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Session {
            id: r.id.into(),
            user_id: r.user_id.into(),
            current: r.id == current.0,
            provider: r.provider,
            created_at: r.created_at,
            last_seen_at: r.last_seen_at,
            expires_at: r.expires_at,
            authenticated_at: r.authenticated_at,
        })
        .collect())
}

/// Ends a session at once, everywhere: the next request with its token finds nobody.
///
/// # Errors
/// `NotFound` when it is not there or not yours.
pub async fn revoke_session(tx: &mut TenantTx, id: SessionId, now: Ts) -> Result<(), DbError> {
    sqlx::query!(
        "update sessions set revoked_at = $2 where firm_id = (select sec.firm()) and id = $1 and revoked_at is null returning id",
        id.0,
        now as Ts
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(())
}

/// When the person at this session of the acting user last proved who they are; `None`: long ago, or nobody knows.
///
/// # Errors
/// When the database cannot be reached.
pub async fn authenticated_at(tx: &mut TenantTx, session: SessionId) -> Result<Option<Ts>, DbError> {
    let row = sqlx::query_scalar!(
        r#"select authenticated_at as "at: Ts" from sessions where firm_id = (select sec.firm()) and id = $1 and user_id = (select sec.actor())"#,
        session.0
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.flatten())
}

/// The name of one team.
///
/// # Errors
/// When the database cannot be reached.
pub async fn team_name(tx: &mut TenantTx, id: TeamId) -> Result<Option<TeamName>, DbError> {
    let row =
        sqlx::query!("select id, name from teams where firm_id = (select sec.firm()) and id = $1", id.0).fetch_optional(tx.conn()).await?;
    Ok(row.map(|r| TeamName { id: r.id.into(), name: r.name }))
}
