//! Retention classes, legal holds and erasures as rows. What an erasure removes is decided by the one function of the schema that
//! may remove facts, `sec.erase_household`.

use magfin_domain::ids::{BrainFileId, BrainVersionId, ErasureId, EventId, FirmId, HouseholdId, LegalHoldId, RetentionClassId, UserId};
use magfin_domain::retention::{Erasure, LegalHold, RetentionClass, RetentionProposal};
use magfin_domain::time::Ts;
use serde_json::Value;
use uuid::Uuid;

use crate::DbError;
use crate::tenant::{Db, TenantTx};

/// The most rows of each kind that are shown.
const MOST: i64 = 500;

/// The classes, or one of them, the newest first; at most 500.
///
/// # Errors
/// When the database cannot be reached.
pub async fn classes(tx: &mut TenantTx, id: Option<RetentionClassId>) -> Result<Vec<RetentionClass>, DbError> {
    Ok(sqlx::query_as!(
        RetentionClass,
        r#"select c.id as "id: _", c.record, c.years, c.basis, c.proposed_by as "proposed_by: _", p.name as proposed_by_name, c.proposed_at as "proposed_at: _",
             c.approved_by as "approved_by: _", a.name as "approved_by_name?", c.approved_at as "approved_at: _",
             (c.approved_at is not null and not exists (select 1 from retention_classes n where n.firm_id = c.firm_id and n.record = c.record
               and (n.approved_at, n.id) > (c.approved_at, c.id))) as "counts!"
           from retention_classes c join users p on p.firm_id = c.firm_id and p.id = c.proposed_by
             left join users a on a.firm_id = c.firm_id and a.id = c.approved_by
           where c.firm_id = (select sec.firm()) and ($2::uuid is null or c.id = $2) order by c.proposed_at desc, c.id desc limit $1"#,
        MOST,
        id.map(|id| id.0)
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Adds a class that the acting user proposes.
///
/// # Errors
/// `Refused` when years or basis are out of bounds.
pub async fn propose(tx: &mut TenantTx, id: RetentionClassId, class: &RetentionProposal, at: Ts) -> Result<(), DbError> {
    let context = *tx.context();
    sqlx::query!(
        "insert into retention_classes (firm_id, id, record, years, basis, proposed_by, proposed_at) values ($1, $2, $3, $4, $5, $6, $7)",
        context.firm.0,
        id.0,
        class.record.as_str(),
        class.years,
        class.basis.as_str(),
        context.user.0,
        at as Ts
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Approves a class in the acting user's name, unless it is approved. Answers whether it did.
///
/// # Errors
/// `Refused` when they proposed it themselves.
pub async fn approve(tx: &mut TenantTx, id: RetentionClassId, at: Ts) -> Result<bool, DbError> {
    let user = tx.context().user.0;
    let done = sqlx::query!(
        "update retention_classes set approved_by = $2, approved_at = $3 where firm_id = (select sec.firm()) and id = $1 and approved_by is null",
        id.0,
        user,
        at as Ts
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The holds, or one of them, those that hold first; at most 500.
///
/// # Errors
/// When the database cannot be reached.
pub async fn holds(tx: &mut TenantTx, id: Option<LegalHoldId>) -> Result<Vec<LegalHold>, DbError> {
    Ok(sqlx::query_as!(
        LegalHold,
        r#"select l.id as "id: _", l.household_id as "household_id: _", h.name as "household_name?", l.reason, p.name as placed_by_name, l.placed_at as "placed_at: _",
             r.name as "released_by_name?", l.released_at as "released_at: _", l.release_reason
           from legal_holds l left join households h on h.firm_id = l.firm_id and h.id = l.household_id
             join users p on p.firm_id = l.firm_id and p.id = l.placed_by left join users r on r.firm_id = l.firm_id and r.id = l.released_by
           where l.firm_id = (select sec.firm()) and ($2::uuid is null or l.id = $2)
           order by l.released_at desc nulls first, l.placed_at desc, l.id desc limit $1"#,
        MOST,
        id.map(|id| id.0)
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Places a hold in the acting user's name. Waits for an erasure of the household that is going on.
///
/// # Errors
/// `Refused` when there is no such household.
pub async fn place(tx: &mut TenantTx, id: LegalHoldId, household: HouseholdId, reason: &str, at: Ts) -> Result<(), DbError> {
    let context = *tx.context();
    // A statement of its own: what follows sees what the erasure that it waited for has done.
    sqlx::query!("select sec.lock_household($1)", household.0).execute(tx.conn()).await?;
    sqlx::query!(
        "insert into legal_holds (firm_id, id, household_id, reason, placed_by, placed_at) values ($1, $2, $3, $4, $5, $6)",
        context.firm.0,
        id.0,
        household.0,
        reason,
        context.user.0,
        at as Ts
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Whether a hold keeps what belongs to a household; one that is being placed is waited for.
///
/// # Errors
/// When the database cannot be reached.
pub async fn is_held(tx: &mut TenantTx, household: HouseholdId) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar!(r#"select sec.is_held($1) as "held!""#, household.0).fetch_one(tx.conn()).await?)
}

/// Releases a hold in the acting user's name, and tells of which household; nothing when it was released before.
///
/// # Errors
/// When the database cannot be reached.
pub async fn release(tx: &mut TenantTx, id: LegalHoldId, reason: &str, at: Ts) -> Result<Option<HouseholdId>, DbError> {
    let user = tx.context().user.0;
    let household = sqlx::query_scalar!(
        "update legal_holds set released_by = $2, released_at = $3, release_reason = $4
         where firm_id = (select sec.firm()) and id = $1 and released_at is null returning household_id",
        id.0,
        user,
        at as Ts,
        reason
    );
    Ok(household.fetch_optional(tx.conn()).await?.map(HouseholdId))
}

/// The erasures as they stand at this moment, or one of them, those that wait first; at most 500.
///
/// # Errors
/// When the database cannot be reached.
pub async fn erasures(tx: &mut TenantTx, now: Ts, id: Option<ErasureId>) -> Result<Vec<Erasure>, DbError> {
    Ok(sqlx::query_as!(
        Erasure,
        r#"select e.id as "id: _", e.household_id as "household_id: _", h.name as "household_name?", e.state, e.reason, e.requested_by as "requested_by: _",
             p.name as "requested_by_name?", e.requested_at as "requested_at: _", d.name as "decided_by_name?", e.decided_at as "decided_at: _",
             e.decision_reason, e.event_id as "event_id: _",
             case when e.state = 'requested' then (select r.due_on from sec.retention_of(e.household_id, ($2::timestamptz at time zone 'utc')::date) r) end as "due_on: _",
             exists (select 1 from legal_holds l where l.firm_id = e.firm_id and l.household_id = e.household_id and l.released_at is null) as "held!"
           from erasures e left join households h on h.firm_id = e.firm_id and h.id = e.household_id and e.state <> 'done'
             left join users p on p.firm_id = e.firm_id and p.id = e.requested_by left join users d on d.firm_id = e.firm_id and d.id = e.decided_by
           where e.firm_id = (select sec.firm()) and ($3::uuid is null or e.id = $3)
           order by e.decided_at desc nulls first, e.requested_at desc, e.id desc limit $1"#,
        MOST,
        now as Ts,
        id.map(|id| id.0)
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Asks for an erasure in the acting user's name.
///
/// # Errors
/// `Refused` when there is no such household, or one is asked for already.
pub async fn request(tx: &mut TenantTx, id: ErasureId, household: HouseholdId, reason: &str, at: Ts) -> Result<(), DbError> {
    let context = *tx.context();
    sqlx::query!(
        "insert into erasures (firm_id, id, household_id, reason, requested_by, requested_at) values ($1, $2, $3, $4, $5, $6)",
        context.firm.0,
        id.0,
        household.0,
        reason,
        context.user.0,
        at as Ts
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Declines an erasure in the acting user's name, and tells of which household; nothing when it was decided before.
///
/// # Errors
/// `Refused` when they asked for it themselves.
pub async fn decline(tx: &mut TenantTx, id: ErasureId, reason: &str, at: Ts) -> Result<Option<HouseholdId>, DbError> {
    let user = tx.context().user.0;
    let household = sqlx::query_scalar!(
        "update erasures set state = 'declined', decided_by = $2, decided_at = $3, decision_reason = $4
         where firm_id = (select sec.firm()) and id = $1 and state = 'requested' returning household_id",
        id.0,
        user,
        at as Ts,
        reason
    );
    Ok(household.fetch_optional(tx.conn()).await?.map(HouseholdId))
}

/// The versions whose objects and keys an erasure of this household leaves behind.
///
/// # Errors
/// When the database cannot be reached.
pub async fn objects(tx: &mut TenantTx, household: HouseholdId) -> Result<Vec<(BrainFileId, BrainVersionId)>, DbError> {
    let rows = sqlx::query!(
        "select file_id, id from brain_versions where firm_id = (select sec.firm()) and household_id = $1 order by id",
        household.0
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.file_id.into(), row.id.into())).collect())
}

/// Carries out an erasure; `before` is what its event says beside what was removed.
///
/// # Errors
/// `Refused(Check(name))` where something stands in its way: `erasures_state`, `erasures_second_person`, `households_hold`,
/// `erasures_retention`, `erasures_logged`.
pub async fn erase(tx: &mut TenantTx, id: ErasureId, at: Ts, before: &Value) -> Result<EventId, DbError> {
    let event =
        sqlx::query_scalar!(r#"select sec.erase_household($1, $2, $3) as "event!""#, id.0, at as Ts, before).fetch_one(tx.conn()).await?;
    Ok(EventId(event))
}

/// An erasure that is done, as its certificate needs it.
#[derive(Debug, Clone, Copy)]
pub struct Done {
    /// The erasure.
    pub id: ErasureId,
    /// The household.
    pub household: HouseholdId,
    /// The event of the log.
    pub event: EventId,
}

/// The erasures that are done, by the time they were.
///
/// # Errors
/// When the database cannot be reached.
pub async fn done(tx: &mut TenantTx) -> Result<Vec<Done>, DbError> {
    let rows = sqlx::query!(
        r#"select id, household_id, event_id as "event_id!" from erasures where firm_id = (select sec.firm()) and state = 'done' order by decided_at, id"#
    );
    let rows = rows.fetch_all(tx.conn()).await?;
    Ok(rows.into_iter().map(|r| Done { id: r.id.into(), household: r.household_id.into(), event: r.event_id.into() }).collect())
}

/// An erasure that a certificate tells of.
#[derive(Debug)]
pub struct Repeated<'a> {
    /// Its id.
    pub id: ErasureId,
    /// The household.
    pub household: HouseholdId,
    /// Why it was asked for.
    pub reason: &'a str,
    /// Who asked for it.
    pub requested_by: UserId,
    /// When.
    pub requested_at: Ts,
}

/// Takes an erasure up that this database does not know as done. Answers whether it was taken up.
///
/// # Errors
/// When the database refuses or cannot be reached.
pub async fn take_up(tx: &mut TenantTx, erasure: &Repeated<'_>) -> Result<bool, DbError> {
    let firm = tx.context().firm.0;
    // Another request of then, which the certificate has overtaken.
    sqlx::query!(
        "update erasures set state = 'declined', decided_at = $3, decision_reason = 'a later erasure was carried out before the restore'
         where firm_id = (select sec.firm()) and household_id = $1 and id <> $2 and state = 'requested'",
        erasure.household.0,
        erasure.id.0,
        erasure.requested_at as Ts
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "insert into erasures (firm_id, id, household_id, reason, requested_by, requested_at) values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        firm,
        erasure.id.0,
        erasure.household.0,
        erasure.reason,
        erasure.requested_by.0,
        erasure.requested_at as Ts
    )
    .execute(tx.conn())
    .await?;
    let waits = sqlx::query_scalar!(
        r#"select exists (select 1 from erasures where firm_id = (select sec.firm()) and id = $1 and state = 'requested') as "waits!""#,
        erasure.id.0
    );
    Ok(waits.fetch_one(tx.conn()).await?)
}

impl Db {
    /// Begins a transaction of the eraser: it repeats erasures in a restored database, and can do nothing else.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn eraser(&self, firm: FirmId, request_id: Uuid) -> Result<TenantTx, DbError> {
        self.as_itself(firm, "eraser", request_id).await
    }
}
