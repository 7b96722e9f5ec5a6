//! Every relation × verb × stranger, as the serving role: no row is seen, nothing is changed.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, PgConnection, Row};
use uuid::Uuid;

use super::Finding;
use super::world::World;

/// What compliance decides about, and may lock for that; the other columns stay out of its reach.
const DECIDED: [&str; 3] = ["retention_classes", "legal_holds", "erasures"];

/// The directory and the firm's own words: colleagues of the firm see these, nobody of another firm does.
const DIRECTORY: [&str; 6] = ["firms", "users", "teams", "team_members", "tiers", "note_templates"];

/// A relation and what is needed to attack it.
struct Relation {
    name: String,
    is_table: bool,
    columns: Vec<String>,
    /// Columns that a statement may write.
    writable: Vec<String>,
}

/// Somebody who must not reach the victim's rows.
pub struct Stranger {
    /// Who it is.
    pub name: &'static str,
    /// Runs inside the transaction, before the attempt.
    pub context: String,
    /// Of another firm, or else of another team of the same firm.
    other_firm: bool,
    /// May look and must not write.
    pub may_read: bool,
}

/// Sets who acts, for a transaction.
pub fn context(firm: Uuid, user: Uuid, role: &str) -> String {
    // Not `select set_config(…)`: its row would be counted as one that the attempt reached.
    format!(
        "set local magfin.firm = '{firm}'; set local magfin.\"user\" = '{user}'; set local magfin.role = '{role}'; set local magfin.source = 'ui'"
    )
}

/// Everybody who must not reach the victim's rows.
pub fn strangers(w: &World) -> Vec<Stranger> {
    let stranger = |name, context, other_firm, may_read| Stranger { name, context, other_firm, may_read };
    let left_over = format!("{}; commit; begin", context(w.firm, w.will, "advisor"));
    vec![
        stranger("nobody", "set local magfin.source = 'ui'".to_owned(), true, false),
        stranger("nobody, after a colleague of the victim used the connection", left_over, true, false),
        stranger("an advisor of another firm", context(w.other_firm, w.other_advisor, "advisor"), true, false),
        stranger("an admin of another firm", context(w.other_firm, w.other_admin, "firm_admin"), true, false),
        stranger("another firm with the victim's user", context(w.other_firm, w.will, "compliance"), true, false),
        stranger("an advisor of another team", context(w.firm, w.evan, "advisor"), false, false),
        stranger("a machine of another team", context(w.firm, w.evan, "integration"), false, false),
        stranger("nobody in particular of the firm", context(w.firm, Uuid::nil(), "advisor"), false, false),
        stranger("a role that does not exist", context(w.firm, w.evan, "root"), false, false),
        stranger("compliance", context(w.firm, w.cleo, "compliance"), false, true),
        stranger("read only, of the victim's team", context(w.firm, w.rhea, "read_only"), false, true),
    ]
}

/// Which rows are the victim's, as a condition.
fn victims(r: &Relation, s: &Stranger, w: &World) -> String {
    let has = |column: &str| r.columns.iter().any(|c| c == column);
    match () {
        () if !has("firm_id") => "true".to_owned(),
        () if s.other_firm => format!("firm_id = '{}'", w.firm),
        () if r.name == "households" || r.name == "past.households" => format!("firm_id = '{}' and id = '{}'", w.firm, w.household),
        () if has("household_id") => format!("firm_id = '{}' and household_id = '{}'", w.firm, w.household),
        () if has("user_id") => format!("firm_id = '{}' and user_id = '{}'", w.firm, w.will),
        () => format!("firm_id = '{}'", w.firm),
    }
}

/// The attacker's own rows, to be moved to the victim: (assignment, condition).
fn own(r: &Relation, s: &Stranger, w: &World) -> Option<(String, String)> {
    let has = |column: &str| r.columns.iter().any(|c| c == column);
    match () {
        () if !has("firm_id") => None,
        () if s.other_firm => Some((format!("firm_id = '{}'", w.firm), format!("firm_id = '{}'", w.other_firm))),
        () if r.name == "households" => Some((format!("team_id = '{}'", w.team), format!("id = '{}'", w.evans_household))),
        () if has("household_id") => Some((format!("household_id = '{}'", w.household), format!("household_id = '{}'", w.evans_household))),
        () if has("user_id") => Some((format!("user_id = '{}'", w.will), format!("user_id = '{}'", w.evan))),
        () => None,
    }
}

/// What a statement may end with.
#[derive(Clone, Copy, PartialEq)]
enum Expect {
    /// No row, or a refusal.
    Nothing,
    /// A refusal by the policy: any other error would tell that it got further.
    Refusal,
}

fn statements(r: &Relation, s: &Stranger, w: &World, copy: Option<&Value>) -> Vec<(&'static str, String, Expect)> {
    let (name, mine) = (&r.name, victims(r, s, w));
    let directory = !s.other_firm && DIRECTORY.contains(&name.as_str());
    let mut all = Vec::new();
    if !s.may_read && !directory {
        all.push(("select", format!("select 1 from {name} where {mine}"), Expect::Nothing));
    }
    if !r.is_table {
        return all;
    }
    let same = r.writable.first().cloned().unwrap_or_default();
    all.push(("update", format!("update {name} set {same} = {same} where {mine}"), Expect::Nothing));
    all.push(("delete", format!("delete from {name} where {mine}"), Expect::Nothing));
    if s.name != "compliance" || !DECIDED.contains(&name.as_str()) {
        all.push(("select for update", format!("select 1 from {name} where {mine} for update"), Expect::Nothing));
    }
    let merge = format!("merge into {name} t using (select 1) x on {mine} when matched then update set {same} = t.{same}");
    all.push(("merge", merge, Expect::Nothing));
    all.push(("truncate", format!("truncate {name} cascade"), Expect::Refusal));
    if let Some((to, from)) = own(r, s, w) {
        all.push(("update-move", format!("update {name} set {to} where {from}"), Expect::Nothing));
    }
    if let Some(copy) = copy {
        all.push(("insert foreign", insert(r, copy), Expect::Refusal));
    }
    all
}

fn insert(r: &Relation, row: &Value) -> String {
    let columns = r.writable.join(", ");
    let row = row.to_string().replace('\'', "''");
    format!("insert into {0} ({columns}) select {columns} from jsonb_populate_record(null::{0}, '{row}')", r.name)
}

async fn relations(admin: &mut PgConnection, only: Option<&[&str]>) -> Vec<Relation> {
    let rows = sqlx::query(
        "select c.oid::regclass::text, c.relkind in ('r', 'p'), array_agg(quote_ident(a.attname)::text order by a.attnum),
           array_agg(quote_ident(a.attname)::text order by a.attnum) filter (where a.attgenerated = '' and a.attidentity = '')
         from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
         where c.relnamespace in ('public'::regnamespace, 'past'::regnamespace) and c.relkind in ('r', 'p', 'v', 'm') and c.relname <> '_sqlx_migrations' group by 1, 2 order by 1",
    )
    .fetch_all(admin)
    .await
    .unwrap();
    let all = rows.iter().map(|r| Relation { name: r.get(0), is_table: r.get(1), columns: r.get(2), writable: r.get(3) });
    all.filter(|r| only.is_none_or(|names| names.contains(&r.name.as_str()))).collect()
}

/// A row of the victim's with a fresh id.
async fn copy(admin: &mut PgConnection, r: &Relation, condition: &str) -> Option<Value> {
    let sql = format!("select to_jsonb(t) from {} t where {condition} limit 1", r.name);
    let mut row: Value = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_optional(admin).await.unwrap()?;
    if r.columns.iter().any(|c| c == "id") {
        row["id"] = json!(Uuid::now_v7());
    }
    Some(row)
}

/// The whole of the victim's rows as one number, and how many they are.
async fn fingerprint(admin: &mut PgConnection, r: &Relation, w: &World) -> (i64, String) {
    let condition = if r.columns.iter().any(|c| c == "firm_id") { format!("firm_id = '{}'", w.firm) } else { "true".to_owned() };
    let sql = format!("select count(*), coalesce(md5(string_agg(t::text, ',' order by t::text)), '') from {} t where {condition}", r.name);
    let row = sqlx::query(AssertSqlSafe(sql)).fetch_one(admin).await.unwrap();
    (row.get(0), row.get(1))
}

async fn exec(conn: &mut PgConnection, sql: &str) -> Result<u64, String> {
    let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(conn).await;
    done.map(|d| d.rows_affected())
        .map_err(|e| e.as_database_error().and_then(|d| d.code().map(Into::into)).unwrap_or_else(|| e.to_string()))
}

/// Makes one attempt in a transaction of its own. A refusal is by policy or privilege (42501), or by a trigger: there is
/// no actor (MF001), or the row would become another (MF002).
async fn attempt(conn: &mut PgConnection, context: &str, sql: &str, expect: Expect) -> Result<(), String> {
    let outcome = exec(conn, &format!("begin; {context}; {sql}")).await;
    let end = if outcome.is_ok() { "commit" } else { "rollback" };
    let ended = exec(conn, end).await;
    match outcome {
        Ok(0) if expect == Expect::Nothing => ended.map(|_| ()),
        Ok(rows) => Err(format!("{rows} rows")),
        Err(code) if ["42501", "MF001", "MF002"].contains(&code.as_str()) => Ok(()),
        Err(code) => Err(format!("got as far as {code}")),
    }
}

/// Attacks every relation (or only these). Returns what got through, and how many attempts were made.
pub async fn check(admin: &mut PgConnection, app: &mut PgConnection, w: &World, only: Option<&[&str]>) -> (Vec<Finding>, usize) {
    let (mut findings, mut attempts) = (Vec::new(), 0);
    let relations = relations(admin, only).await;
    let mut before = BTreeMap::new();
    for r in &relations {
        let print = fingerprint(admin, r, w).await;
        if print.0 == 0 {
            findings.push(Finding::new("the fixture has no row of the victim's, so nothing is proven: extend world.rs", r.name.clone()));
        }
        before.insert(r.name.clone(), print);
    }
    for stranger in strangers(w) {
        for r in &relations {
            let copy = if r.is_table { copy(admin, r, &victims(r, &stranger, w)).await } else { None };
            for (verb, sql, expect) in statements(r, &stranger, w, copy.as_ref()) {
                attempts += 1;
                if let Err(how) = attempt(app, &stranger.context, &sql, expect).await {
                    findings.push(Finding::new(verb, format!("{} by {}: {how}", r.name, stranger.name)));
                }
            }
        }
    }
    for r in &relations {
        attempts += 1;
        if fingerprint(admin, r, w).await != before[&r.name] {
            findings.push(Finding::new("the victim's rows were changed", r.name.clone()));
        }
    }
    (findings, attempts)
}

/// Every foreign key between client facts: a row of one's own must not point to the victim's.
pub async fn check_links(admin: &mut PgConnection, app: &mut PgConnection, w: &World) -> (Vec<Finding>, usize) {
    let (mut findings, mut attempts) = (Vec::new(), 0);
    let links = sqlx::query(
        "select c.conrelid::regclass::text, c.confrelid::regclass::text, a.attname::text, cardinality(c.conkey) > 2
         from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[cardinality(c.conkey)]
         where c.contype = 'f' and exists (select 1 from pg_attribute f where f.attrelid = c.confrelid and f.attname = 'deleted_at')
           and exists (select 1 from pg_attribute f where f.attrelid = c.conrelid and f.attname = 'deleted_at') order by 1, 3",
    )
    .fetch_all(&mut *admin)
    .await
    .unwrap();
    let relations: BTreeMap<String, Relation> = relations(admin, None).await.into_iter().map(|r| (r.name.clone(), r)).collect();
    for link in &links {
        let (from, to, column, with_household): (String, String, String, bool) = (link.get(0), link.get(1), link.get(2), link.get(3));
        let home = if to == "households" { "id" } else { "household_id" };
        let sql = format!("select id from {to} where firm_id = '{}' and {home} = '{}' limit 1", w.firm, w.household);
        let target: Uuid = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut *admin).await.unwrap();
        let r = &relations[&from];
        let Some(mut row) = copy(admin, r, &format!("household_id = '{}'", w.evans_household)).await else {
            findings.push(Finding::new("the fixture has no row of the attacker's", from));
            continue;
        };
        row[&column] = json!(target);
        attempts += 1;
        let outcome = attempt(app, &context(w.firm, w.evan, "advisor"), &insert(r, &row), Expect::Refusal).await;
        // A key with the household in it is refused like one that points nowhere, and so tells nothing.
        let same_as_nowhere = with_household && outcome == Err("got as far as 23503".to_owned());
        if let (Err(how), false) = (outcome, same_as_nowhere) {
            findings.push(Finding::new("a row of one's own points to the victim's", format!("{from}.{column}: {how}")));
        }
    }
    (findings, attempts)
}
