//! Random values for every field that a person may set, and the use cases by the name of the table.

use magfin_app::{AppError, Op};
use magfin_db::with_table;
use magfin_domain::fact::Fact;
use magfin_domain::facts::membership::MemberRole;
use magfin_domain::ids::{EditId, HouseholdId, TeamId};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use uuid::Uuid;

/// What a field holds.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Text,
    Story,
    Day,
    Moment,
    Money,
    Percent,
    Flag,
    Number(i32, i32),
    Word(&'static [&'static str]),
    Tags,
    TaxId,
    AccountNumber,
}
use Kind::{AccountNumber, Day, Flag, Moment, Money, Number, Percent, Story, Tags, TaxId, Text, Word};

/// Fields of a change, by table; `true` when the field may be emptied.
type Fields = &'static [(&'static str, Kind, bool)];

const RULES: &[&str] = &["FREQ=DAILY;COUNT=3", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=YEARLY;UNTIL=20300101"];
const PERIODS: &[&str] = &["month", "quarter", "year", "single"];
const NOUNS: [(&str, Fields); 17] = [
    (
        "households",
        &[
            ("name", Text, false),
            ("type", Word(&["prospect", "client", "former"]), false),
            ("tier", Text, true),
            ("tags", Tags, false),
            ("review_cadence_months", Number(1, 60), true),
            ("next_review", Day, true),
            ("story", Story, true),
        ],
    ),
    (
        "people",
        &[
            ("first_name", Text, true),
            ("native_name", Text, true),
            ("deceased", Flag, false),
            ("deceased_on", Day, true),
            ("tax_id", TaxId, true),
            ("birth_date", Day, true),
        ],
    ),
    (
        "memberships",
        &[("role", Word(&["primary", "spouse", "child", "trustee", "other"]), false), ("joined_on", Day, true), ("left_on", Day, true)],
    ),
    (
        "entities",
        &[
            ("kind", Word(&["trust", "company", "foundation", "estate", "other"]), false),
            ("name", Text, false),
            ("formed_on", Day, true),
            ("tax_id", TaxId, true),
        ],
    ),
    ("entity_roles", &[("role", Word(&["grantor", "trustee", "owner", "other"]), false), ("since", Day, true), ("until", Day, true)]),
    ("professionals", &[("kind", Text, false), ("name", Text, false), ("email", Text, true), ("phone", Text, true)]),
    ("contact_points", &[("value", Text, false), ("label", Text, true), ("is_primary", Flag, false)]),
    (
        "accounts",
        &[
            ("name", Text, false),
            ("source", Word(&["linked", "manual"]), false),
            ("currency", Word(&["USD", "CHF"]), false),
            ("opened_on", Day, true),
            ("closed_on", Day, true),
            ("number", AccountNumber, true),
        ],
    ),
    ("account_owners", &[("share_pct", Percent, true)]),
    (
        "beneficiaries",
        &[("designation", Word(&["primary", "contingent"]), false), ("per_stirpes", Flag, false), ("share_pct", Percent, true)],
    ),
    ("balances", &[("currency", Word(&["USD", "CHF"]), false), ("amount", Money, true), ("as_of", Day, true)]),
    (
        "liabilities",
        &[("name", Text, false), ("lender", Text, true), ("balance", Money, true), ("rate_pct", Percent, true), ("matures_on", Day, true)],
    ),
    (
        "insurance_policies",
        &[
            ("kind", Text, false),
            ("coverage", Money, true),
            ("premium", Money, true),
            ("premium_period", Word(PERIODS), true),
            ("expires_on", Day, true),
        ],
    ),
    (
        "goals",
        &[
            ("title", Text, false),
            ("status", Word(&["open", "reached", "dropped"]), false),
            ("position", Number(-9, 9), false),
            ("amount", Money, true),
            ("target_on", Day, true),
        ],
    ),
    (
        "notes",
        &[("body", Story, false), ("pinned", Flag, false), ("privacy", Word(&["team", "private"]), false), ("occurred_at", Moment, false)],
    ),
    (
        "tasks",
        &[
            ("title", Text, false),
            ("priority", Number(1, 3), false),
            ("status", Word(&["todo", "doing", "waiting"]), false),
            ("due_on", Day, false),
            ("due_time", Word(&["00:00", "09:30", "23:59"]), true),
            ("snoozed_until", Day, true),
            ("remind_at", Moment, true),
            ("remind_again_at", Moment, true),
            ("repeats", Word(RULES), true),
            ("done_at", Moment, true),
            ("outcome", Story, true),
        ],
    ),
    (
        "open_loops",
        &[
            ("text", Story, false),
            ("direction", Word(&["we_owe", "client_owes", "third_party"]), false),
            ("status", Word(&["open", "waiting", "done"]), false),
            ("ask_on", Day, true),
            ("closed_on", Day, true),
            ("dropped_reason", Word(&["Not needed", "Asked elsewhere"]), true),
        ],
    ),
];

fn value(kind: Kind) -> BoxedStrategy<Value> {
    match kind {
        // Any script, but nothing that is trimmed away or refused.
        Text => "[\\p{L}\\p{N}\\p{So}]{1,12}".prop_map(|t| json!(t)).boxed(),
        Story => "[\\p{L}\\p{N}][\\p{L} \\n\\t*]{0,40}".prop_map(|t| json!(t)).boxed(),
        Day => (1900..2100_i32, 1..13_u32, 1..29_u32).prop_map(|(y, m, d)| json!(format!("{y:04}-{m:02}-{d:02}"))).boxed(),
        Moment => {
            (1..29_u32, 0..24_u32, 0..1_000_000_u32).prop_map(|(d, h, us)| json!(format!("2026-02-{d:02}T{h:02}:15:00.{us:06}Z"))).boxed()
        }
        Money => (0..1_000_000_000_000_i64, 0..100_i64).prop_map(|(a, c)| json!(format!("{}.{c:02}", a % 1_000_000_000))).boxed(),
        Percent => (0..10_000_i32).prop_map(|p| json!(format!("{}.{:02}", p / 100, p % 100))).boxed(),
        Flag => any::<bool>().prop_map(|b| json!(b)).boxed(),
        Number(low, high) => (low..=high).prop_map(|n| json!(n)).boxed(),
        Word(words) => select(words).prop_map(|w| json!(w)).boxed(),
        Tags => prop::collection::vec("[\\p{L}]{1,6}", 0..4).prop_map(|t| json!(t)).boxed(),
        TaxId => "[0-9]{3}-[0-9]{2}-[0-9]{4}".prop_map(|t| json!(t)).boxed(),
        AccountNumber => "[A-Z0-9]{4,12}".prop_map(|t| json!(t)).boxed(),
    }
}

/// A field of a table with a value for it, or with nothing where it may be empty.
fn field(fields: Fields) -> BoxedStrategy<(String, Value)> {
    let one = move |(name, kind, empty): (&'static str, Kind, bool)| {
        let set = value(kind).prop_map(move |v| (name.to_owned(), v));
        if empty { prop_oneof![4 => set, 1 => Just((name.to_owned(), Value::Null))].boxed() } else { set.boxed() }
    };
    select(fields).prop_flat_map(one).boxed()
}

/// One thing that somebody does. Numbers pick among what is there at the time.
#[derive(Debug, Clone)]
pub enum Deed {
    /// Creates a row with its required fields.
    Create(&'static str),
    /// Changes fields, having seen the present version or one before it.
    Change(&'static str, usize, Vec<(String, Value)>, i32),
    /// Hides a row.
    Remove(&'static str, usize),
    /// Brings a row back.
    Restore(&'static str, usize),
    /// Takes an edit back.
    Undo(usize),
}

/// Any deed on any noun.
pub fn deed() -> BoxedStrategy<Deed> {
    let pick = 0..10_000_usize;
    let noun = select(&NOUNS[..]);
    let change = (noun.clone(), pick.clone(), 0..2_i32).prop_flat_map(|((table, fields), pick, behind)| {
        prop::collection::vec(field(fields), 1..4).prop_map(move |set| Deed::Change(table, pick, set, behind))
    });
    prop_oneof![
        4 => noun.clone().prop_map(|(table, _)| Deed::Create(table)),
        8 => change,
        1 => (noun.clone(), pick.clone()).prop_map(|((table, _), pick)| Deed::Remove(table, pick)),
        2 => (noun, pick.clone()).prop_map(|((table, _), pick)| Deed::Restore(table, pick)),
        3 => pick.prop_map(Deed::Undo),
    ]
    .boxed()
}

/// What a new row needs, given the rows that are there already.
pub fn smallest(table: &str, row: impl Fn(&str) -> Option<Uuid>) -> Value {
    match table {
        "memberships" => json!({"person_id": row("people"), "joined_on": "2001-01-01", "left_on": "2002-01-01"}),
        "entities" => json!({"kind": "trust", "name": "Trust"}),
        "entity_roles" => json!({"entity_id": row("entities"), "name": "Somebody", "role": "trustee"}),
        "professionals" => json!({"kind": "CPA", "name": "Holt"}),
        "contact_points" => json!({"kind": "phone", "value": "+1 415 555 0100 x3", "person_id": row("people")}),
        "accounts" => json!({"name": "IRA", "number": "8812-7057"}),
        "account_owners" => json!({"account_id": row("accounts"), "person_id": row("people")}),
        "beneficiaries" => json!({"account_id": row("accounts"), "entity_id": row("entities")}),
        "balances" => json!({"account_id": row("accounts"), "amount": "1.10"}),
        "liabilities" => json!({"name": "Mortgage"}),
        "insurance_policies" => json!({"kind": "Life", "insured_person_id": row("people")}),
        "goals" => json!({"title": "Cabin"}),
        "notes" => json!({"body": "First"}),
        "tasks" => json!({"title": "Call", "due_on": "2026-03-20"}),
        "open_loops" => json!({"text": "Quote", "direction": "we_owe"}),
        _ => json!({}),
    }
}

/// Creates a row.
pub async fn create(op: &Op<'_>, table: &str, home: HouseholdId, team: TeamId, body: &Value) -> Result<(), AppError> {
    macro_rules! run {
        ($row:ty) => {{
            let body: <$row as Fact>::Create = serde_json::from_value(body.clone()).unwrap();
            op.create::<$row>(Some(home), &body, None).await.map(|_| ())
        }};
    }
    match table {
        "households" => {
            let body = serde_json::from_value(json!({"name": "Another", "team_id": team})).unwrap();
            op.create_household(&body, None).await.map(|_| ())
        }
        "people" => {
            let body = serde_json::from_value(json!({"first_name": "Ann", "tax_id": "123-45-6789"})).unwrap();
            op.add_member(home, &body, (MemberRole::Other, None), None).await.map(|_| ())
        }
        other => with_table!(other, run, unreachable!()),
    }
}

/// Changes a row.
pub async fn change(op: &Op<'_>, table: &str, id: Uuid, body: &Value) -> Result<(), AppError> {
    macro_rules! run {
        ($row:ty) => {{
            let body: <$row as Fact>::Change = serde_json::from_value(body.clone()).unwrap_or_else(|e| panic!("{table} {body}: {e}"));
            op.change::<$row>(id, &body).await.map(|_| ())
        }};
    }
    with_table!(table, run, unreachable!())
}

/// Hides a row.
pub async fn remove(op: &Op<'_>, table: &str, id: Uuid) -> Result<(), AppError> {
    macro_rules! run {
        ($row:ty) => {
            op.remove::<$row>(id).await
        };
    }
    with_table!(table, run, unreachable!())
}

/// Brings a row back.
pub async fn restore(op: &Op<'_>, table: &str, id: Uuid) -> Result<(), AppError> {
    macro_rules! run {
        ($row:ty) => {
            op.restore::<$row>(id).await.map(|_| ())
        };
    }
    with_table!(table, run, unreachable!())
}

/// Takes an edit back.
pub async fn undo(op: &Op<'_>, edit: Uuid) -> Result<(), AppError> {
    op.undo(EditId(edit)).await.map(|_| ())
}
