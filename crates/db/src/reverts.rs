//! Taking an import back: what it made, what people did with it since, and what must stay.

use magfin_domain::ids::ImportId;
use magfin_domain::time::Ts;
use uuid::Uuid;

use crate::DbError;
use crate::tenant::TenantTx;

/// The households in which an import made something, each with whether it made the household itself. Until the transaction ends,
/// whoever writes something new in one of them waits.
///
/// # Errors
/// When the database cannot be reached.
pub async fn lock_households_made(tx: &mut TenantTx, import: ImportId) -> Result<Vec<(Uuid, bool)>, DbError> {
    let rows = sqlx::query!(
        r#"select h.id, h.id in (select c.entity_id from edits c where c.firm_id = (select sec.firm()) and c.import_id = $1 and c.op = 'create'
             and c.entity = 'households') as "made!"
           from households h where h.firm_id = (select sec.firm()) and h.id in (select e.household_id from edits e
             where e.firm_id = (select sec.firm()) and e.import_id = $1 and e.op = 'create')
           order by h.id for update"#,
        import.0
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|r| (r.id, r.made)).collect())
}

/// What people changed after an import in rows that it made: kept by a revert, with what hangs on it.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The table.
    pub entity: String,
    /// The row.
    pub entity_id: Uuid,
    /// Its household.
    pub household_id: Option<Uuid>,
    /// The field that somebody changed; empty for a row that somebody added.
    pub field: Option<String>,
    /// Who.
    pub user_name: String,
    /// When.
    pub at: Ts,
}

/// The edits that were made after an import in the households and rows it made, by people or by a later import that stands, and the
/// brain files there that say what somebody wrote.
///
/// # Errors
/// When the database cannot be reached.
pub async fn later_edits(tx: &mut TenantTx, import: ImportId) -> Result<Vec<Kept>, DbError> {
    Ok(sqlx::query_as!(
        Kept,
        r#"with made as (select entity, entity_id from edits where firm_id = (select sec.firm()) and import_id = $1 and op = 'create'),
             homes as (select entity_id from made where entity = 'households'),
             gone as (select id from imports where firm_id = (select sec.firm()) and reverted_at is not null),
             later as (
               select e.id from edits e join homes h on h.entity_id = e.household_id
                 where e.firm_id = (select sec.firm()) and e.import_id is distinct from $1
               union select e.id from edits e join made m on m.entity_id = e.entity_id
                 where e.firm_id = (select sec.firm()) and e.import_id is distinct from $1)
           select k.entity as "entity!", k.entity_id as "entity_id!", k.household_id as "household_id: _", k.field, k.user_name as "user_name!", k.at as "at!: _"
           from (
           select e.entity, e.entity_id, e.household_id, e.field, u.name as user_name, e.at, e.seq
           from later l join edits e on e.firm_id = (select sec.firm()) and e.id = l.id join users u on u.firm_id = e.firm_id and u.id = e.user_id
           where (e.import_id is null or e.import_id not in (select id from gone))
             and not (e.source = 'undo' and e.field = 'deleted_at' and exists (select from edits c where c.firm_id = e.firm_id
               and c.entity_id = e.entity_id and c.op = 'create' and c.import_id in (select id from gone)))
           union all
           select 'brain_files', f.id, f.household_id, 'text', u.name, v.at, null
           from brain_files f join brain_versions v on v.firm_id = f.firm_id and v.file_id = f.id and v.version = f.version
             join users u on u.firm_id = v.firm_id and u.id = v.user_id
           where f.firm_id = (select sec.firm()) and f.household_id in (select entity_id from homes)
             and v.source in ('ui', 'api', 'restore') and not v.removed
           ) k order by k.at, k.seq, k.entity_id"#,
        import.0
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Which of these households hold a private note, of whomever.
///
/// # Errors
/// When the database cannot be reached.
pub async fn with_private_notes(tx: &mut TenantTx, households: &[Uuid]) -> Result<Vec<Uuid>, DbError> {
    Ok(sqlx::query_scalar!(r#"select sec.with_private_notes($1) as "id!""#, households).fetch_all(tx.conn()).await?)
}

/// A household that a legal hold keeps, with rows of an import in it.
#[derive(Debug, Clone)]
pub struct HeldHousehold {
    /// The household.
    pub id: Uuid,
    /// Who placed the hold.
    pub user_name: String,
    /// When.
    pub at: Ts,
}

/// The held households in which an import made something.
///
/// # Errors
/// When the database cannot be reached.
pub async fn held(tx: &mut TenantTx, import: ImportId) -> Result<Vec<HeldHousehold>, DbError> {
    Ok(sqlx::query_as!(
        HeldHousehold,
        r#"select distinct on (l.household_id) l.household_id as id, u.name as user_name, l.placed_at as "at: _"
           from legal_holds l join users u on u.firm_id = l.firm_id and u.id = l.placed_by
           where l.firm_id = (select sec.firm()) and l.released_at is null and exists (select from edits e
             where e.firm_id = l.firm_id and e.household_id = l.household_id and e.import_id = $1 and e.op = 'create')
           order by l.household_id, l.placed_at"#,
        import.0
    )
    .fetch_all(tx.conn())
    .await?)
}

/// What a legal hold keeps: the rows of these households, and whom they name with how they are reached.
///
/// # Errors
/// When the database cannot be reached.
pub async fn rows_held(tx: &mut TenantTx, import: ImportId) -> Result<Vec<Uuid>, DbError> {
    Ok(sqlx::query_scalar!(
        r#"with held as (select household_id as id from legal_holds where firm_id = (select sec.firm()) and released_at is null),
             named as (
               select person_id as id from memberships where firm_id = (select sec.firm()) and household_id in (select id from held)
               union select unnest(array[person_id, entity_id]) from entity_roles where firm_id = (select sec.firm()) and household_id in (select id from held)
               union select unnest(array[person_id, entity_id]) from account_owners where firm_id = (select sec.firm()) and household_id in (select id from held)
               union select unnest(array[person_id, entity_id]) from beneficiaries where firm_id = (select sec.firm()) and household_id in (select id from held)
               union select insured_person_id from insurance_policies where firm_id = (select sec.firm()) and household_id in (select id from held))
           select e.entity_id as "id!" from edits e where e.firm_id = (select sec.firm()) and e.import_id = $1 and e.op = 'create'
             and e.household_id in (select id from held)
           union select id from named where id is not null
           union select c.id from contact_points c join named n on n.id in (c.person_id, c.entity_id, c.professional_id)
             where c.firm_id = (select sec.firm())"#,
        import.0
    )
    .fetch_all(tx.conn())
    .await?)
}

/// The rows of households that an import has not made, and that it has not written, which name somebody or something it made; and
/// what they name, with how that is reached.
///
/// # Errors
/// When the database cannot be reached.
pub async fn named_elsewhere(tx: &mut TenantTx, import: ImportId) -> Result<(Vec<Kept>, Vec<Uuid>), DbError> {
    let rows = sqlx::query!(
        r#"with made as (select entity, entity_id from edits where firm_id = (select sec.firm()) and import_id = $1 and op = 'create'),
             homes as (select entity_id from made where entity = 'households'),
             naming as (
               select 'memberships' as entity, id, household_id, deleted_at, person_id as named from memberships where firm_id = (select sec.firm())
               union all select 'entity_roles', id, household_id, deleted_at, unnest(array[person_id, entity_id]) from entity_roles where firm_id = (select sec.firm())
               union all select 'account_owners', id, household_id, deleted_at, unnest(array[person_id, entity_id]) from account_owners where firm_id = (select sec.firm())
               union all select 'beneficiaries', id, household_id, deleted_at, unnest(array[person_id, entity_id]) from beneficiaries where firm_id = (select sec.firm())
               union all select 'insurance_policies', id, household_id, deleted_at, insured_person_id from insurance_policies where firm_id = (select sec.firm())
               union all select 'contact_points', id, household_id, deleted_at, coalesce(person_id, entity_id, professional_id) from contact_points
                 where firm_id = (select sec.firm()))
           select n.entity as "entity!", n.id as "id!", n.household_id as "household_id!", u.name, e.at as "at: Ts",
             array_agg(n.named) as "named!: Vec<Uuid>"
           from naming n join made m on m.entity_id = n.named join edits e on e.firm_id = (select sec.firm()) and e.entity_id = n.id and e.op = 'create'
             join users u on u.firm_id = e.firm_id and u.id = e.user_id
           where n.deleted_at is null and e.import_id is distinct from $1 and n.household_id not in (select entity_id from homes)
           group by n.entity, n.id, n.household_id, u.name, e.at order by e.at, n.id"#,
        import.0
    )
    .fetch_all(tx.conn())
    .await?;
    let mut named: Vec<Uuid> = rows.iter().flat_map(|r| r.named.iter().copied()).collect();
    let reached = sqlx::query_scalar!(
        r#"select id from contact_points where firm_id = (select sec.firm())
           and (person_id = any ($1) or entity_id = any ($1) or professional_id = any ($1))"#,
        &named
    );
    let reached = reached.fetch_all(tx.conn()).await?;
    named.extend(reached);
    let kept = rows.into_iter().map(|r| Kept {
        entity: r.entity,
        entity_id: r.id,
        household_id: Some(r.household_id),
        field: None,
        user_name: r.name,
        at: r.at,
    });
    Ok((kept.collect(), named))
}

/// What must stay because a later edit hangs on it: the rows themselves and what holds them.
///
/// # Errors
/// When the database cannot be reached.
pub async fn holders(tx: &mut TenantTx, touched: &[Uuid]) -> Result<Vec<Uuid>, DbError> {
    Ok(sqlx::query_scalar!(
        r#"with people_kept as (
             select person_id as id from contact_points where firm_id = (select sec.firm()) and id = any ($1) and person_id is not null
             union select person_id from memberships where firm_id = (select sec.firm()) and id = any ($1)
             union select id from people where firm_id = (select sec.firm()) and id = any ($1)
             union select person_id from account_owners where firm_id = (select sec.firm()) and id = any ($1) and person_id is not null
             union select person_id from beneficiaries where firm_id = (select sec.firm()) and id = any ($1) and person_id is not null
             union select person_id from entity_roles where firm_id = (select sec.firm()) and id = any ($1) and person_id is not null
             union select insured_person_id from insurance_policies where firm_id = (select sec.firm()) and id = any ($1) and insured_person_id is not null)
           select id as "id!" from people_kept
           union select m.id from memberships m where m.firm_id = (select sec.firm()) and m.person_id in (select id from people_kept)
           union select account_id from balances where firm_id = (select sec.firm()) and id = any ($1)
           union select account_id from account_owners where firm_id = (select sec.firm()) and id = any ($1)
           union select account_id from beneficiaries where firm_id = (select sec.firm()) and id = any ($1)
           union select unnest($1::uuid[])"#,
        touched
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Shuts out the users whom an import made and who never signed in: they lose their identities and are not active any more.
///
/// # Errors
/// When the database cannot be reached.
pub async fn shut_out_made(tx: &mut TenantTx, import: ImportId) -> Result<Vec<Uuid>, DbError> {
    Ok(sqlx::query_scalar!(
        "with gone as (select r.row_id as id from import_refs r where r.firm_id = (select sec.firm()) and r.import_id = $1 and r.kind = 'user'
             and r.row_id <> (select sec.actor())
             and not exists (select from sessions s where s.firm_id = r.firm_id and s.user_id = r.row_id)),
           alone as (delete from identities where firm_id = (select sec.firm()) and user_id in (select id from gone)),
           keys as (update api_keys set revoked_at = now() where firm_id = (select sec.firm()) and user_id in (select id from gone) and revoked_at is null),
           invited as (update invites set revoked_at = now() where firm_id = (select sec.firm()) and user_id in (select id from gone)
             and used_at is null and revoked_at is null)
         update users set active = false where firm_id = (select sec.firm()) and active and id in (select id from gone) returning id",
        import.0
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Hides what an import made, except for `kept`. Returns (table, rows) for every table.
///
/// # Errors
/// When the database cannot be reached.
pub async fn hide_made(tx: &mut TenantTx, import: ImportId, kept: &[Uuid], now: Ts) -> Result<Vec<(&'static str, u64)>, DbError> {
    let mut counts = Vec::new();
    macro_rules! hide {
        ($($table:literal),+) => {$(
            let hidden = sqlx::query!(
                "update " + $table + " t set deleted_at = $3 from edits e
                 where e.firm_id = (select sec.firm()) and e.import_id = $1 and e.op = 'create' and e.entity = '" + $table + "'
                   and t.firm_id = e.firm_id and t.id = e.entity_id and t.deleted_at is null and not t.id = any ($2)",
                import.0,
                kept,
                now as Ts
            )
            .execute(tx.conn())
            .await?
            .rows_affected();
            counts.push(($table, hidden));
        )+};
    }
    hide!(
        "balances",
        "beneficiaries",
        "account_owners",
        "accounts",
        "notes",
        "tasks",
        "open_loops",
        "goals",
        "entity_roles",
        "entities",
        "professionals",
        "contact_points",
        "memberships",
        "people",
        "households"
    );
    Ok(counts)
}
