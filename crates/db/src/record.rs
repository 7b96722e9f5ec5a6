//! What the household record shows beside the rows of [`crate::facts`]: members, newest balances, recent notes, open work.

use magfin_domain::facts::account::Balance;
use magfin_domain::facts::contact_point::ContactPoint;
use magfin_domain::facts::note::Note;
use magfin_domain::facts::open_loop::OpenLoop;
use magfin_domain::facts::person::Person;
use magfin_domain::facts::task::Task;
use magfin_domain::ids::{HouseholdId, NoteId};

use crate::DbError;
use crate::tenant::TenantTx;

/// The people of a household, past members included.
///
/// # Errors
/// When the database cannot be reached.
pub async fn people(tx: &mut TenantTx, household: HouseholdId) -> Result<Vec<Person>, DbError> {
    Ok(sqlx::query_as!(
        Person,
        r#"select id as "id: _", version, household_id as "household_id: _", deceased, first_name as "first_name: _", middle_name as "middle_name: _",
           last_name as "last_name: _", suffix as "suffix: _", preferred_name as "preferred_name: _", native_name as "native_name: _",
           employer as "employer: _", occupation as "occupation: _", deceased_on as "deceased_on: _", birth_date as "birth_date: _",
           tax_id as "tax_id: _", created_at as "created_at: _", updated_at as "updated_at: _", deleted_at as "deleted_at: _"
           from people where firm_id = (select sec.firm()) and deleted_at is null and id in (
             select m.person_id from memberships m where m.firm_id = (select sec.firm()) and m.household_id = $1 and m.deleted_at is null)"#,
        household.0
    )
    .fetch_all(tx.conn())
    .await?)
}

/// The contact points of a household and of its people.
///
/// # Errors
/// When the database cannot be reached.
pub async fn contact_points(tx: &mut TenantTx, household: HouseholdId, people: &[uuid::Uuid]) -> Result<Vec<ContactPoint>, DbError> {
    Ok(sqlx::query_as!(
        ContactPoint,
        r#"select id as "id: _", version, household_id as "household_id: _", kind as "kind: _", person_id as "person_id: _",
           professional_id as "professional_id: _", entity_id as "entity_id: _", is_primary, label as "label: _", value as "value: _",
           line1 as "line1: _", line2 as "line2: _", city as "city: _", state as "state: _", postal_code as "postal_code: _",
           country as "country: _", e164, extension, created_at as "created_at: _", updated_at as "updated_at: _", deleted_at as "deleted_at: _"
           from contact_points where firm_id = (select sec.firm()) and deleted_at is null
             and (household_id = $1 or person_id = any ($2)) order by is_primary desc, position, id"#,
        household.0,
        people
    )
    .fetch_all(tx.conn())
    .await?)
}

/// The newest balance of every account of a household.
///
/// # Errors
/// When the database cannot be reached.
pub async fn newest_balances(tx: &mut TenantTx, household: HouseholdId) -> Result<Vec<Balance>, DbError> {
    Ok(sqlx::query_as!(
        Balance,
        r#"select distinct on (account_id) id as "id: _", version, household_id as "household_id: _", account_id as "account_id: _",
           currency as "currency: _", amount as "amount: _", as_of as "as_of: _", created_at as "created_at: _", updated_at as "updated_at: _",
           deleted_at as "deleted_at: _"
           from balances where firm_id = (select sec.firm()) and household_id = $1 and deleted_at is null
           order by account_id, as_of desc nulls last, id desc"#,
        household.0
    )
    .fetch_all(tx.conn())
    .await?)
}

/// The newest notes of a household, pinned ones apart from the order of time, after `cursor`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn notes(tx: &mut TenantTx, household: HouseholdId, cursor: Option<NoteId>, limit: i64) -> Result<Vec<Note>, DbError> {
    Ok(sqlx::query_as!(
        Note,
        r#"select id as "id: _", version, household_id as "household_id: _", body as "body: _", pinned, author_id as "author_id: _",
           occurred_at as "occurred_at: _", created_at as "created_at: _", updated_at as "updated_at: _", deleted_at as "deleted_at: _"
           from notes where firm_id = (select sec.firm()) and household_id = $1 and deleted_at is null
             and (occurred_at, id) < (coalesce((select c.occurred_at from notes c where c.firm_id = (select sec.firm()) and c.id = $2), 'infinity'),
                                      coalesce($2::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
           order by occurred_at desc, id desc limit $3"#,
        household.0,
        cursor.map(|c| c.0),
        limit
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Open tasks of a household, and those done in the last seven days.
///
/// # Errors
/// When the database cannot be reached.
pub async fn tasks(tx: &mut TenantTx, household: HouseholdId) -> Result<Vec<Task>, DbError> {
    Ok(sqlx::query_as!(
        Task,
        r#"select id as "id: _", version, household_id as "household_id: _", title as "title: _", priority as "priority: _", due_on as "due_on: _",
           done_at as "done_at: _", assignee_id as "assignee_id: _", created_at as "created_at: _", updated_at as "updated_at: _", deleted_at as "deleted_at: _"
           from tasks where firm_id = (select sec.firm()) and household_id = $1 and deleted_at is null
             and (done_at is null or done_at > now() - interval '7 days') order by due_on nulls last, priority, id limit 1000"#,
        household.0
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Open and waiting loops of a household, and those closed in the last seven days.
///
/// # Errors
/// When the database cannot be reached.
pub async fn open_loops(tx: &mut TenantTx, household: HouseholdId) -> Result<Vec<OpenLoop>, DbError> {
    Ok(sqlx::query_as!(
        OpenLoop,
        r#"select id as "id: _", version, household_id as "household_id: _", text as "text: _", direction as "direction: _", status as "status: _",
           owner_id as "owner_id: _", opened_on as "opened_on: _", due_on as "due_on: _", closed_on as "closed_on: _",
           created_at as "created_at: _", updated_at as "updated_at: _", deleted_at as "deleted_at: _"
           from open_loops where firm_id = (select sec.firm()) and household_id = $1 and deleted_at is null
             and (status in ('open', 'waiting') or updated_at > now() - interval '7 days') order by opened_on nulls last, id limit 1000"#,
        household.0
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Open tasks of every household that may be seen and of the firm, by due day, after `cursor`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn all_open_tasks(tx: &mut TenantTx, cursor: Option<uuid::Uuid>, limit: i64) -> Result<Vec<Task>, DbError> {
    Ok(sqlx::query_as!(
        Task,
        r#"select id as "id: _", version, household_id as "household_id: _", title as "title: _", priority as "priority: _", due_on as "due_on: _",
           done_at as "done_at: _", assignee_id as "assignee_id: _", created_at as "created_at: _", updated_at as "updated_at: _", deleted_at as "deleted_at: _"
           from tasks where firm_id = (select sec.firm()) and done_at is null and deleted_at is null
             and (coalesce(due_on, 'infinity'), id) > (coalesce((select coalesce(c.due_on, 'infinity') from tasks c where c.firm_id = (select sec.firm()) and c.id = $1), '-infinity'),
                                                       coalesce($1::uuid, '00000000-0000-0000-0000-000000000000'))
           order by coalesce(due_on, 'infinity'), id limit $2"#,
        cursor,
        limit
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Open and waiting loops of every household that may be seen, oldest first, after `cursor`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn all_open_loops(tx: &mut TenantTx, cursor: Option<uuid::Uuid>, limit: i64) -> Result<Vec<OpenLoop>, DbError> {
    Ok(sqlx::query_as!(
        OpenLoop,
        r#"select id as "id: _", version, household_id as "household_id: _", text as "text: _", direction as "direction: _", status as "status: _",
           owner_id as "owner_id: _", opened_on as "opened_on: _", due_on as "due_on: _", closed_on as "closed_on: _",
           created_at as "created_at: _", updated_at as "updated_at: _", deleted_at as "deleted_at: _"
           from open_loops where firm_id = (select sec.firm()) and status in ('open', 'waiting') and deleted_at is null
             and (coalesce(opened_on, 'infinity'), id) > (coalesce((select coalesce(c.opened_on, 'infinity') from open_loops c where c.firm_id = (select sec.firm()) and c.id = $1), '-infinity'),
                                                          coalesce($1::uuid, '00000000-0000-0000-0000-000000000000'))
           order by coalesce(opened_on, 'infinity'), id limit $2"#,
        cursor,
        limit
    )
    .fetch_all(tx.conn())
    .await?)
}
