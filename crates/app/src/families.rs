//! A new family in one step: the household, its people, and how to reach them. Either all of it is there or nothing.

use magfin_db::facts::Stored;
use magfin_db::tenant::TenantTx;
use magfin_domain::fact::Fact;
use magfin_domain::facts::contact_point::{ContactKind, ContactPoint};
use magfin_domain::facts::household::{Household, HouseholdCreate};
use magfin_domain::facts::membership::{MemberRole, Membership, MembershipCreate};
use magfin_domain::facts::person::{Person, PersonCreate};
use magfin_domain::ids::{HouseholdId, PersonId};
use magfin_domain::role::Permission;
use magfin_domain::text::{Contact, Label, Name, NamePart, Phrase, PostalCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::facts::{IdempotencyKey, object};
use crate::{AppError, FieldError, Op};

/// The most people of a new family, and the most ways to reach any of them.
pub const MOST_PARTS: usize = 20;

/// A new family.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FamilyCreate {
    /// The household.
    pub household: HouseholdCreate,
    /// Its people, the primary contact first.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub people: Vec<FamilyPerson>,
    /// How the household itself is reached.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub contact_points: Vec<FamilyContact>,
}

/// A person of a new family: with a first or a last name.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FamilyPerson {
    /// First name.
    pub first_name: Option<NamePart>,
    /// Middle name or initial.
    pub middle_name: Option<NamePart>,
    /// Last name.
    pub last_name: Option<NamePart>,
    /// Suffix such as Jr.
    pub suffix: Option<Label>,
    /// What the person is called.
    pub preferred_name: Option<NamePart>,
    /// Employer.
    pub employer: Option<Name>,
    /// Occupation.
    pub occupation: Option<Name>,
    /// What the person is in the household.
    #[serde(default)]
    pub role: MemberRole,
    /// How the person is reached.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub contact_points: Vec<FamilyContact>,
}

/// A way to reach a new family or one of its people.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FamilyContact {
    /// Phone, e-mail or address.
    pub kind: ContactKind,
    /// Such as mobile, home, work.
    pub label: Option<Label>,
    /// Number or e-mail address as somebody typed it.
    pub value: Option<Contact>,
    /// First address line.
    pub line1: Option<Name>,
    /// Second address line.
    pub line2: Option<Name>,
    /// City.
    pub city: Option<Phrase>,
    /// State or province.
    pub state: Option<Phrase>,
    /// Postal code.
    pub postal_code: Option<PostalCode>,
    /// Country.
    pub country: Option<Phrase>,
}

impl FamilyPerson {
    fn person(&self) -> PersonCreate {
        PersonCreate {
            deceased: false,
            first_name: self.first_name.clone(),
            middle_name: self.middle_name.clone(),
            last_name: self.last_name.clone(),
            suffix: self.suffix.clone(),
            preferred_name: self.preferred_name.clone(),
            native_name: None,
            employer: self.employer.clone(),
            occupation: self.occupation.clone(),
            deceased_on: None,
            birth_date: None,
            tax_id: None,
        }
    }
}

impl Op<'_> {
    /// Creates a family in one transaction; seen by the team named or else by the caller's first team.
    ///
    /// # Errors
    /// `Invalid` names the part that was refused, `NotFound` when the team is not the caller's; nothing is kept then.
    pub async fn create_family(&self, body: &FamilyCreate, key: Option<&IdempotencyKey>) -> Result<Household, AppError> {
        bounded(body)?;
        let mut tx = self.write(Permission::BookWrite).await?;
        if let Some(made) = self.claim(&mut tx, Household::TABLE, key).await? {
            return self.shown(Household::find(&mut tx, made).await?);
        }
        let household = self.insert_household(&mut tx, &body.household).await.map_err(|e| within(e, "/household"))?;
        self.reach(&mut tx, household.id, None, &body.contact_points, "").await?;
        for (i, person) in body.people.iter().enumerate() {
            let at = format!("/people/{i}");
            let row: Person = self.insert(&mut tx, Some(household.id), object(&person.person())?).await.map_err(|e| within(e, &at))?;
            let place = MembershipCreate { person_id: row.id, role: person.role, joined_on: None, left_on: None };
            self.insert::<Membership>(&mut tx, Some(household.id), object(&place)?).await.map_err(|e| within(e, &at))?;
            self.reach(&mut tx, household.id, Some(row.id), &person.contact_points, &at).await?;
        }
        self.settle(&mut tx, key, household.id.0).await?;
        tx.commit().await?;
        Ok(household)
    }

    /// Adds ways to reach the household or one of its people; the first of a kind is the one to use first.
    async fn reach(
        &self,
        tx: &mut TenantTx,
        household: HouseholdId,
        person: Option<PersonId>,
        contacts: &[FamilyContact],
        at: &str,
    ) -> Result<(), AppError> {
        for (i, contact) in contacts.iter().enumerate() {
            let mut values = object(contact)?;
            values["person_id"] = json!(person);
            values["is_primary"] = Value::Bool(!contacts[..i].iter().any(|before| before.kind == contact.kind));
            let refused = |e| within(e, &format!("{at}/contact_points/{i}"));
            self.insert::<ContactPoint>(tx, Some(household), values).await.map_err(refused)?;
        }
        Ok(())
    }
}

/// A refusal of a part, named from the whole.
fn within(error: AppError, at: &str) -> AppError {
    match error {
        AppError::Invalid(fields) => AppError::Invalid(
            fields.into_iter().map(|f| FieldError { pointer: format!("{at}{}", f.pointer), message: f.message }).collect(),
        ),
        other => other,
    }
}

fn bounded(body: &FamilyCreate) -> Result<(), AppError> {
    let many = |at: String| AppError::field(&at, format!("must have at most {MOST_PARTS} items"));
    if body.people.len() > MOST_PARTS {
        return Err(many("/people".to_owned()));
    }
    if body.contact_points.len() > MOST_PARTS {
        return Err(many("/contact_points".to_owned()));
    }
    for (i, person) in body.people.iter().enumerate() {
        if person.contact_points.len() > MOST_PARTS {
            return Err(many(format!("/people/{i}/contact_points")));
        }
        if person.first_name.is_none() && person.last_name.is_none() {
            return Err(AppError::field(&format!("/people/{i}/first_name"), "a person needs a first name or a last name"));
        }
    }
    Ok(())
}
