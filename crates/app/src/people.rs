//! Adding a person to a household: the person and their membership in one step.

use magfin_domain::facts::membership::{MemberRole, Membership, MembershipCreate};
use magfin_domain::facts::person::{Person, PersonCreate};
use magfin_domain::ids::{HouseholdId, PersonId};
use magfin_domain::role::Permission;
use magfin_domain::time::Day;

use crate::facts::{IdempotencyKey, object};
use crate::{AppError, Op};

impl Op<'_> {
    /// Adds a new person to a household in a role, since a day.
    ///
    /// # Errors
    /// `NotFound` when the household is not yours to see.
    pub async fn add_member(
        &self,
        household: HouseholdId,
        person: &PersonCreate,
        (role, joined_on): (MemberRole, Option<Day>),
        key: Option<&IdempotencyKey>,
    ) -> Result<(Person, Membership), AppError> {
        let mut tx = self.write(Permission::BookWrite).await?;
        named(person, "")?;
        if let Some(made) = self.claim(&mut tx, "people", key).await? {
            use magfin_db::facts::Stored;
            let person = self.shown(Person::find(&mut tx, made).await?)?;
            let membership = Membership::of_household(&mut tx, household.0)
                .await?
                .into_iter()
                .find(|m| m.person_id == person.id)
                .ok_or(AppError::NotFound)?;
            return Ok((person, membership));
        }
        let person = self.insert::<Person>(&mut tx, Some(household), object(person)?).await?;
        let body = MembershipCreate { person_id: PersonId(person.id.0), role, joined_on, left_on: None };
        let membership = self.insert::<Membership>(&mut tx, Some(household), object(&body)?).await?;
        self.settle(&mut tx, key, person.id.0).await?;
        tx.commit().await?;
        Ok((person, membership))
    }
}

/// Refuses a person without any name; `place` is where the body describes them.
pub(crate) fn named(person: &PersonCreate, place: &str) -> Result<(), AppError> {
    if person.first_name.is_none() && person.last_name.is_none() && person.native_name.is_none() {
        return Err(AppError::field(&format!("{place}/first_name"), "a person needs a first name, a last name or a native name"));
    }
    Ok(())
}
