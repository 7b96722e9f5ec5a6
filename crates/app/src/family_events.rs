//! What happens in a family, recorded as one request over all the rows that it moves.

use magfin_db::facts::Stored;
use magfin_db::tenant::TenantTx;
use magfin_db::{edits, households};
use magfin_domain::edit::Edit;
use magfin_domain::facts::household::Household;
use magfin_domain::facts::membership::{MemberRole, Membership};
use magfin_domain::facts::person::Person;
use magfin_domain::family_event::{FamilyEvent, FamilyEventKind};
use magfin_domain::ids::{HouseholdId, PersonId};
use magfin_domain::role::Permission;
use magfin_domain::time::Day;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::facts::{IdempotencyKey, live, object};
use crate::hints::Hint;
use crate::people::named;
use crate::record::HouseholdName;
use crate::{AppError, Op};

/// Names the use case among idempotency keys.
const NOUN: &str = "family_events";
/// The most edits that one such request makes.
const MOST_EDITS: i64 = 50;

/// What was recorded.
#[derive(Debug, Serialize, ToSchema)]
pub struct FamilyEventDone {
    /// Names everything that was changed, for undoing it as a whole.
    pub request_id: Uuid,
    /// Whom it concerns.
    pub person_id: PersonId,
    /// The household that was opened for them.
    pub new_household: Option<HouseholdName>,
    /// What still names them in the household, or is missing now.
    pub look_at: Vec<Hint>,
}

impl Op<'_> {
    /// Records what happened in a family: all rows in one transaction, and one thing to undo.
    ///
    /// Whoever leaves or has died keeps their place in the household with its last day. When that was the primary contact, the
    /// spouse who stays takes over. A household opened for them is seen by the same team.
    ///
    /// # Errors
    /// `NotFound` when the household or the person is not yours to see; `Invalid` for somebody who is no member, or is one
    /// already, and for a day that cannot be.
    pub async fn record_family_event(
        &self,
        household: HouseholdId,
        event: &FamilyEvent,
        key: Option<&IdempotencyKey>,
    ) -> Result<FamilyEventDone, AppError> {
        let mut tx = self.write(Permission::BookWrite).await?;
        if let Some(request) = self.claim(&mut tx, NOUN, key).await? {
            return self.done(&mut tx, household, request).await;
        }
        check(event, self.today(&mut tx).await?)?;
        // Two events of one household wait for each other.
        let home = live(Household::lock(&mut tx, household.0).await?)?;
        tx.set_reason(&event.told()).await?;
        match (event.event, event.person_id) {
            (FamilyEventKind::Joined, _) => self.join(&mut tx, household, event).await?,
            (_, Some(person)) => self.leave(&mut tx, &home, person, event).await?,
            (_, None) => return Err(AppError::field("/person_id", "is needed: whom does it concern?")),
        }
        let done = self.done(&mut tx, household, self.caller.request_id).await?;
        self.settle(&mut tx, key, self.caller.request_id).await?;
        tx.commit().await?;
        Ok(done)
    }

    async fn join(&self, tx: &mut TenantTx, household: HouseholdId, event: &FamilyEvent) -> Result<(), AppError> {
        let person = match (event.person_id, &event.new_person) {
            (Some(known), _) => live(Person::find(tx, known.0).await?)?.id,
            (None, Some(new)) => {
                named(new, "/new_person")?;
                self.insert::<Person>(tx, Some(household), object(new)?).await?.id
            }
            (None, None) => return Err(AppError::NotFound),
        };
        let members = Membership::of_household(tx, household.0).await?;
        if members.iter().any(|m| m.person_id == person && m.left_on.is_none()) {
            return Err(AppError::field("/person_id", "is a member of the household already"));
        }
        self.add_place(tx, household, person, event.role.unwrap_or_default(), event.on).await
    }

    async fn leave(&self, tx: &mut TenantTx, home: &Household, person: PersonId, event: &FamilyEvent) -> Result<(), AppError> {
        let members = Membership::of_household(tx, home.id.0).await?;
        let place = current(&members, person)?;
        if place.joined_on.is_some_and(|joined| event.on < joined) {
            return Err(AppError::field("/on", "must not lie before the day on which they joined the household"));
        }
        Membership::lock(tx, place.id.0).await?;
        Membership::update(tx, place.id.0, &json!({"left_on": event.on})).await?;
        if event.event == FamilyEventKind::Death {
            live(Person::lock(tx, person.0).await?)?;
            Person::update(tx, person.0, &json!({"deceased": true, "deceased_on": event.on})).await?;
        }
        if let (MemberRole::Primary, Some(heir)) = (place.role, successor(&members, person)) {
            Membership::update(tx, heir.id.0, &json!({"role": MemberRole::Primary})).await?;
        }
        let Some(name) = &event.new_household else { return Ok(()) };
        let values = json!({"name": name, "type": home.r#type, "team_id": home.team_id, "tags": []});
        let new = self.insert::<Household>(tx, None, values).await?;
        self.add_place(tx, new.id, person, MemberRole::Primary, event.on).await
    }

    async fn add_place(
        &self,
        tx: &mut TenantTx,
        household: HouseholdId,
        person: PersonId,
        role: MemberRole,
        on: Day,
    ) -> Result<(), AppError> {
        let values = json!({"person_id": person, "role": role, "joined_on": on});
        self.insert::<Membership>(tx, Some(household), values).await?;
        Ok(())
    }

    /// The answer, read back from what the request wrote, so that a repeated request gets the same one.
    async fn done(&self, tx: &mut TenantTx, household: HouseholdId, request: Uuid) -> Result<FamilyEventDone, AppError> {
        let written = edits::of_request(tx, request, MOST_EDITS).await?;
        let is_place = |e: &&Edit| e.entity == "memberships" && (e.op == "create" || e.field.as_deref() == Some("left_on"));
        let place = written.iter().filter(is_place).find(|e| e.household_id == Some(household)).ok_or(AppError::NotFound)?;
        let person = Membership::find(tx, place.entity_id).await?.ok_or(AppError::NotFound)?.person_id;
        let opened = written.iter().find(|e| e.entity == "households" && e.op == "create").map(|e| e.entity_id);
        let names = households::names(tx, &Vec::from_iter(opened)).await?;
        let record = self.gather(tx, household, None).await?;
        Ok(FamilyEventDone {
            request_id: request,
            person_id: person,
            new_household: names.into_iter().next().map(|(id, name)| HouseholdName { id, name }),
            look_at: record.hints.into_iter().filter(|hint| hint.person_id == Some(person)).collect(),
        })
    }
}

/// Refuses what cannot have happened, whatever the household.
fn check(event: &FamilyEvent, today: Day) -> Result<(), AppError> {
    let joined = event.event == FamilyEventKind::Joined;
    // Where it is tomorrow already, it may have happened today.
    let tomorrow = today.date().tomorrow().map_err(|_| AppError::Internal("day".to_owned()))?;
    if event.on.date() > tomorrow {
        return Err(AppError::field("/on", "must not lie ahead: record it when it has happened"));
    }
    if joined && event.person_id.is_some() == event.new_person.is_some() {
        return Err(AppError::field("/person_id", "name somebody whom the book knows, or describe a new person, not both"));
    }
    if !joined && event.new_person.is_some() {
        return Err(AppError::field("/new_person", "is for somebody who joins"));
    }
    if !joined && event.role.is_some() {
        return Err(AppError::field("/role", "is for somebody who joins"));
    }
    if event.new_household.is_some() && !matches!(event.event, FamilyEventKind::Divorce | FamilyEventKind::Left) {
        return Err(AppError::field("/new_household", "is opened for somebody who leaves"));
    }
    Ok(())
}

/// The place that the person has in the household now.
fn current(members: &[Membership], person: PersonId) -> Result<&Membership, AppError> {
    let mut places = members.iter().filter(|m| m.person_id == person).peekable();
    if places.peek().is_none() {
        return Err(AppError::NotFound);
    }
    places.find(|m| m.left_on.is_none()).ok_or_else(|| AppError::field("/person_id", "has left the household already"))
}

/// The one spouse who stays when the primary contact goes.
fn successor(members: &[Membership], gone: PersonId) -> Option<&Membership> {
    let mut spouses = members.iter().filter(|m| m.role == MemberRole::Spouse && m.left_on.is_none() && m.person_id != gone);
    let first = spouses.next();
    if spouses.next().is_some() { None } else { first }
}
