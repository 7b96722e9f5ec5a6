//! Who may sign in and how: users as a firm admin manages them, their identities and invitations.

use magfin_domain::directory::{Identity, UserAccess, UserChange, UserCreate};
use magfin_domain::ids::{IdentityId, TeamId, UserId};
use magfin_domain::time::Ts;
use sqlx::types::Json;
use uuid::Uuid;

use crate::DbError;
use crate::directory::role;
use crate::tenant::TenantTx;

/// Every user with the teams, identities and open invitation they have, by name.
///
/// # Errors
/// When the database cannot be reached.
pub async fn access(tx: &mut TenantTx, now: Ts) -> Result<Vec<UserAccess>, DbError> {
    let rows = sqlx::query!(
        r#"select u.id as "id: UserId", u.name, u.email, u.role, u.active,
             array(select m.team_id from team_members m where m.firm_id = u.firm_id and m.user_id = u.id) as "teams!: Vec<Uuid>",
             (select coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'issuer', i.issuer, 'subject', i.subject, 'email', i.email,
                'created_at', to_char(i.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) order by i.created_at), '[]')
              from identities i where i.firm_id = u.firm_id and i.user_id = u.id) as "identities!: Json<Vec<Identity>>",
             (select max(s.last_seen_at) from sessions s where s.firm_id = u.firm_id and s.user_id = u.id) as "last_seen_at: Ts",
             (select max(v.expires_at) from invites v where v.firm_id = u.firm_id and v.user_id = u.id and v.used_at is null
                and v.revoked_at is null and v.expires_at > $1) as "invited_until: Ts"
           from users u where u.firm_id = (select sec.firm()) order by u.active desc, u.name, u.id"#,
        now as Ts
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|r| {
            Ok(UserAccess {
                id: r.id,
                name: r.name,
                email: r.email,
                role: role(&r.role)?,
                active: r.active,
                team_ids: r.teams.into_iter().map(TeamId).collect(),
                identities: r.identities.0,
                last_seen_at: r.last_seen_at,
                invited_until: r.invited_until,
            })
        })
        .collect()
}

/// The identities of the acting user, the oldest first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn own_identities(tx: &mut TenantTx) -> Result<Vec<Identity>, DbError> {
    Ok(sqlx::query_as!(
        Identity,
        r#"select id as "id: _", issuer, subject, email, created_at as "created_at: _" from identities
           where firm_id = (select sec.firm()) and user_id = (select sec.actor()) order by created_at limit 100"#
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Adds a user, who has no way in yet.
///
/// # Errors
/// `Refused` when the e-mail address is another user's, or unless a firm admin acts.
pub async fn insert(tx: &mut TenantTx, id: Uuid, user: &UserCreate) -> Result<(), DbError> {
    let firm = tx.context().firm.0;
    sqlx::query!(
        "insert into users (firm_id, id, name, email, role) values ($1, $2, $3, $4, $5)",
        firm,
        id,
        user.name.as_str(),
        user.email.as_str(),
        user.role.as_str()
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Changes what is named of a user.
///
/// # Errors
/// `NotFound` when there is no such user or the actor may not; `Refused` when the e-mail address is another user's.
pub async fn update(tx: &mut TenantTx, id: UserId, change: &UserChange) -> Result<(), DbError> {
    sqlx::query!(
        "update users set name = coalesce($2, name), email = coalesce($3, email), role = coalesce($4, role), active = coalesce($5, active)
         where firm_id = (select sec.firm()) and id = $1 returning id",
        id.0,
        change.name.as_ref().map(|n| n.as_str().to_owned()),
        change.email.as_ref().map(|e| e.as_str().to_owned()),
        change.role.map(magfin_domain::role::Role::as_str),
        change.active
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(())
}

/// The active firm admins who can sign in, held against other writers, so that of two who take each other's role one waits.
///
/// # Errors
/// When the database cannot be reached.
pub async fn lock_admins(tx: &mut TenantTx) -> Result<Vec<UserId>, DbError> {
    let rows = sqlx::query_scalar!(
        r#"select u.id as "id: UserId" from users u where u.firm_id = (select sec.firm()) and u.role = 'firm_admin' and u.active
           and exists (select 1 from identities i where i.firm_id = u.firm_id and i.user_id = u.id) order by u.id for update of u"#
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows)
}

/// Ends every session, key and invitation of a user.
///
/// # Errors
/// When the database cannot be reached.
pub async fn shut_out(tx: &mut TenantTx, id: UserId, now: Ts) -> Result<(), DbError> {
    sqlx::query!(
        "with s as (update sessions set revoked_at = $2 where firm_id = (select sec.firm()) and user_id = $1 and revoked_at is null),
           k as (update api_keys set revoked_at = $2 where firm_id = (select sec.firm()) and user_id = $1 and revoked_at is null)
         update invites set revoked_at = $2 where firm_id = (select sec.firm()) and user_id = $1 and used_at is null and revoked_at is null",
        id.0,
        now as Ts
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Takes an identity from a user. The sessions that it opened end.
///
/// # Errors
/// `NotFound`.
pub async fn remove_identity(tx: &mut TenantTx, user: UserId, id: IdentityId, now: Ts) -> Result<(), DbError> {
    sqlx::query!(
        "with gone as (delete from identities where firm_id = (select sec.firm()) and id = $2 and user_id = $1 returning issuer)
         update sessions set revoked_at = $3 from gone
         where firm_id = (select sec.firm()) and user_id = $1 and provider = gone.issuer and revoked_at is null",
        user.0,
        id.0,
        now as Ts
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Whether the user has this identity.
///
/// # Errors
/// When the database cannot be reached.
pub async fn has_identity(tx: &mut TenantTx, user: UserId, id: IdentityId) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select 1 from identities where firm_id = (select sec.firm()) and id = $2 and user_id = $1) as "there!""#,
        user.0,
        id.0
    )
    .fetch_one(tx.conn())
    .await?)
}

/// Invites a user; an earlier invitation of theirs that was not used is good no more.
///
/// # Errors
/// `Refused` unless a firm admin acts.
pub async fn invite(tx: &mut TenantTx, user: UserId, token_hash: &[u8; 32], now: Ts, expires: Ts) -> Result<(), DbError> {
    let context = *tx.context();
    sqlx::query!(
        "update invites set revoked_at = $2 where firm_id = (select sec.firm()) and user_id = $1 and used_at is null and revoked_at is null",
        user.0,
        now as Ts
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "insert into invites (firm_id, user_id, token_hash, created_by, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)",
        context.firm.0,
        user.0,
        &token_hash[..],
        context.user.0,
        now as Ts,
        expires as Ts
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Takes back what invitations of a user have not been used.
///
/// # Errors
/// When the database cannot be reached.
pub async fn uninvite(tx: &mut TenantTx, user: UserId, now: Ts) -> Result<(), DbError> {
    sqlx::query!(
        "update invites set revoked_at = $2 where firm_id = (select sec.firm()) and user_id = $1 and used_at is null and revoked_at is null",
        user.0,
        now as Ts
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
