//! Lists and counts of tasks. What is open, late or put off is always asked of a day and a moment that the caller gives.

use magfin_domain::facts::task::Task;
use magfin_domain::ids::{HouseholdId, TaskId};
use magfin_domain::time::{Day, Ts};
use magfin_domain::work::{TaskCounts, TaskFilter};
use uuid::Uuid;

use crate::DbError;
use crate::tenant::TenantTx;

macro_rules! tasks {
    ($rest:literal $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            Task,
            r#"select t.id as "id: _", t.version, t.household_id as "household_id: _", t.title as "title: _", t.priority as "priority: _", t.status as "status: _", t.due_on as "due_on: _",
               t.due_time as "due_time: _", t.snoozed_until as "snoozed_until: _", t.remind_at as "remind_at: _", t.remind_again_at as "remind_again_at: _", t.repeats as "repeats: _", t.repeats_on as "repeats_on: _",
               t.follows_id as "follows_id: _", t.done_at as "done_at: _", t.assignee_id as "assignee_id: _", t.outcome as "outcome: _",
               t.needs_evidence, t.evidence_kind as "evidence_kind: _", t.evidence_id, t.evidence_quote as "evidence_quote: _",
               t.source_kind as "source_kind: _", t.source_id, t.created_at as "created_at: _", t.updated_at as "updated_at: _", t.deleted_at as "deleted_at: _"
               from tasks t where t.firm_id = (select sec.firm()) and t.deleted_at is null "# + $rest
            $(, $arg)*
        )
    };
}

/// Open tasks of a household, and those done in the seven days before `now`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn of_household(tx: &mut TenantTx, household: HouseholdId, now: Ts) -> Result<Vec<Task>, DbError> {
    Ok(tasks!(
        "and t.household_id = $1 and (t.done_at is null or t.done_at > $2::timestamptz - interval '7 days')
         order by t.due_on nulls last, t.due_time nulls last, t.priority, t.id limit 1000",
        household.0,
        now as Ts
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Open tasks of every household that may be seen and of the firm, and those done after `since`; by due day, after `cursor`.
/// What a hidden household holds is out of every list.
///
/// # Errors
/// When the database cannot be reached.
pub async fn open(
    tx: &mut TenantTx,
    filter: TaskFilter,
    (today, since): (Day, Ts),
    cursor: Option<TaskId>,
    limit: i64,
) -> Result<Vec<Task>, DbError> {
    Ok(tasks!(
        "and (t.done_at is null or t.done_at > $1)
         and (t.household_id is null or exists (select 1 from households h where h.firm_id = t.firm_id and h.id = t.household_id and h.deleted_at is null))
         and ($2::uuid is null or t.assignee_id = $2) and (not $3 or t.assignee_id is null) and ($4::uuid is null or t.household_id = $4)
         and (not $5 or (t.assignee_id = (select sec.actor()) and (t.due_on is null or t.due_on <= $6 or t.snoozed_until is not null))
                     or (t.assignee_id is null and t.due_on <= $6))
         and (coalesce(t.due_on, 'infinity'), t.id) > (coalesce((select coalesce(c.due_on, 'infinity') from tasks c where c.firm_id = (select sec.firm()) and c.id = $7), '-infinity'),
                                                       coalesce($7::uuid, '00000000-0000-0000-0000-000000000000'))
         order by coalesce(t.due_on, 'infinity'), t.id limit $8",
        since as Ts,
        filter.assignee,
        filter.unassigned,
        filter.household,
        filter.my_day,
        today as Day,
        cursor.map(|c| c.0),
        limit
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Done tasks, the newest first, after `cursor`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn done(tx: &mut TenantTx, filter: TaskFilter, cursor: Option<TaskId>, limit: i64) -> Result<Vec<Task>, DbError> {
    Ok(tasks!(
        "and t.done_at is not null
         and (t.household_id is null or exists (select 1 from households h where h.firm_id = t.firm_id and h.id = t.household_id and h.deleted_at is null))
         and ($1::uuid is null or t.assignee_id = $1) and (not $2 or t.assignee_id is null) and ($3::uuid is null or t.household_id = $3)
         and (t.done_at, t.id) < (coalesce((select c.done_at from tasks c where c.firm_id = (select sec.firm()) and c.id = $4), 'infinity'),
                                  coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
         order by t.done_at desc, t.id desc limit $5",
        filter.assignee,
        filter.unassigned,
        filter.household,
        cursor.map(|c| c.0),
        limit
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Counts the open tasks that may be seen.
///
/// # Errors
/// When the database cannot be reached.
pub async fn counts(tx: &mut TenantTx, today: Day) -> Result<TaskCounts, DbError> {
    Ok(sqlx::query_as!(
        TaskCounts,
        r#"select count(*) as "open!", count(*) filter (where asleep) as "snoozed!", count(*) filter (where assignee_id is null) as "unassigned!",
             count(*) filter (where not asleep and ((assignee_id = (select sec.actor()) and (due_on is null or due_on <= $1 or snoozed_until is not null))
               or (assignee_id is null and due_on <= $1))) as "my_day!",
             count(*) filter (where not asleep and due_on < $1) as "overdue!", count(*) filter (where not asleep and due_on = $1) as "today!",
             count(*) filter (where not asleep and due_on = $1 + 1) as "tomorrow!",
             count(*) filter (where not asleep and due_on between $1 + 2 and $1 + 7) as "week!",
             count(*) filter (where not asleep and due_on > $1 + 7) as "later!", count(*) filter (where not asleep and due_on is null) as "undated!",
             count(*) filter (where not asleep and status = 'doing') as "doing!", count(*) filter (where not asleep and status = 'waiting') as "waiting!"
           from (select t.due_on, t.assignee_id, t.status, t.snoozed_until, coalesce(t.snoozed_until > $1::date, false) as asleep from tasks t
             where t.firm_id = (select sec.firm()) and t.deleted_at is null and t.done_at is null
               and (t.household_id is null or exists (select 1 from households h where h.firm_id = t.firm_id and h.id = t.household_id and h.deleted_at is null))) x"#,
        today as Day
    )
    .fetch_one(tx.conn())
    .await?)
}

/// Open tasks that are late, or that are due today; by day and time. Those put off are left out.
///
/// # Errors
/// When the database cannot be reached.
pub async fn pressing(tx: &mut TenantTx, today: Day, late: bool, limit: i64) -> Result<Vec<Task>, DbError> {
    Ok(tasks!(
        "and t.done_at is null and coalesce(t.snoozed_until <= $1, true) and (t.due_on < $1) = $2 and t.due_on <= $1
         and (t.household_id is null or exists (select 1 from households h where h.firm_id = t.firm_id and h.id = t.household_id and h.deleted_at is null))
         order by t.due_on, t.due_time nulls last, t.priority, t.id limit $3",
        today as Day,
        late,
        limit
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Open tasks of the acting user that they are reminded of before `until`, and where `anybodys` those of nobody in their own teams and
/// the firm; the latest first. Those put off beyond `day`, on which that moment is, are left out.
///
/// # Errors
/// When the database cannot be reached.
pub async fn reminders(tx: &mut TenantTx, (until, day): (Ts, Day), anybodys: bool, limit: i64) -> Result<Vec<Task>, DbError> {
    Ok(tasks!(
        "and t.done_at is null and t.remind_at is not null and coalesce(t.remind_again_at, t.remind_at) < $1 and coalesce(t.snoozed_until <= $2, true)
         and (t.assignee_id = (select sec.actor()) or ($3 and t.assignee_id is null))
         and (t.household_id is null or exists (select 1 from households h where h.firm_id = t.firm_id and h.id = t.household_id and h.deleted_at is null
                                                  and (t.assignee_id is not null or h.team_id = any ((select sec.team_ids())::uuid[]))))
         order by coalesce(t.remind_again_at, t.remind_at) desc, t.id limit $4",
        until as Ts,
        day as Day,
        anybodys,
        limit
    )
    .fetch_all(tx.conn())
    .await?)
}

/// The task that follows another, hidden or not, and whether nobody but the product has touched it.
///
/// # Errors
/// When the database cannot be reached.
pub async fn follower(tx: &mut TenantTx, of: Uuid) -> Result<Option<Follower>, DbError> {
    Ok(sqlx::query_as!(
        Follower,
        r#"select t.id, t.deleted_at is not null as "hidden!",
             not exists (select 1 from edits e where e.firm_id = t.firm_id and e.entity_id = t.id and e.op = 'change' and e.field <> 'deleted_at') as "untouched!"
           from tasks t where t.firm_id = (select sec.firm()) and t.follows_id = $1 for update of t"#,
        of
    )
    .fetch_optional(tx.conn())
    .await?)
}

/// What [`follower`] finds.
#[derive(Debug)]
pub struct Follower {
    /// The task.
    pub id: Uuid,
    /// Whether it is hidden.
    pub hidden: bool,
    /// Whether no field of it was changed since it was made.
    pub untouched: bool,
}
