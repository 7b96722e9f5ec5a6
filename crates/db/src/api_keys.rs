//! API keys. Only their hashes are kept.

use magfin_domain::api_key::ApiKey;
use magfin_domain::ids::ApiKeyId;
use magfin_domain::role::Role;
use magfin_domain::time::Ts;
use uuid::Uuid;

use crate::DbError;
use crate::directory::role;
use crate::tenant::TenantTx;

/// Keeps the hash of an API key of the acting user.
///
/// # Errors
/// When the database refuses or cannot be reached.
pub async fn insert(
    tx: &mut TenantTx,
    id: Uuid,
    label: &str,
    role: Option<Role>,
    token_hash: &[u8; 32],
    now: Ts,
    expires: Option<Ts>,
) -> Result<(), DbError> {
    let (firm, user) = (tx.context().firm.0, tx.context().user.0);
    sqlx::query!(
        "insert into api_keys (firm_id, id, user_id, label, role, token_hash, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        firm,
        id,
        user,
        label,
        role.map(Role::as_str),
        &token_hash[..],
        now as Ts,
        expires as Option<Ts>
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The keys that still work: the acting user's own, for a firm admin everybody's; the newest first, at most 500.
///
/// # Errors
/// When the database cannot be reached.
pub async fn all(tx: &mut TenantTx, now: Ts) -> Result<Vec<ApiKey>, DbError> {
    let rows = sqlx::query!(
        r#"select k.id as "id: ApiKeyId", k.label, coalesce(k.role, u.role) as "role!", k.user_id, u.name as user_name,
             k.user_id = (select sec.actor()) as "mine!", k.created_at as "created_at: Ts", k.last_used_at as "last_used_at: Ts",
             k.expires_at as "expires_at: Ts"
           from api_keys k join users u on u.firm_id = k.firm_id and u.id = k.user_id
           where k.firm_id = (select sec.firm()) and k.revoked_at is null and (k.expires_at is null or k.expires_at > $1)
           order by k.created_at desc, k.id limit 500"#,
        now as Ts
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|r| {
            Ok(ApiKey {
                id: r.id,
                label: r.label,
                role: role(&r.role)?,
                user_id: r.user_id.into(),
                user_name: r.user_name,
                mine: r.mine,
                created_at: r.created_at,
                last_used_at: r.last_used_at,
                expires_at: r.expires_at,
            })
        })
        .collect()
}

/// Ends a key: the next request with it finds nobody.
///
/// # Errors
/// `NotFound` when it is not there, not yours, or has ended.
pub async fn revoke(tx: &mut TenantTx, id: ApiKeyId, now: Ts) -> Result<(), DbError> {
    sqlx::query!(
        "update api_keys set revoked_at = $2 where firm_id = (select sec.firm()) and id = $1 and revoked_at is null returning id",
        id.0,
        now as Ts
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(())
}
