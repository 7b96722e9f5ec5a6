//! A household with a row of every kind of fact.

use std::collections::BTreeMap;

use magfin_app::Op;
use magfin_db::facts::Stored;
use magfin_domain::fact::Fact;
use magfin_domain::facts::account::{Account, AccountOwner, Balance, Beneficiary};
use magfin_domain::facts::contact_point::ContactPoint;
use magfin_domain::facts::entity::{Entity, EntityRole};
use magfin_domain::facts::goal::Goal;
use magfin_domain::facts::household::Household as HouseholdRow;
use magfin_domain::facts::insurance_policy::InsurancePolicy;
use magfin_domain::facts::liability::Liability;
use magfin_domain::facts::membership::MemberRole;
use magfin_domain::facts::note::Note;
use magfin_domain::facts::open_loop::OpenLoop;
use magfin_domain::facts::professional::Professional;
use magfin_domain::facts::task::Task;
use magfin_domain::ids::{HouseholdId, TeamId};
use serde_json::{Value, json};
use uuid::Uuid;

/// Every table of client facts, a parent before its children.
pub const FACTS: [&str; 17] = [
    "households",
    "people",
    "memberships",
    "entities",
    "entity_roles",
    "professionals",
    "contact_points",
    "accounts",
    "account_owners",
    "beneficiaries",
    "balances",
    "liabilities",
    "insurance_policies",
    "goals",
    "notes",
    "tasks",
    "open_loops",
];

/// A filled household.
#[derive(Debug, Clone)]
pub struct Household {
    /// Identifier.
    pub id: HouseholdId,
    rows: BTreeMap<&'static str, Uuid>,
}

impl Household {
    /// The household's row in this table.
    #[must_use]
    pub fn row(&self, table: &str) -> Uuid {
        self.rows[table]
    }

    /// The same tables with other ids.
    #[must_use]
    pub fn map(&self, id: impl Fn(Uuid) -> Uuid) -> Self {
        let rows: BTreeMap<_, _> = self.rows.iter().map(|(table, row)| (*table, id(*row))).collect();
        Self { id: rows[HouseholdRow::TABLE].into(), rows }
    }

    /// Every row, by table.
    pub fn rows(&self) -> impl Iterator<Item = (&'static str, Uuid)> + '_ {
        self.rows.iter().map(|(table, id)| (*table, *id))
    }
}

/// Creates one fact from its JSON.
///
/// # Panics
/// When it is refused.
pub async fn create<F: Stored>(op: &Op<'_>, household: HouseholdId, body: Value) -> F {
    let body: F::Create = serde_json::from_value(body).expect("a body of this noun");
    op.create::<F>(Some(household), &body, None).await.expect("a row")
}

/// Creates a household that this team sees, with one row in every other table of facts.
pub async fn fill(op: &Op<'_>, team: TeamId) -> Household {
    let body = json!({"name": "Whitfield Family", "type": "client", "tier": "A", "tags": ["ranch"], "next_review": "2026-06-01",
        "review_cadence_months": 6, "client_since": "2014-05-01", "risk_profile": "Moderate", "source": "Referral", "stage": "Won",
        "story": "Sold the *mill* in 2019.", "team_id": team});
    let body = serde_json::from_value(body).expect("a household's body");
    let home = op.create_household(&body, None).await.expect("a household").id;
    let mut rows = BTreeMap::from([(HouseholdRow::TABLE, home.0)]);
    people(op, home, &mut rows).await;
    money(op, home, &mut rows).await;
    work(op, home, &mut rows).await;
    Household { id: home, rows }
}

type Rows = BTreeMap<&'static str, Uuid>;

async fn people(op: &Op<'_>, home: HouseholdId, rows: &mut Rows) {
    let person = json!({"first_name": "Ellen", "last_name": "Whitfield", "birth_date": "1958-03-14", "tax_id": "123-45-6789",
        "middle_name": "R", "preferred_name": "Nell", "employer": "Whitfield Mills", "occupation": "Retired"});
    let person = serde_json::from_value(person).expect("a person's body");
    let since = serde_json::from_value(json!("2014-05-01")).expect("a day");
    let (person, membership) = op.add_member(home, &person, (MemberRole::Primary, since), None).await.expect("a person");
    rows.extend([("people", person.id.0), ("memberships", membership.id.0)]);
    let trust = json!({"kind": "trust", "name": "Whitfield Revocable Trust", "formed_on": "2009-02-01", "tax_id": "98-7654321"});
    let trust = create::<Entity>(op, home, trust).await.id.0;
    let role = json!({"entity_id": trust, "person_id": person.id, "role": "trustee", "since": "2009-02-01"});
    let role = create::<EntityRole>(op, home, role).await.id.0;
    let accountant =
        json!({"kind": "CPA", "name": "Dana Holt", "organization": "Holt LLP", "email": "dana@holt.example", "phone": "+1 415 555 0111"});
    let accountant = create::<Professional>(op, home, accountant).await.id.0;
    let phone = json!({"kind": "phone", "person_id": person.id, "value": "(415) 555-0142 ext 7", "label": "mobile", "is_primary": true});
    let phone = create::<ContactPoint>(op, home, phone).await.id.0;
    let address =
        json!({"kind": "address", "line1": "1 Mill Road", "city": "Sonoma", "state": "CA", "postal_code": "95476", "country": "US"});
    create::<ContactPoint>(op, home, address).await;
    rows.extend([("entities", trust), ("entity_roles", role), ("professionals", accountant), ("contact_points", phone)]);
}

async fn money(op: &Op<'_>, home: HouseholdId, rows: &mut Rows) {
    let (person, trust) = (rows["people"], rows["entities"]);
    let account = json!({"name": "Joint brokerage", "source": "linked", "custodian": "Schwab", "number": "8812-7057", "registration": "JTWROS", "opened_on": "2014-06-01"});
    let account = create::<Account>(op, home, account).await.id.0;
    let owner = create::<AccountOwner>(op, home, json!({"account_id": account, "person_id": person, "share_pct": "50"})).await.id.0;
    let heir = create::<Beneficiary>(op, home, json!({"account_id": account, "entity_id": trust, "share_pct": "100"})).await.id.0;
    let balance = create::<Balance>(op, home, json!({"account_id": account, "amount": "1250000.25", "as_of": "2026-02-28"})).await.id.0;
    let debt = json!({"name": "Mortgage", "kind": "mortgage", "lender": "First Bank", "balance": "310000", "as_of": "2026-02-01", "rate_pct": "4.25"});
    let debt = create::<Liability>(op, home, debt).await.id.0;
    let policy = json!({"kind": "Term life", "carrier": "Acme Life", "insured_person_id": person, "coverage": "2000000", "premium": "180.5", "premium_period": "month"});
    let policy = create::<InsurancePolicy>(op, home, policy).await.id.0;
    rows.extend([
        ("accounts", account),
        ("account_owners", owner),
        ("beneficiaries", heir),
        ("balances", balance),
        ("liabilities", debt),
        ("insurance_policies", policy),
    ]);
}

async fn work(op: &Op<'_>, home: HouseholdId, rows: &mut Rows) {
    let goal = create::<Goal>(op, home, json!({"title": "A cabin", "amount": "400000", "target_on": "2028-01-01"})).await.id.0;
    let note = create::<Note>(op, home, json!({"body": "Worried about long-term care.", "pinned": true})).await.id.0;
    let task = create::<Task>(op, home, json!({"title": "Send the ACAT form", "due_on": "2026-03-20", "priority": 1})).await.id.0;
    let promise = json!({"text": "Quote for long-term care", "direction": "we_owe", "opened_on": "2026-03-01"});
    let promise = create::<OpenLoop>(op, home, promise).await.id.0;
    rows.extend([("goals", goal), ("notes", note), ("tasks", task), ("open_loops", promise)]);
}
