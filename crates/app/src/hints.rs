//! What a household's record lacks, or what in it names somebody who is gone. A hint says where it can be put right.
//!
//! One place for all rules, computed from the record alone, so that a household of the past has the hints of its day.

use magfin_domain::facts::account::{AccountOwner, Beneficiary, Designation};
use magfin_domain::facts::contact_point::ContactKind;
use magfin_domain::facts::entity::{EntityKind, EntityRole, EntityRoleKind};
use magfin_domain::facts::household::HouseholdType;
use magfin_domain::facts::membership::MemberRole;
use magfin_domain::ids::PersonId;
use magfin_domain::time::Day;
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::record::{AccountView, EntityView, Member, Record};

/// What is missing or out of date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HintKind {
    /// Nobody current is the primary contact.
    NoPrimary,
    /// The primary contact has no telephone number.
    NoPhone,
    /// The primary contact has no e-mail address.
    NoEmail,
    /// No professional is recorded as trusted contact (FINRA Rule 4512 asks for one).
    NoTrustedContact,
    /// A client without a day for the next review.
    NoReview,
    /// An account without a primary beneficiary.
    NoBeneficiary,
    /// An account without a contingent beneficiary.
    NoContingent,
    /// The shares of an account's beneficiaries do not add up to 100 %.
    Shares,
    /// A beneficiary who has died.
    DeceasedBeneficiary,
    /// An owner of an account who has died.
    DeceasedOwner,
    /// Somebody acts in an entity and has died.
    DeceasedRole,
    /// A policy insures somebody who has died.
    DeceasedInsured,
    /// A spouse who has left is still a beneficiary.
    FormerBeneficiary,
    /// A spouse who has left is still an owner.
    FormerOwner,
    /// A spouse who has left still acts in an entity.
    FormerRole,
    /// A trust without a trustee.
    NoTrustee,
    /// A trust without a successor trustee.
    NoSuccessor,
}

/// Something to put right.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Hint {
    /// What it is.
    pub kind: HintKind,
    /// What it is, in words.
    pub text: String,
    /// The table of the row at which it is put right.
    pub entity: String,
    /// The row.
    pub entity_id: Uuid,
    /// Whom it is about.
    pub person_id: Option<PersonId>,
}

/// The hints of a record on a day. A household that is no client any more has none.
#[must_use]
pub fn of(record: &Record, day: Day) -> Vec<Hint> {
    let mut found = Found { people: &record.people, day, hints: Vec::new() };
    if record.household.r#type == HouseholdType::Former {
        return found.hints;
    }
    found.contacts(record);
    for account in record.accounts.iter().filter(|a| a.account.closed_on.is_none()) {
        found.account(account);
    }
    for entity in &record.entities {
        found.entity(entity);
    }
    for policy in &record.insurance_policies {
        if let Some(name) = policy.insured_person_id.and_then(|p| found.deceased(p)) {
            found.add(
                (HintKind::DeceasedInsured, "insurance_policies", policy.id.0),
                policy.insured_person_id,
                format!("{} insures {name}, who has died", policy.kind.as_str()),
            );
        }
    }
    found.hints
}

/// The hints found so far, and what they are judged by.
struct Found<'r> {
    people: &'r [Member],
    day: Day,
    hints: Vec<Hint>,
}

impl Found<'_> {
    fn add(&mut self, (kind, entity, entity_id): (HintKind, &str, Uuid), person_id: Option<PersonId>, text: String) {
        self.hints.push(Hint { kind, text, entity: entity.to_owned(), entity_id, person_id });
    }

    fn contacts(&mut self, record: &Record) {
        let home = record.household.id.0;
        let client = record.household.r#type == HouseholdType::Client;
        let current = |m: &&Member| m.membership.left_on.is_none() && !m.person.deceased;
        match record.people.iter().filter(current).find(|m| m.membership.role == MemberRole::Primary) {
            None => self.add((HintKind::NoPrimary, "households", home), None, "Nobody is the primary contact".to_owned()),
            Some(primary) => {
                for (kind, point, what) in
                    [(HintKind::NoPhone, ContactKind::Phone, "telephone number"), (HintKind::NoEmail, ContactKind::Email, "e-mail address")]
                {
                    if !primary.contact_points.iter().any(|c| c.kind == point) {
                        let text = format!("{} has no {what}", name(primary));
                        self.add((kind, "people", primary.person.id.0), Some(primary.person.id), text);
                    }
                }
            }
        }
        if client && !record.professionals.iter().any(|p| p.kind.as_str().to_lowercase().contains("trusted contact")) {
            self.add((HintKind::NoTrustedContact, "households", home), None, "No trusted contact is recorded".to_owned());
        }
        if client && record.household.next_review.is_none() {
            self.add((HintKind::NoReview, "households", home), None, "The next review is not set".to_owned());
        }
    }

    fn account(&mut self, view: &AccountView) {
        let (id, called) = (view.account.id.0, view.account.name.as_str());
        for owner in &view.owners {
            self.gone(
                owner.person_id,
                (HintKind::DeceasedOwner, HintKind::FormerOwner, "account_owners", owner.id.0),
                &format!("owns {called}"),
            );
        }
        for heir in &view.beneficiaries {
            let kinds = (HintKind::DeceasedBeneficiary, HintKind::FormerBeneficiary, "beneficiaries", heir.id.0);
            self.gone(heir.person_id, kinds, &format!("is a beneficiary of {called}"));
        }
        // What an entity owns passes by the papers of the entity.
        if view.owners.iter().any(|o: &AccountOwner| o.entity_id.is_some()) {
            return;
        }
        let of = |wanted: Designation| view.beneficiaries.iter().filter(|b| b.designation == wanted).collect::<Vec<_>>();
        let (primary, contingent) = (of(Designation::Primary), of(Designation::Contingent));
        if primary.is_empty() {
            self.add((HintKind::NoBeneficiary, "accounts", id), None, format!("{called} has no primary beneficiary"));
        } else if contingent.is_empty() {
            self.add((HintKind::NoContingent, "accounts", id), None, format!("{called} has no contingent beneficiary"));
        }
        for (heirs, word) in [(primary, "primary"), (contingent, "contingent")] {
            if let Some(wrong) = wrong_shares(&heirs) {
                self.add((HintKind::Shares, "accounts", id), None, format!("The {word} beneficiaries of {called} {wrong}"));
            }
        }
    }

    fn entity(&mut self, view: &EntityView) {
        let (id, called) = (view.entity.id.0, view.entity.name.as_str());
        let day = self.day;
        let acting: Vec<&EntityRole> = view.roles.iter().filter(|r| r.until.is_none_or(|until| until >= day)).collect();
        for role in &acting {
            let what = format!("is {} of {called}", role.role.as_str().replace('_', " "));
            self.gone(role.person_id, (HintKind::DeceasedRole, HintKind::FormerRole, "entity_roles", role.id.0), &what);
        }
        if view.entity.kind != EntityKind::Trust {
            return;
        }
        let has = |wanted: EntityRoleKind| {
            acting.iter().any(|r| r.role == wanted && r.person_id.is_none_or(|person| self.deceased(person).is_none()))
        };
        let (trustee, successor) = (has(EntityRoleKind::Trustee), has(EntityRoleKind::SuccessorTrustee));
        if !trustee {
            self.add((HintKind::NoTrustee, "entities", id), None, format!("{called} has no trustee"));
        }
        if !successor {
            self.add((HintKind::NoSuccessor, "entities", id), None, format!("{called} has no successor trustee"));
        }
    }

    /// Adds a hint when the person has died, or is a spouse who has left.
    fn gone(&mut self, person: Option<PersonId>, (died, left, entity, row): (HintKind, HintKind, &str, Uuid), what: &str) {
        let Some(person) = person else { return };
        if let Some(name) = self.deceased(person) {
            self.add((died, entity, row), Some(person), format!("{name}, who has died, {what}"));
        } else if let Some(name) = self.former_spouse(person) {
            self.add((left, entity, row), Some(person), format!("{name}, who has left the household, {what}"));
        }
    }

    fn deceased(&self, person: PersonId) -> Option<String> {
        self.people.iter().find(|m| m.person.id == person && m.person.deceased).map(name)
    }

    fn former_spouse(&self, person: PersonId) -> Option<String> {
        let mut places = self.people.iter().filter(|m| m.person.id == person);
        let was = places.clone().find(|m| matches!(m.membership.role, MemberRole::Primary | MemberRole::Spouse))?;
        places.all(|m| m.membership.left_on.is_some()).then(|| name(was))
    }
}

/// What is wrong with the shares of beneficiaries of one rank; one alone need not have a share.
fn wrong_shares(heirs: &[&Beneficiary]) -> Option<String> {
    let shares: Vec<Decimal> = heirs.iter().filter_map(|b| b.share_pct.map(|share| share.0)).collect();
    let sum: Decimal = shares.iter().sum();
    if heirs.is_empty() || (shares.is_empty() && heirs.len() == 1) || (sum == Decimal::ONE_HUNDRED && shares.len() == heirs.len()) {
        None
    } else if shares.is_empty() {
        Some("have no shares".to_owned())
    } else {
        Some(format!("have shares of {} % together", sum.normalize()))
    }
}

fn name(member: &Member) -> String {
    let p = &member.person;
    let first = p.preferred_name.as_ref().or(p.first_name.as_ref()).map(|n| n.as_str());
    let parts: Vec<&str> = [first, p.last_name.as_ref().map(|n| n.as_str())].into_iter().flatten().collect();
    if parts.is_empty() { p.native_name.as_ref().map_or("Somebody", |n| n.as_str()).to_owned() } else { parts.join(" ") }
}
