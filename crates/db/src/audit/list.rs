//! The log as a person reads it: who did what, newest first.

use magfin_domain::audit::{Entry, Filter, PerDay};
use magfin_domain::time::Ts;

use crate::DbError;
use crate::tenant::TenantTx;

/// One statement for each index: the plan is made once for any values.
macro_rules! page {
    ($tx:ident, $f:ident, $before:ident, $limit:ident, $also:literal) => {
        sqlx::query_as!(
            Entry,
            r#"with page as (
                 select l.* from audit_leaves l where l.firm_id = (select sec.firm()) and l.index < coalesce($1, 9223372036854775807)
                   and ($2::uuid is null or l.user_id = $2) and (cardinality($3::text[]) = 0 or l.kind = any ($3))
                   and ($4::timestamptz is null or l.at >= $4) and ($5::timestamptz is null or l.at < $5) and "#
                + $also
                + r#" order by l.index desc limit $7)
               select p.index, p.at as "at: Ts", p.kind, p.user_id as "user_id: _", u.name as "user_name?", p.household_id as "household_id: _",
                 h.name as "household_name?", p.entity, p.entity_id, coalesce(e.field, v.detail ->> 'field') as field,
                 coalesce(e.reason, v.detail ->> 'reason') as reason, e.source as "source?", coalesce(e.request_id, v.request_id) as request_id
               from page p
               left join users u on u.firm_id = p.firm_id and u.id = p.user_id
               left join households h on h.firm_id = p.firm_id and h.id = p.household_id
               left join edits e on p.source = 'edits' and e.firm_id = p.firm_id and e.id = p.row_id
               left join events v on p.source = 'events' and v.firm_id = p.firm_id and v.id = p.row_id
               order by p.index desc"#,
            $before,
            $f.user,
            &$f.kinds,
            $f.from as Option<Ts>,
            $f.to as Option<Ts>,
            $f.household,
            $limit
        )
        .fetch_all($tx.conn())
        .await
    };
}

/// Entries before the leaf `before`, newest first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list(tx: &mut TenantTx, f: &Filter, before: Option<i64>, limit: i64) -> Result<Vec<Entry>, DbError> {
    Ok(if f.household.is_some() {
        page!(tx, f, before, limit, "l.household_id = $6")?
    } else if f.events_alone() {
        page!(tx, f, before, limit, "l.source = 'events' and $6::uuid is null")?
    } else {
        page!(tx, f, before, limit, "$6::uuid is null")?
    })
}

/// How many entries of a filter each day has, UTC; the newest 60 days that have any.
///
/// # Errors
/// When the database cannot be reached.
pub async fn days(tx: &mut TenantTx, f: &Filter) -> Result<Vec<PerDay>, DbError> {
    Ok(sqlx::query_as!(
        PerDay,
        r#"select (l.at at time zone 'UTC')::date::text as "day!", count(*) as "entries!" from audit_leaves l
           where l.firm_id = (select sec.firm()) and ($1::uuid is null or l.user_id = $1) and (cardinality($2::text[]) = 0 or l.kind = any ($2))
             and ($3::timestamptz is null or l.at >= $3) and ($4::timestamptz is null or l.at < $4) and ($5::uuid is null or l.household_id = $5)
           group by 1 order by 1 desc limit 60"#,
        f.user,
        &f.kinds,
        f.from as Option<Ts>,
        f.to as Option<Ts>,
        f.household
    )
    .fetch_all(tx.conn())
    .await?)
}
