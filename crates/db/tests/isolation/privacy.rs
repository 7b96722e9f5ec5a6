//! A private note inside its own team: its author and compliance read it, in every relation that tells of it, and nobody else.

use sqlx::{AssertSqlSafe, PgConnection, Row};
use uuid::Uuid;

use super::Finding;
use super::matrix::context;
use super::world::World;

/// Where a note can be read, and by which column it is named.
const READ_FROM: [(&str, &str); 4] = [("notes", "id"), ("edits", "entity_id"), ("past.notes", "id"), ("notifications", "entity_id")];

async fn rows(app: &mut PgConnection, context: &str, sql: String) -> i64 {
    sqlx::raw_sql(AssertSqlSafe(format!("begin; {context}"))).execute(&mut *app).await.unwrap();
    let seen = sqlx::query(AssertSqlSafe(sql)).fetch_one(&mut *app).await.map(|row| row.get(0));
    sqlx::raw_sql("rollback").execute(app).await.unwrap();
    seen.unwrap()
}

/// Looks for the victim's private note as everybody of the firm. Returns who saw too much or too little.
pub async fn check(app: &mut PgConnection, w: &World) -> (Vec<Finding>, usize) {
    let people: [(&str, Uuid, &str, bool); 6] = [
        ("its author", w.will, "advisor", true),
        ("compliance", w.cleo, "compliance", true),
        ("a firm admin", w.priya, "firm_admin", false),
        ("client service of the team", w.sam, "client_service", false),
        ("read only, of the team", w.rhea, "read_only", false),
        ("an advisor of another team", w.evan, "advisor", false),
    ];
    let (mut findings, mut tried) = (Vec::new(), 0);
    for (name, user, role, may) in people {
        let context = context(w.firm, user, role);
        for (relation, column) in READ_FROM {
            tried += 1;
            let seen = rows(app, &context, format!("select count(*) from {relation} where {column} = '{}'", w.private_note)).await;
            // The author alone is told of their own note, in the fixture.
            let sees = may && (relation != "notifications" || user == w.will);
            if (seen > 0) != sees {
                findings.push(Finding::new("a private note", format!("{relation} by {name}: {seen} rows")));
            }
        }
        tried += 1;
        let change =
            format!("with x as (update notes set pinned = pinned where id = '{}' returning 1) select count(*) from x", w.private_note);
        let changed = rows(app, &context, change).await;
        if changed > 0 && user != w.will {
            findings.push(Finding::new("a private note is changed", format!("notes by {name}")));
        }
    }
    (findings, tried)
}
