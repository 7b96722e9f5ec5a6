//! A cursor misses nothing, in whatever order transactions commit.

use magfin_db::facts::Stored;
use magfin_db::live::{self, News};
use magfin_db::tenant::TenantTx;
use magfin_domain::facts::note::Note;
use magfin_domain::live::Cursor;
use magfin_testkit::book::Household;
use magfin_testkit::{TestApp, Who};
use serde_json::json;
use sqlx::{Executor, Row};
use uuid::Uuid;

async fn write(tx: &mut TenantTx, home: &Household, n: u128) -> Uuid {
    let note = json!({"id": Uuid::from_u128(n), "household_id": home.id, "body": "a note", "pinned": false, "privacy": "team", "occurred_at": "2026-03-14T09:26:53Z"});
    Note::insert(tx, &note).await.unwrap().id.0
}

/// The rows that are new since the cursor, and the next cursor.
async fn rows(t: &TestApp, cursor: &Cursor) -> (Vec<Uuid>, Cursor) {
    let mut tx = t.app.db.read(t.a.context(Who::Will)).await.unwrap();
    let (news, next) = live::since(&mut tx, cursor).await.unwrap();
    let News::Changes(changes) = news else { panic!("too much") };
    (changes.into_iter().map(|c| c.entity_id).collect(), next)
}

#[tokio::test]
async fn st_6_a_transaction_that_commits_after_a_later_one_is_told_once_and_not_missed() {
    let t = TestApp::start().await;
    // Two writers of one household wait for each other, so each has a household.
    let home = t.household(&t.a, Who::Will, "shared").await;
    let other = t.household(&t.a, Who::Will, "shared").await;
    let begin = || t.app.db.write(t.a.context(Who::Matt));
    let mut tx = t.app.db.read(t.a.context(Who::Will)).await.unwrap();
    let start = live::now(&mut tx).await.unwrap();
    drop(tx);
    let (mut first, mut second) = (begin().await.unwrap(), begin().await.unwrap());
    let early = write(&mut first, &home, 1).await;
    let late = write(&mut second, &other, 2).await;
    second.commit().await.unwrap();
    let (told, cursor) = rows(&t, &start).await;
    assert_eq!(told, [late], "what has not been committed is not told");
    first.commit().await.unwrap();
    let (told, cursor) = rows(&t, &cursor).await;
    assert_eq!(told, [early], "and is told when it has, although its number is the lower one");
    assert!(rows(&t, &cursor).await.0.is_empty());
    assert_eq!(rows(&t, &start).await.0.len(), 2, "an old cursor hears everything");
}

#[tokio::test]
async fn st_6_what_is_rolled_back_is_never_told() {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "shared").await;
    let mut tx = t.app.db.read(t.a.context(Who::Will)).await.unwrap();
    let start = live::now(&mut tx).await.unwrap();
    drop(tx);
    let mut undone = t.app.db.write(t.a.context(Who::Matt)).await.unwrap();
    write(&mut undone, &home, 1).await;
    drop(undone);
    assert!(rows(&t, &start).await.0.is_empty());
}

#[tokio::test]
async fn st_6_who_is_told_of_an_edit_is_asked_by_index_whatever_the_planner_expects() {
    let t = TestApp::start().await;
    let mut conn = t.db.admin().await;
    conn.execute("begin; set local role magfin_app").await.unwrap();
    // The plan for any cursor: it is what a long-lived connection uses, and it expects a third of all edits to be new.
    let plan = "explain (generic_plan) select 1 from edits where firm_id = (select sec.firm()) and xact >= $1";
    let lines: Vec<String> = conn.fetch_all(sqlx::raw_sql(plan)).await.unwrap().iter().map(|row| row.get(0)).collect();
    let scan = lines.iter().position(|line| line.contains(" on edits")).unwrap();
    let filter = lines[scan..].iter().find(|line| line.trim_start().starts_with("Filter:")).unwrap();
    assert!(!filter.contains("hashed SubPlan"), "every household of the firm is read for one edit: {filter}");
}
