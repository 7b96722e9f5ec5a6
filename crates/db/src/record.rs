//! What the household record shows beside the rows of [`crate::facts`]: members, newest balances, recent notes.

use magfin_domain::facts::account::Balance;
use magfin_domain::facts::contact_point::ContactPoint;
use magfin_domain::facts::membership::MemberRole;
use magfin_domain::facts::note::Note;
use magfin_domain::facts::person::Person;
use magfin_domain::ids::{HouseholdId, PersonId};
use magfin_domain::time::Day;

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

/// A person's place in a household that is not the one on screen.
#[derive(Debug, Clone)]
pub struct Elsewhere {
    /// The person.
    pub person_id: PersonId,
    /// The household.
    pub household_id: HouseholdId,
    /// Its name.
    pub name: String,
    /// What the person is or was there.
    pub role: MemberRole,
    /// Since when.
    pub joined_on: Option<Day>,
    /// Until when.
    pub left_on: Option<Day>,
}

/// The places of these people in all households that may be seen, by the household's name.
///
/// # Errors
/// When the database cannot be reached.
pub async fn elsewhere(tx: &mut TenantTx, people: &[uuid::Uuid]) -> Result<Vec<Elsewhere>, DbError> {
    Ok(sqlx::query_as!(
        Elsewhere,
        r#"select m.person_id as "person_id: _", h.id as "household_id: _", h.name, m.role as "role: _", m.joined_on as "joined_on: _",
             m.left_on as "left_on: _"
           from memberships m join households h on h.firm_id = m.firm_id and h.id = m.household_id
           where m.firm_id = (select sec.firm()) and m.person_id = any ($1) and m.deleted_at is null and h.deleted_at is null
           order by h.name_key, m.joined_on nulls first, m.id"#,
        people
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

/// The newest notes of a household, pinned or not.
///
/// # Errors
/// When the database cannot be reached.
pub async fn notes(tx: &mut TenantTx, household: HouseholdId, limit: i64) -> Result<Vec<Note>, DbError> {
    Ok(sqlx::query_as!(
        Note,
        r#"select id as "id: _", version, household_id as "household_id: _", body as "body: _", pinned, privacy as "privacy: _", author_id as "author_id: _",
           occurred_at as "occurred_at: _", created_at as "created_at: _", updated_at as "updated_at: _", deleted_at as "deleted_at: _"
           from notes where firm_id = (select sec.firm()) and household_id = $1 and deleted_at is null
           order by occurred_at desc, id desc limit $2"#,
        household.0,
        limit
    )
    .fetch_all(tx.conn())
    .await?)
}
