//! The household record: everything that its page shows, from one transaction.

use std::collections::HashMap;

use magfin_db::facts::Stored;
use magfin_db::{directory, households, open_loops, record, tasks};
use magfin_domain::directory::TeamName;
use magfin_domain::facts::account::{Account, AccountOwner, Balance, Beneficiary};
use magfin_domain::facts::contact_point::ContactPoint;
use magfin_domain::facts::entity::{Entity, EntityRole};
use magfin_domain::facts::goal::Goal;
use magfin_domain::facts::household::Household;
use magfin_domain::facts::insurance_policy::InsurancePolicy;
use magfin_domain::facts::liability::Liability;
use magfin_domain::facts::membership::{MemberRole, Membership};
use magfin_domain::facts::note::Note;
use magfin_domain::facts::open_loop::OpenLoop;
use magfin_domain::facts::person::Person;
use magfin_domain::facts::professional::Professional;
use magfin_domain::facts::task::Task;
use magfin_domain::ids::HouseholdId;
use magfin_domain::role::Permission;
use magfin_domain::time::{Day, Ts};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::hints::{self, Hint};
use crate::totals::{Totals, total};
use crate::{AppError, Op, columns};

/// A household by its name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HouseholdName {
    /// Identifier.
    pub id: HouseholdId,
    /// Name.
    pub name: String,
}

/// A person's place in another household.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OtherHousehold {
    /// The household.
    pub id: HouseholdId,
    /// Its name.
    pub name: String,
    /// What the person is or was there.
    pub role: MemberRole,
    /// Since when.
    pub joined_on: Option<Day>,
    /// Until when.
    pub left_on: Option<Day>,
}

/// A person in a household.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Member {
    /// Their place in the household.
    pub membership: Membership,
    /// The person.
    pub person: Person,
    /// How to reach them.
    pub contact_points: Vec<ContactPoint>,
    /// Their other households, as far as the caller may see them.
    pub other_households: Vec<OtherHousehold>,
}

/// An entity and who has which role in it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EntityView {
    /// The entity.
    #[serde(flatten)]
    pub entity: Entity,
    /// Roles in it.
    pub roles: Vec<EntityRole>,
}

/// An account with its newest balance, owners and beneficiaries.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccountView {
    /// The account.
    #[serde(flatten)]
    pub account: Account,
    /// The newest balance.
    pub balance: Option<Balance>,
    /// Owners.
    pub owners: Vec<AccountOwner>,
    /// Beneficiaries.
    pub beneficiaries: Vec<Beneficiary>,
}

/// The whole record.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Record {
    /// The household.
    pub household: Household,
    /// The team that sees it.
    pub team: Option<TeamName>,
    /// What it holds.
    pub totals: Totals,
    /// What is missing or names somebody who is gone.
    pub hints: Vec<Hint>,
    /// Its people, in the order of their roles; past members included, and whoever came back once for each stay.
    pub people: Vec<Member>,
    /// Its trusts, companies, foundations and estates.
    pub entities: Vec<EntityView>,
    /// Its professionals.
    pub professionals: Vec<Professional>,
    /// Contact points of the household itself, and of its professionals and entities.
    pub contact_points: Vec<ContactPoint>,
    /// Its accounts.
    pub accounts: Vec<AccountView>,
    /// Its debts.
    pub liabilities: Vec<Liability>,
    /// Its insurance policies.
    pub insurance_policies: Vec<InsurancePolicy>,
    /// Its goals.
    pub goals: Vec<Goal>,
    /// Its twenty newest notes.
    pub notes: Vec<Note>,
    /// Its open tasks, and those done in the last seven days.
    pub tasks: Vec<Task>,
    /// Its open loops, and those closed in the last seven days.
    pub open_loops: Vec<OpenLoop>,
}

impl Op<'_> {
    /// The record of a household: as it is, or as it was known at a moment.
    ///
    /// # Errors
    /// `NotFound` when it is not yours to see, or was not known then. A hidden household is shown, marked by `deleted_at`.
    pub async fn record(&self, id: HouseholdId, at: Option<Ts>) -> Result<Record, AppError> {
        let mut tx = self.read_at(Permission::BookRead, at).await?;
        self.gather(&mut tx, id, at).await
    }

    /// The record within a transaction that looks at `at`, or at the present.
    pub(crate) async fn gather(&self, tx: &mut Tx, id: HouseholdId, at: Option<Ts>) -> Result<Record, AppError> {
        let firm = tx.context().firm.0;
        let moment = at.unwrap_or_else(|| self.app.now());
        // Of the day in UTC: the firm's own day would cost a question of every record, and differs by hours in what lasts for years.
        let day = Day::new(moment.0.to_zoned(jiff::tz::TimeZone::UTC).date()).map_err(|_| AppError::NotFound)?;
        let household = Household::find(tx, id.0).await?.ok_or(AppError::NotFound)?;
        let team = directory::team_name(tx, household.team_id).await?;
        let accounts = accounts(self, tx, id, firm).await?;
        let (people, contact_points) = members(self, tx, id, firm).await?;
        let entities = entities(self, tx, id, firm).await?;
        let liabilities = Liability::of_household(tx, id.0).await?;
        let mut record = Record {
            totals: total(&accounts, &liabilities),
            hints: Vec::new(),
            team,
            people,
            entities,
            contact_points,
            accounts,
            liabilities,
            professionals: Professional::of_household(tx, id.0).await?,
            insurance_policies: InsurancePolicy::of_household(tx, id.0).await?,
            goals: Goal::of_household(tx, id.0).await?,
            notes: record::notes(tx, id, 20).await?,
            tasks: tasks::of_household(tx, id, moment).await?,
            open_loops: open_loops::of_household(tx, id, moment).await?,
            household,
        };
        record.hints = hints::of(&record, day);
        Ok(record)
    }

    /// What adds up to a household's totals, as it is or as it was known at a moment.
    ///
    /// # Errors
    /// `NotFound` when it is not yours to see, or was not known then.
    pub async fn totals(&self, id: HouseholdId, at: Option<Ts>) -> Result<Totals, AppError> {
        let mut tx = self.read_at(Permission::BookRead, at).await?;
        let firm = tx.context().firm.0;
        Household::find(&mut tx, id.0).await?.ok_or(AppError::NotFound)?;
        let accounts = accounts(self, &mut tx, id, firm).await?;
        Ok(total(&accounts, &Liability::of_household(&mut tx, id.0).await?))
    }
}

pub(crate) async fn names(tx: &mut Tx, ids: impl Iterator<Item = HouseholdId>) -> Result<HashMap<HouseholdId, String>, AppError> {
    let ids: Vec<Uuid> = ids.map(|id| id.0).collect();
    Ok(households::names(tx, &ids).await?.into_iter().collect())
}

pub(crate) type Tx = magfin_db::tenant::TenantTx;

async fn accounts(op: &Op<'_>, tx: &mut Tx, id: HouseholdId, firm: Uuid) -> Result<Vec<AccountView>, AppError> {
    let rows = Account::of_household(tx, id.0).await?;
    let mut balances: HashMap<_, _> = record::newest_balances(tx, id).await?.into_iter().map(|b| (b.account_id, b)).collect();
    let mut owners = grouped(AccountOwner::of_household(tx, id.0).await?, |o| o.account_id);
    let mut beneficiaries = grouped(Beneficiary::of_household(tx, id.0).await?, |b| b.account_id);
    Ok(rows
        .into_iter()
        .map(|mut account| {
            columns::mask(op.app, firm, &mut account);
            AccountView {
                balance: balances.remove(&account.id),
                owners: owners.remove(&account.id).unwrap_or_default(),
                beneficiaries: beneficiaries.remove(&account.id).unwrap_or_default(),
                account,
            }
        })
        .collect())
}

async fn entities(op: &Op<'_>, tx: &mut Tx, id: HouseholdId, firm: Uuid) -> Result<Vec<EntityView>, AppError> {
    let rows = Entity::of_household(tx, id.0).await?;
    let mut roles = grouped(EntityRole::of_household(tx, id.0).await?, |r| r.entity_id);
    Ok(rows
        .into_iter()
        .map(|mut entity| {
            columns::mask(op.app, firm, &mut entity);
            EntityView { roles: roles.remove(&entity.id).unwrap_or_default(), entity }
        })
        .collect())
}

/// The people of the household, and the contact points that belong to none of them.
async fn members(op: &Op<'_>, tx: &mut Tx, id: HouseholdId, firm: Uuid) -> Result<(Vec<Member>, Vec<ContactPoint>), AppError> {
    let memberships = Membership::of_household(tx, id.0).await?;
    let people: HashMap<_, _> = record::people(tx, id).await?.into_iter().map(|p| (p.id, p)).collect();
    let ids: Vec<Uuid> = people.keys().map(|p| p.0).collect();
    let mut points = grouped(record::contact_points(tx, id, &ids).await?, |c| c.person_id);
    let others = record::elsewhere(tx, &ids).await?;
    let mut members: Vec<Member> = memberships
        .into_iter()
        .filter_map(|membership| {
            let mut person = people.get(&membership.person_id)?.clone();
            columns::mask(op.app, firm, &mut person);
            let elsewhere = others.iter().filter(|o| o.person_id == person.id && o.household_id != id);
            Some(Member {
                contact_points: points.get(&Some(person.id)).cloned().unwrap_or_default(),
                other_households: elsewhere.map(other_household).collect(),
                membership,
                person,
            })
        })
        .collect();
    members.sort_by_key(|m| (m.membership.left_on.is_some(), m.membership.role as u8));
    Ok((members, points.remove(&None).unwrap_or_default()))
}

fn other_household(o: &record::Elsewhere) -> OtherHousehold {
    OtherHousehold { id: o.household_id, name: o.name.clone(), role: o.role, joined_on: o.joined_on, left_on: o.left_on }
}

fn grouped<T, K: std::hash::Hash + Eq>(rows: Vec<T>, key: impl Fn(&T) -> K) -> HashMap<K, Vec<T>> {
    let mut groups: HashMap<K, Vec<T>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}
