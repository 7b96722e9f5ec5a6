//! What Today asks beside tasks and loops: reviews by their day, and whether there is a book at all.

use magfin_domain::time::Day;
use magfin_domain::work::Review;

use crate::DbError;
use crate::tenant::TenantTx;

/// Households whose next review falls on a day from `from` to `until`, by that day, at most `limit`; and how many there are.
///
/// # Errors
/// When the database cannot be reached.
pub async fn reviews(tx: &mut TenantTx, from: Day, until: Day, limit: i64) -> Result<(Vec<Review>, i64), DbError> {
    let reviews = sqlx::query_as!(
        Review,
        r#"select h.id as "household_id: _", h.name as "household_name", s.next_review as "next_review!: _"
           from household_summaries s join households h on h.firm_id = s.firm_id and h.id = s.household_id
           where s.firm_id = (select sec.firm()) and s.live and s.next_review is not null and s.review_key between $1 and $2
           order by s.review_key, s.household_id limit $3"#,
        from as Day,
        until as Day,
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    let count = sqlx::query_scalar!(
        r#"select count(*) as "n!" from household_summaries s where s.firm_id = (select sec.firm()) and s.live
             and s.next_review is not null and s.review_key between $1 and $2"#,
        from as Day,
        until as Day
    )
    .fetch_one(tx.conn())
    .await?;
    Ok((reviews, count))
}

/// Whether there is any live household to be seen.
///
/// # Errors
/// When the database cannot be reached.
pub async fn has_households(tx: &mut TenantTx) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar!(r#"select exists (select 1 from household_summaries where firm_id = (select sec.firm()) and live) as "any!""#)
        .fetch_one(tx.conn())
        .await?)
}
