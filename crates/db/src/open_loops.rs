//! Lists of open loops, and where the answer to one may stand.

use magfin_domain::facts::open_loop::{EvidenceKind, OpenLoop};
use magfin_domain::ids::{HouseholdId, OpenLoopId};
use magfin_domain::time::{Day, Ts};
use magfin_domain::work::{LoopFilter, Source};
use uuid::Uuid;

use crate::DbError;
use crate::tenant::TenantTx;

macro_rules! loops {
    ($rest:literal $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            OpenLoop,
            r#"select l.id as "id: _", l.version, l.household_id as "household_id: _", l.text as "text: _", l.direction as "direction: _", l.status as "status: _",
               l.owner_id as "owner_id: _", l.opened_on as "opened_on: _", l.due_on as "due_on: _", l.ask_on as "ask_on: _", l.closed_on as "closed_on: _",
               l.dropped_reason as "dropped_reason: _", l.evidence_kind as "evidence_kind: _", l.evidence_id, l.evidence_quote as "evidence_quote: _",
               l.merged_into_id as "merged_into_id: _", l.created_at as "created_at: _", l.updated_at as "updated_at: _", l.deleted_at as "deleted_at: _"
               from open_loops l where l.firm_id = (select sec.firm()) and l.deleted_at is null "# + $rest
            $(, $arg)*
        )
    };
}

/// Open and waiting loops of a household, and those that were closed or changed in the seven days before `now`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn of_household(tx: &mut TenantTx, household: HouseholdId, now: Ts) -> Result<Vec<OpenLoop>, DbError> {
    Ok(loops!(
        "and l.household_id = $1 and (l.status in ('open', 'waiting') or l.updated_at > $2::timestamptz - interval '7 days')
         order by l.opened_on nulls last, l.id limit 1000",
        household.0,
        now as Ts
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Open and waiting loops of every household that may be seen, oldest first, after `cursor`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn open(tx: &mut TenantTx, filter: LoopFilter, cursor: Option<OpenLoopId>, limit: i64) -> Result<Vec<OpenLoop>, DbError> {
    Ok(loops!(
        "and l.status in ('open', 'waiting') and ($1::uuid is null or l.owner_id = $1) and ($2::uuid is null or l.household_id = $2)
         and exists (select 1 from households h where h.firm_id = l.firm_id and h.id = l.household_id and h.deleted_at is null)
         and (coalesce(l.opened_on, 'infinity'), l.id) > (coalesce((select coalesce(c.opened_on, 'infinity') from open_loops c where c.firm_id = (select sec.firm()) and c.id = $3), '-infinity'),
                                                          coalesce($3::uuid, '00000000-0000-0000-0000-000000000000'))
         order by coalesce(l.opened_on, 'infinity'), l.id limit $4",
        filter.owner,
        filter.household,
        cursor.map(|c| c.0),
        limit
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Closed loops, the newest first, after `cursor`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn closed(tx: &mut TenantTx, filter: LoopFilter, cursor: Option<OpenLoopId>, limit: i64) -> Result<Vec<OpenLoop>, DbError> {
    Ok(loops!(
        "and l.status in ('done', 'dropped') and ($1::uuid is null or l.owner_id = $1) and ($2::uuid is null or l.household_id = $2)
         and exists (select 1 from households h where h.firm_id = l.firm_id and h.id = l.household_id and h.deleted_at is null)
         and (coalesce(l.closed_on, '-infinity'), l.id) < (coalesce((select coalesce(c.closed_on, '-infinity') from open_loops c where c.firm_id = (select sec.firm()) and c.id = $3), 'infinity'),
                                                           coalesce($3::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
         order by coalesce(l.closed_on, '-infinity') desc, l.id desc limit $4",
        filter.owner,
        filter.household,
        cursor.map(|c| c.0),
        limit
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Open loops that were opened on `before` or earlier, or that were to be asked about again by `today`; the oldest first, and
/// how many there are.
///
/// # Errors
/// When the database cannot be reached.
pub async fn slipping(tx: &mut TenantTx, before: Day, today: Day, limit: i64) -> Result<(Vec<OpenLoop>, i64), DbError> {
    let loops = loops!(
        "and l.status in ('open', 'waiting') and (l.opened_on <= $1 or l.ask_on <= $2)
         and exists (select 1 from households h where h.firm_id = l.firm_id and h.id = l.household_id and h.deleted_at is null)
         order by l.opened_on nulls last, l.id limit $3",
        before as Day,
        today as Day,
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    let count = sqlx::query_scalar!(
        r#"select count(*) as "n!" from open_loops l where l.firm_id = (select sec.firm()) and l.deleted_at is null
           and l.status in ('open', 'waiting') and (l.opened_on <= $1 or l.ask_on <= $2)
           and exists (select 1 from households h where h.firm_id = l.firm_id and h.id = l.household_id and h.deleted_at is null)"#,
        before as Day,
        today as Day
    )
    .fetch_one(tx.conn())
    .await?;
    Ok((loops, count))
}

/// The notes of a household since a moment, and its tasks done since then: the newest, at most 200 of each. What a private note says
/// is its author's, and is no evidence for a team.
///
/// # Errors
/// When the database cannot be reached.
pub async fn sources(tx: &mut TenantTx, household: HouseholdId, since: Option<Ts>) -> Result<Vec<Source>, DbError> {
    let rows = sqlx::query!(
        r#"(select 'note' as "kind!", n.id as "id!", n.occurred_at as "at!: Ts", n.body as "text!" from notes n
             where n.firm_id = (select sec.firm()) and n.household_id = $1 and n.deleted_at is null and n.privacy = 'team'
               and ($2::timestamptz is null or n.occurred_at >= $2)
             order by n.occurred_at desc limit 200)
           union all
           (select 'task', t.id, t.done_at, concat_ws('. ', t.title, t.outcome) from tasks t
             where t.firm_id = (select sec.firm()) and t.household_id = $1 and t.deleted_at is null and t.done_at is not null
               and ($2::timestamptz is null or t.done_at >= $2) order by t.done_at desc limit 200)"#,
        household.0,
        since as Option<Ts>
    )
    .fetch_all(tx.conn())
    .await?;
    let source = |kind: &str, id, at, text| Some(Source { kind: EvidenceKind::parse(kind)?, id, at, text });
    Ok(rows.into_iter().filter_map(|r| source(&r.kind, r.id, r.at, r.text)).collect())
}

/// Whether such a row shows that another one of its household is closed or done: a note that the team reads, a task that is done, or a
/// change of something else that the team reads.
///
/// # Errors
/// When the database cannot be reached.
pub async fn shows(tx: &mut TenantTx, kind: &str, id: Uuid, household: Option<HouseholdId>, closed: Option<Uuid>) -> Result<bool, DbError> {
    let household = household.map(|h| h.0);
    Ok(sqlx::query_scalar!(
        r#"select case $1
             when 'note' then exists (select 1 from notes where firm_id = (select sec.firm()) and id = $2 and household_id = $3 and deleted_at is null and privacy = 'team')
             when 'task' then exists (select 1 from tasks where firm_id = (select sec.firm()) and id = $2 and household_id = $3 and deleted_at is null
                                        and done_at is not null and id is distinct from $4)
             when 'edit' then exists (select 1 from edits where firm_id = (select sec.firm()) and id = $2 and household_id = $3 and entity_id is distinct from $4
                                        and (entity <> 'notes' or exists (select 1 from notes n where n.firm_id = edits.firm_id and n.id = edits.entity_id
                                                                            and n.deleted_at is null and n.privacy = 'team')))
             else false end as "shows!""#,
        kind,
        id,
        household,
        closed
    )
    .fetch_one(tx.conn())
    .await?)
}

/// Whether such a row is there to be seen in that household; a recorded change counts as a row. `None` asks for tasks of the firm.
///
/// # Errors
/// When the database cannot be reached.
pub async fn is_there(tx: &mut TenantTx, kind: &str, id: Uuid, household: Option<HouseholdId>) -> Result<bool, DbError> {
    let household = household.map(|h| h.0);
    Ok(sqlx::query_scalar!(
        r#"select case $1
             when 'note' then exists (select 1 from notes where firm_id = (select sec.firm()) and id = $2 and household_id = $3 and deleted_at is null)
             when 'task' then exists (select 1 from tasks where firm_id = (select sec.firm()) and id = $2 and household_id is not distinct from $3 and deleted_at is null)
             when 'open_loop' then exists (select 1 from open_loops where firm_id = (select sec.firm()) and id = $2 and household_id = $3 and deleted_at is null)
             when 'edit' then exists (select 1 from edits where firm_id = (select sec.firm()) and id = $2 and household_id is not distinct from $3)
             else false end as "there!""#,
        kind,
        id,
        household
    )
    .fetch_one(tx.conn())
    .await?)
}
