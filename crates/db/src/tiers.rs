//! The firm's tiers. A household names its tier in words, so a rename changes the households too.

use magfin_domain::facts::household::Months;
use magfin_domain::ids::TierId;
use magfin_domain::tier::{Tier, TierCreate};
use uuid::Uuid;

use crate::DbError;
use crate::tenant::TenantTx;

/// The tiers in their order, each with how many households of it the acting user sees.
///
/// # Errors
/// When the database cannot be reached.
pub async fn all(tx: &mut TenantTx) -> Result<Vec<Tier>, DbError> {
    Ok(sqlx::query_as!(
        Tier,
        r#"select t.id as "id: _", t.name, t.position, t.review_cadence_months,
             (select count(*) from households h where h.firm_id = t.firm_id and h.tier = t.name and h.deleted_at is null) as "households!"
           from tiers t where t.firm_id = (select sec.firm()) order by t.position, t.name limit 500"#
    )
    .fetch_all(tx.conn())
    .await?)
}

/// One tier.
///
/// # Errors
/// `NotFound`.
pub async fn find(tx: &mut TenantTx, id: TierId) -> Result<Tier, DbError> {
    Ok(sqlx::query_as!(
        Tier,
        r#"select t.id as "id: _", t.name, t.position, t.review_cadence_months,
             (select count(*) from households h where h.firm_id = t.firm_id and h.tier = t.name and h.deleted_at is null) as "households!"
           from tiers t where t.firm_id = (select sec.firm()) and t.id = $1"#,
        id.0
    )
    .fetch_one(tx.conn())
    .await?)
}

/// Words that households use for a tier and that are no tier of the firm, each with how many the acting user sees; at most 100.
///
/// # Errors
/// When the database cannot be reached.
pub async fn unlisted(tx: &mut TenantTx) -> Result<Vec<(String, i64)>, DbError> {
    let rows = sqlx::query!(
        r#"select h.tier as "name!", count(*) as "households!" from households h
           where h.firm_id = (select sec.firm()) and h.deleted_at is null and h.tier is not null
             and not exists (select 1 from tiers t where t.firm_id = h.firm_id and t.name = h.tier)
           group by h.tier order by h.tier limit 100"#
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|r| (r.name, r.households)).collect())
}

/// Adds a tier after the others.
///
/// # Errors
/// `Refused` when there is one of that name, or unless a firm admin acts.
pub async fn insert(tx: &mut TenantTx, id: Uuid, tier: &TierCreate) -> Result<(), DbError> {
    let firm = tx.context().firm.0;
    sqlx::query!(
        "insert into tiers (firm_id, id, name, review_cadence_months, position)
         select $1, $2, $3, $4, 1 + coalesce((select max(position) from tiers where firm_id = $1), 0)",
        firm,
        id,
        tier.name.as_str(),
        tier.review_cadence_months.map(Months::get)
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Sets the months between the reviews of a tier.
///
/// # Errors
/// `NotFound`.
pub async fn set_cadence(tx: &mut TenantTx, id: TierId, months: Option<i32>) -> Result<(), DbError> {
    sqlx::query!("update tiers set review_cadence_months = $2 where firm_id = (select sec.firm()) and id = $1 returning id", id.0, months)
        .fetch_one(tx.conn())
        .await?;
    Ok(())
}

/// Moves a tier to a place among the others, counted from 1.
///
/// # Errors
/// When the database refuses.
pub async fn place(tx: &mut TenantTx, id: TierId, position: i32) -> Result<(), DbError> {
    sqlx::query!(
        "with others as (select id, row_number() over (order by position, name) as n from tiers where firm_id = (select sec.firm()) and id <> $1),
           placed as (select id, n + (n >= $2::int)::int as p from others union all select $1, least($2::int, 1 + (select count(*) from others)))
         update tiers t set position = placed.p::int from placed where t.firm_id = (select sec.firm()) and t.id = placed.id and t.position <> placed.p",
        id.0,
        position
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Names a tier and its households anew, as one change of this request. Answers how many households there were.
///
/// # Errors
/// `NotFound`, or `Refused` when there is a tier of that name.
pub async fn rename(tx: &mut TenantTx, id: TierId, from: &str, to: &str) -> Result<u64, DbError> {
    let request = tx.context().request_id;
    sqlx::query!(
        "update tiers set name = $3, renamed_from = $2, rename_request = $4 where firm_id = (select sec.firm()) and id = $1 and name = $2 returning id",
        id.0,
        from,
        to,
        request
    )
    .fetch_one(tx.conn())
    .await?;
    let done =
        sqlx::query!("update households set tier = $2 where firm_id = (select sec.firm()) and tier = $1 and deleted_at is null", from, to)
            .execute(tx.conn())
            .await?;
    Ok(done.rows_affected())
}

/// Gives the tier that this request named anew its former name back. Answers whether there was one.
///
/// # Errors
/// `Refused` when another tier has that name now.
pub async fn take_back(tx: &mut TenantTx, request: Uuid) -> Result<bool, DbError> {
    let done = sqlx::query!(
        "update tiers set name = renamed_from, renamed_from = null, rename_request = null
         where firm_id = (select sec.firm()) and rename_request = $1",
        request
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Removes a tier.
///
/// # Errors
/// `NotFound`.
pub async fn remove(tx: &mut TenantTx, id: TierId) -> Result<(), DbError> {
    let done = sqlx::query!("delete from tiers where firm_id = (select sec.firm()) and id = $1", id.0).execute(tx.conn()).await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(DbError::NotFound) }
}
