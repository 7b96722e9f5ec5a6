//! Functions with rights of their own, called by every stranger: what they answer and count is the stranger's own alone.

use sqlx::{AssertSqlSafe, PgConnection, Row};

use super::Finding;
use super::matrix::{self, Stranger};
use super::world::World;

const KINDS: &str = "'{household,person,number,note,task,open_loop}'";
/// What finds rows of every kind in the victim's household: its words, a misspelt one, the beginning of one, its number.
const LOOKED_FOR: [(&str, &str); 8] =
    [("whitfield", ""), ("whitfeild", ""), ("ell", ""), ("ellen whitfield", ""), ("retired", ""), ("0142", "0142"), ("a", ""), ("e", "")];

/// The functions of schema `search` that the serving role may call, and what this file does with each.
const KNOWN: [&str; 4] = ["find", "rebuild", "refresh", "refresh_many"];

/// Calls them as every stranger. Returns what got through, and how many attempts were made.
pub async fn check(admin: &mut PgConnection, app: &mut PgConnection, w: &World) -> (Vec<Finding>, usize) {
    let mut findings = Vec::new();
    let callable = sqlx::query_scalar::<_, String>(
        "select p.proname::text from pg_proc p where p.pronamespace = 'search'::regnamespace and has_function_privilege('magfin_app', p.oid, 'execute')",
    );
    for name in callable.fetch_all(&mut *admin).await.unwrap() {
        if !KNOWN.contains(&name.as_str()) {
            findings.push(Finding::new("a function of the search is not attacked: extend functions.rs", name));
        }
    }
    let owner = matrix::context(w.firm, w.will, "advisor");
    let (mut attempts, mut seen) = (0, 0);
    for (text, digits) in LOOKED_FOR {
        seen += found(app, &owner, text, digits).await.len();
        for stranger in matrix::strangers(w).iter().filter(|s| !s.may_read) {
            attempts += 1;
            findings.extend(leaks(app, stranger, w, text, digits).await);
        }
    }
    if seen < LOOKED_FOR.len() {
        findings
            .push(Finding::new("the victim finds little, so nothing is proven: extend LOOKED_FOR", format!("search_entries: {seen} hits")));
    }
    for stranger in matrix::strangers(w) {
        for call in [
            format!("search.refresh('{{{}}}', {KINDS})", w.household),
            format!("search.refresh_many('{{{}}}')", w.household),
            "search.rebuild()".to_owned(),
        ] {
            attempts += 1;
            // Whoever may not write the summaries that it locks is refused; whatever it does, the rows stay what they are.
            let _ = sqlx::raw_sql(AssertSqlSafe(format!("begin; {}; select {call}; commit", stranger.context))).execute(&mut *app).await;
            let _ = sqlx::raw_sql("rollback").execute(&mut *app).await;
        }
    }
    (findings, attempts)
}

struct Found {
    kind: String,
    household: Option<String>,
    total: i32,
}

async fn found(app: &mut PgConnection, context: &str, text: &str, digits: &str) -> Vec<Found> {
    let begin = format!("begin; {context}");
    sqlx::raw_sql(AssertSqlSafe(begin)).execute(&mut *app).await.unwrap();
    let sql = format!("select kind, household_id::text, total from search.find('{text}', '{digits}', {KINDS}, 200)");
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut *app).await.unwrap();
    sqlx::raw_sql("rollback").execute(&mut *app).await.unwrap();
    rows.iter().map(|r| Found { kind: r.get(0), household: r.get(1), total: r.get(2) }).collect()
}

async fn leaks(app: &mut PgConnection, stranger: &Stranger, w: &World, text: &str, digits: &str) -> Vec<Finding> {
    let hits = found(app, &stranger.context, text, digits).await;
    let mut findings = Vec::new();
    let place = |what: &str| format!("search_entries by {}: {text}: {what}", stranger.name);
    if hits.iter().any(|h| h.household.as_deref() == Some(w.household.to_string().as_str())) {
        findings.push(Finding::new("a search finds the victim's row", place("a hit")));
    }
    for hit in &hits {
        let of_kind = hits.iter().filter(|h| h.kind == hit.kind).count();
        if usize::try_from(hit.total) != Ok(of_kind) {
            findings.push(Finding::new("a search counts the victim's row", place(&hit.kind)));
        }
    }
    findings
}
