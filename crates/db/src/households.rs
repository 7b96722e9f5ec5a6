//! The list of households and what it counts. One statement an order, each walking an index that row-level security
//! lets it use (only leakproof comparisons can).

use magfin_domain::facts::household::{Household, HouseholdType};
use magfin_domain::household_list::{DuplicateReason, Filter, HouseholdCount, HouseholdLine, PossibleDuplicate, Sort};
use magfin_domain::ids::HouseholdId;
use magfin_domain::money::Money;
use magfin_domain::time::Day;
use serde_json::Value;
use uuid::Uuid;

use crate::DbError;
use crate::tenant::TenantTx;

/// Sorts behind every name: no name holds the last character there is.
const LAST_NAME: &str = "\u{10ffff}";

/// Where a page begins: behind the row with this key and identifier.
struct After<K> {
    key: K,
    id: Uuid,
}

/// At most `limit` households after `cursor`; from the first on when the cursor's household is not to be seen.
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
    let like = filter.text.as_deref().map_or_else(|| "%".to_owned(), contains);
    let team = filter.team_id.map_or(Uuid::nil(), |t| t.0);
    // "No filter" is an empty value and not null, and the key of the cursor is a plain parameter: row-level security lets
    // an index serve a condition only when every part of it is known not to leak, and `coalesce` is not.
    macro_rules! ordered {
        ($after:expr, $behind:literal, $order:literal) => {{
            let after = $after;
            // A statement of its own: as a condition that is mostly not there, it would cost the plain list its plan.
            match &filter.among {
                Some(among) => ordered!(after, $behind, $order, "and s.household_id = any ($8) ", among),
                None => ordered!(after, $behind, $order, ""),
            }
        }};
        ($after:ident, $behind:literal, $order:literal, $among:literal $(, $ids:expr)?) => {
            sqlx::query_as!(
                HouseholdLine,
                r#"select h.id as "id: _", h.version, h.name, h.type as "type: _", h.tier, h.stage, h.tags as "tags: _", h.team_id as "team_id: _",
                 t.name as team_name, s.primary_person_id as "primary_person_id: _", s.primary_name, s.primary_phone, s.city, s.state,
                 s.aum_usd as "aum_usd: _", s.held_away_usd as "held_away_usd: _", s.oldest_as_of as "oldest_as_of: _",
                 s.last_touch_on as "last_touch_on: _", s.last_touch_kind as "last_touch_kind: _", h.next_review as "next_review: _",
                 h.review_cadence_months, h.client_since as "client_since: _", s.missing_beneficiaries, s.open_tasks, s.open_loops
                 from household_summaries s
                 join households h on h.firm_id = s.firm_id and h.id = s.household_id
                 join teams t on t.firm_id = h.firm_id and t.id = h.team_id
                 where s.firm_id = (select sec.firm()) and s.live
                 and ($1::text = '%' or s.search_key like $1)
                 and (cardinality($2::text[]) = 0 or h.type = any ($2))
                 and (cardinality($3::text[]) = 0 or h.tier = any ($3))
                 and ($4::uuid = '00000000-0000-0000-0000-000000000000' or s.team_id = $4)
                 and "#
                    + $behind
                    + " "
                    + $among
                    + "order by "
                    + $order
                    + " limit $7",
                like,
                &filter.types,
                &filter.tiers,
                team,
                $after.key as _,
                $after.id,
                limit
                $(, $ids)?
            )
            .fetch_all(tx.conn())
            .await?
        };
    }
    macro_rules! after {
        ($key:literal, $first:expr, $first_id:expr) => {{
            let found = match cursor {
                Some(c) => sqlx::query_scalar!(
                    "select " + $key + " from household_summaries where firm_id = (select sec.firm()) and household_id = $1",
                    c.0
                )
                .fetch_optional(tx.conn())
                .await?
                .map(|key| After { key, id: c.0 }),
                None => None,
            };
            found.unwrap_or(After { key: $first, id: $first_id })
        }};
    }
    Ok(match sort {
        Sort::Name => ordered!(
            after!("name_key", String::new(), Uuid::nil()),
            "(s.name_key, s.household_id) > ($5, $6)",
            "s.name_key, s.household_id"
        ),
        Sort::NameDescending => ordered!(
            after!("name_key", LAST_NAME.to_owned(), Uuid::max()),
            "(s.name_key, s.household_id) < ($5, $6)",
            "s.name_key desc, s.household_id desc"
        ),
        Sort::Aum => ordered!(
            after!("aum_cents as \"aum_cents!\"", i64::MIN, Uuid::nil()),
            "(s.aum_cents, s.household_id) > ($5, $6)",
            "s.aum_cents, s.household_id"
        ),
        Sort::NextReviewDescending => ordered!(
            after!("review_key as \"review_key!: Day\"", Day::LATEST, Uuid::max()),
            "(s.review_key, s.household_id) < ($5, $6)",
            "s.review_key desc, s.household_id desc"
        ),
        Sort::LastTouch => ordered!(
            after!("touch_key as \"touch_key!: Day\"", Day::EARLIEST, Uuid::nil()),
            "(s.touch_key, s.household_id) > ($5, $6)",
            "s.touch_key, s.household_id"
        ),
        Sort::LastTouchDescending => ordered!(
            after!("touch_key as \"touch_key!: Day\"", Day::LATEST, Uuid::max()),
            "(s.touch_key, s.household_id) < ($5, $6)",
            "s.touch_key desc, s.household_id desc"
        ),
        Sort::OpenLoopsDescending => ordered!(
            after!("open_loops", i32::MAX, Uuid::max()),
            "(s.open_loops, s.household_id) < ($5, $6)",
            "s.open_loops desc, s.household_id desc"
        ),
        Sort::OpenTasksDescending => ordered!(
            after!("open_tasks", i32::MAX, Uuid::max()),
            "(s.open_tasks, s.household_id) < ($5, $6)",
            "s.open_tasks desc, s.household_id desc"
        ),
        Sort::AumDescending => ordered!(
            after!("aum_cents as \"aum_cents!\"", i64::MAX, Uuid::max()),
            "(s.aum_cents, s.household_id) < ($5, $6)",
            "s.aum_cents desc, s.household_id desc"
        ),
        Sort::NextReview => ordered!(
            after!("review_key as \"review_key!: Day\"", Day::EARLIEST, Uuid::nil()),
            "(s.review_key, s.household_id) > ($5, $6)",
            "s.review_key, s.household_id"
        ),
    })
}

/// The ids of at most `limit` households that the filter leaves, in no order that means anything.
///
/// # Errors
/// When the database cannot be reached.
pub async fn ids(tx: &mut TenantTx, filter: &Filter, limit: i64) -> Result<Vec<HouseholdId>, DbError> {
    let like = filter.text.as_deref().map(contains);
    Ok(sqlx::query_scalar!(
        r#"select s.household_id as "id: _" from household_summaries s join households h on h.firm_id = s.firm_id and h.id = s.household_id
           where s.firm_id = (select sec.firm()) and s.live
             and ($1::text is null or s.search_key like $1)
             and (cardinality($2::text[]) = 0 or h.type = any ($2))
             and (cardinality($3::text[]) = 0 or h.tier = any ($3))
             and ($4::uuid is null or s.team_id = $4)
             and ($5::uuid[] is null or s.household_id = any ($5))
           order by s.household_id limit $6"#,
        like,
        &filter.types,
        &filter.tiers,
        filter.team_id.map(|t| t.0),
        filter.among.as_deref(),
        limit
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Up to five households, as far as they may be seen, that one of this name, with these numbers (E.164) and addresses (in
/// lower case), may already be; the likeliest first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn possible_duplicates(
    tx: &mut TenantTx,
    name: &str,
    phones: &[String],
    emails: &[String],
) -> Result<Vec<PossibleDuplicate>, DbError> {
    let rows = sqlx::query!(
        r#"select h.id, h.name, h.type as "type: HouseholdType", t.name as team_name, s.primary_name, s.city, s.state,
                  d.reasons as "reasons!"
           from sec.possible_duplicates($1, $2, $3) with ordinality as d (household_id, reasons, place)
           join households h on h.firm_id = (select sec.firm()) and h.id = d.household_id
           join household_summaries s on s.firm_id = h.firm_id and s.household_id = h.id
           join teams t on t.firm_id = h.firm_id and t.id = h.team_id
           order by d.place"#,
        name,
        phones,
        emails
    )
    .fetch_all(tx.conn())
    .await?;
    let found = rows.into_iter().map(|r| PossibleDuplicate {
        id: r.id.into(),
        name: r.name,
        r#type: r.r#type,
        team_name: r.team_name,
        primary_name: r.primary_name,
        city: r.city,
        state: r.state,
        reasons: r.reasons.iter().filter_map(|reason| DuplicateReason::parse(reason)).collect(),
    });
    Ok(found.collect())
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
             and ($4::uuid is null or s.team_id = $4)
             and ($5::uuid[] is null or s.household_id = any ($5))"#,
        like,
        &filter.types,
        &filter.tiers,
        filter.team_id.map(|t| t.0),
        filter.among.as_deref()
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(HouseholdCount { households: row.households, aum_usd: Money(row.aum) })
}

/// Whether a household is there and not hidden; it stays so until the transaction ends. Waits for whoever is hiding it.
///
/// # Errors
/// When the database cannot be reached.
pub async fn stays_live(tx: &mut TenantTx, id: HouseholdId) -> Result<bool, DbError> {
    let live = sqlx::query_scalar!(
        "select 1 from households where firm_id = (select sec.firm()) and id = $1 and deleted_at is null for key share",
        id.0
    );
    Ok(live.fetch_optional(tx.conn()).await?.is_some())
}

/// These households, held against other writers until the transaction ends; hidden ones and those that are not to be seen
/// are left out. In the order of their ids, so that two such transactions wait for each other and never for ever.
///
/// # Errors
/// When the database cannot be reached.
pub async fn lock_many(tx: &mut TenantTx, ids: &[Uuid]) -> Result<Vec<Household>, DbError> {
    Ok(sqlx::query_as!(
        Household,
        r#"select id as "id: _", version, name as "name: _", type as "type: _", tier as "tier: _", stage as "stage: _", tags as "tags: _",
                  review_cadence_months, next_review as "next_review: _", client_since as "client_since: _",
                  risk_profile as "risk_profile: _", source as "source: _", story as "story: _", team_id as "team_id: _",
                  created_at as "created_at: _", updated_at as "updated_at: _", deleted_at as "deleted_at: _"
           from households where firm_id = (select sec.firm()) and id = any ($1) and deleted_at is null order by id for update"#,
        ids
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Sets tier, team, review cadence and tags of many households in one statement. `rows` is a JSON array of objects that
/// hold `id` and all four columns.
///
/// # Errors
/// When the database refuses one of them; then none is changed.
pub async fn update_many(tx: &mut TenantTx, rows: &Value) -> Result<(), DbError> {
    sqlx::query!(
        "update households h set tier = r.tier, team_id = r.team_id, review_cadence_months = r.review_cadence_months, tags = r.tags
         from jsonb_populate_recordset(null::households, $1) r where h.firm_id = (select sec.firm()) and h.id = r.id",
        rows
    )
    .execute(tx.conn())
    .await?;
    Ok(())
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
