//! The list of households and what it counts. One statement an order, each walking an index that row-level security
//! lets it use (only leakproof comparisons can).

use magfin_domain::household_list::{Filter, HouseholdCount, HouseholdLine, Sort};
use magfin_domain::ids::HouseholdId;
use magfin_domain::money::Money;
use uuid::Uuid;

use crate::DbError;
use crate::tenant::TenantTx;

/// At most `limit` households after `cursor`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list(
    tx: &mut TenantTx,
    filter: &Filter,
    sort: Sort,
    cursor: Option<HouseholdId>,
    limit: i64,
) -> Result<Vec<HouseholdLine>, DbError> {
    let like = filter.text.as_deref().map(contains);
    let (cursor, team) = (cursor.map(|c| c.0), filter.team_id.map(|t| t.0));
    // Under row-level security only the single comparison walks the index to the cursor; the pair then breaks ties.
    macro_rules! ordered {
        ($after:literal, $order:literal) => {
            sqlx::query_as!(
                HouseholdLine,
                r#"select h.id as "id: _", h.version, h.name, h.type as "type: _", h.tier, h.stage, h.tags as "tags: _", h.team_id as "team_id: _",
                 t.name as team_name, s.primary_person_id as "primary_person_id: _", s.primary_name, s.primary_phone, s.city, s.state,
                 s.aum_usd as "aum_usd: _", s.held_away_usd as "held_away_usd: _", s.oldest_as_of as "oldest_as_of: _",
                 h.next_review as "next_review: _", s.open_tasks, s.open_loops
                 from household_summaries s
                 join households h on h.firm_id = s.firm_id and h.id = s.household_id
                 join teams t on t.firm_id = h.firm_id and t.id = h.team_id
                 where s.firm_id = (select sec.firm()) and s.live
                 and ($1::text is null or s.search_key like $1)
                 and (cardinality($2::text[]) = 0 or h.type = any ($2))
                 and (cardinality($3::text[]) = 0 or h.tier = any ($3))
                 and ($4::uuid is null or s.team_id = $4) and "#
                    + $after
                    + " order by "
                    + $order
                    + " limit $6",
                like,
                &filter.types,
                &filter.tiers,
                team,
                cursor,
                limit
            )
            .fetch_all(tx.conn())
            .await?
        };
    }
    Ok(match sort {
        Sort::Name => ordered!(
            "s.name_key >= coalesce((select c.name_key from household_summaries c where c.firm_id = (select sec.firm()) and c.household_id = $5), '') and (s.name_key, s.household_id) > (coalesce((select c.name_key from household_summaries c where c.firm_id = (select sec.firm()) and c.household_id = $5), ''), coalesce($5::uuid, '00000000-0000-0000-0000-000000000000'))",
            "s.name_key, s.household_id"
        ),
        Sort::AumDescending => ordered!(
            "s.aum_cents <= coalesce((select c.aum_cents from household_summaries c where c.firm_id = (select sec.firm()) and c.household_id = $5), 9223372036854775807) and (s.aum_cents, s.household_id) < (coalesce((select c.aum_cents from household_summaries c where c.firm_id = (select sec.firm()) and c.household_id = $5), 9223372036854775807), coalesce($5::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))",
            "s.aum_cents desc, s.household_id desc"
        ),
        Sort::NextReview => ordered!(
            "s.next_review is not null and s.next_review >= coalesce((select c.next_review from household_summaries c where c.firm_id = (select sec.firm()) and c.household_id = $5), '-infinity') and (s.next_review, s.household_id) > (coalesce((select c.next_review from household_summaries c where c.firm_id = (select sec.firm()) and c.household_id = $5), '-infinity'), coalesce($5::uuid, '00000000-0000-0000-0000-000000000000'))",
            "s.next_review, s.household_id"
        ),
    })
}

/// How many households the filter leaves, and their assets under management.
///
/// # Errors
/// When the database cannot be reached.
pub async fn count(tx: &mut TenantTx, filter: &Filter) -> Result<HouseholdCount, DbError> {
    let like = filter.text.as_deref().map(contains);
    let row = sqlx::query!(
        r#"select count(*) as "households!", coalesce(sum(s.aum_usd), 0) as "aum!"
           from household_summaries s join households h on h.firm_id = s.firm_id and h.id = s.household_id
           where s.firm_id = (select sec.firm()) and s.live
             and ($1::text is null or s.search_key like $1)
             and (cardinality($2::text[]) = 0 or h.type = any ($2))
             and (cardinality($3::text[]) = 0 or h.tier = any ($3))
             and ($4::uuid is null or s.team_id = $4)"#,
        like,
        &filter.types,
        &filter.tiers,
        filter.team_id.map(|t| t.0)
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(HouseholdCount { households: row.households, aum_usd: Money(row.aum) })
}

/// The names of these households, as far as they may be seen.
///
/// # Errors
/// When the database cannot be reached.
pub async fn names(tx: &mut TenantTx, ids: &[Uuid]) -> Result<Vec<(HouseholdId, String)>, DbError> {
    let rows = sqlx::query!("select id, name from households where firm_id = (select sec.firm()) and id = any ($1)", ids)
        .fetch_all(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|r| (r.id.into(), r.name)).collect())
}

/// The households, among those of a person, that may be seen: id and name.
///
/// # Errors
/// When the database cannot be reached.
pub async fn of_people(tx: &mut TenantTx, people: &[Uuid]) -> Result<Vec<(Uuid, HouseholdId, String)>, DbError> {
    let rows = sqlx::query!(
        r#"select m.person_id, h.id, h.name from memberships m join households h on h.firm_id = m.firm_id and h.id = m.household_id
           where m.firm_id = (select sec.firm()) and m.person_id = any ($1) and m.deleted_at is null and h.deleted_at is null
           order by h.name_key"#,
        people
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|r| (r.person_id, r.id.into(), r.name)).collect())
}

/// `%text%` with the pattern's own characters taken literally. The text is folded as `search_key` is.
fn contains(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// Folds text the way the stored keys are folded: lower case, no accents.
///
/// # Errors
/// When the database cannot be reached.
pub async fn fold(tx: &mut TenantTx, text: &str) -> Result<String, DbError> {
    Ok(sqlx::query_scalar!(r#"select sec.fold($1) as "folded!""#, text).fetch_one(tx.conn()).await?)
}
