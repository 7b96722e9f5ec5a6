//! Importing today's book more than once, and taking one of its imports back.

mod odd;
mod people;
mod tree;

use magfin_app::Op;
use magfin_app::imports::{Earlier, Imported};
use magfin_domain::ids::ImportId;
use magfin_testkit::{TestApp, Who};
use serde_json::{Value, json};
use tree::{Book, first, second};

async fn import(op: &Op<'_>, book: &Book) -> Imported {
    op.import_legacy(book.write().path(), ("legacy", "a book"), &[]).await.unwrap()
}

async fn run(op: &Op<'_>, book: &Book) -> ImportId {
    import(op, book).await.id.unwrap()
}

/// The household with this name, hidden or not.
async fn home(t: &TestApp, name: &str) -> String {
    t.db.value(&format!("select id from households where name = 'Family {name}'")).await.as_str().unwrap().to_owned()
}

/// How many rows of a table are live in a household.
async fn live(t: &TestApp, table: &str, home: &str) -> Value {
    t.db.value(&format!("select count(*) from {table} where household_id = '{home}' and deleted_at is null")).await
}

#[tokio::test]
async fn st_3_a_later_export_adds_what_is_new_to_households_that_are_there_and_changes_nothing_in_them() {
    let t = TestApp::start().await;
    let priya = t.caller(&t.a, Who::Priya);
    let op = Op::new(&t.app, &priya);
    assert_eq!(import(&op, &first()).await.earlier, Earlier::default());
    let h1 = home(&t, "h1").await;
    let call = t.browser(&t.a, Who::Priya).await;
    let version = call.get(&format!("/api/households/{h1}")).await.expect(200)["household"]["version"].clone();
    let _ = call.patch(&format!("/api/households/{h1}"), &json!({"version": version, "tier": "Z"})).await.expect(200);

    let done = import(&op, &second()).await;
    assert_eq!(done.written["households"], 1, "{}", done.written);
    let earlier = Earlier { households_added_to: 1, changes_not_replayed: 1, rows_of_hidden_households: 0 };
    assert_eq!(done.earlier, earlier, "the change of the tier is not replayed over the present one");
    for (table, count) in [("notes", 2), ("tasks", 2), ("open_loops", 1), ("accounts", 3), ("account_owners", 3), ("beneficiaries", 1)] {
        assert_eq!(live(&t, table, &h1).await, count, "{table}");
    }
    assert_eq!(live(&t, "memberships", &h1).await, 3, "a new person, and one who was known elsewhere");
    assert_eq!(t.db.value("select count(*) from people").await, 3);
    let record = call.get(&format!("/api/households/{h1}")).await.expect(200);
    assert_eq!((&record["household"]["tier"], &record["household"]["stage"]), (&json!("Z"), &json!("Won")));
    let sums = format!("select array[aum_usd, held_away_usd]::int[] from household_summaries where household_id = '{h1}'");
    assert_eq!(t.db.value(&format!("select to_jsonb(({sums}))")).await, json!([107, 40]), "the totals are of all accounts");
    let h3 = home(&t, "h3").await;
    assert_eq!(call.get(&format!("/api/households/{h3}")).await.expect(200)["household"]["tier"], "C", "a new one has its whole log");
    let found = call.post("/api/search", &json!({"text": "Una"})).await.expect(200);
    assert!(found.to_string().contains(&h1), "{found}");
    let runs = op.imports().await.unwrap();
    assert_eq!(runs[0].report["earlier"], json!(earlier), "the report says so");

    let again = import(&op, &second()).await;
    assert_eq!((again.id, again.written), (None, json!({})));
    assert_eq!(again.earlier, Earlier { changes_not_replayed: 1, ..Earlier::default() }, "and says so again");
    let first = import(&op, &first()).await;
    assert_eq!((first.id, first.earlier), (None, Earlier::default()), "nothing of the first tree is new");
}

#[tokio::test]
async fn st_3_each_of_two_imports_is_taken_back_by_itself() {
    let t = TestApp::start().await;
    let priya = t.caller(&t.a, Who::Priya);
    let op = Op::new(&t.app, &priya);
    let a = run(&op, &first()).await;
    let b = run(&op, &second()).await;
    let (h1, h2) = (home(&t, "h1").await, home(&t, "h2").await);
    let note = t.db.value("select id from notes where body = 'Second'").await;
    let call = t.browser(&t.a, Who::Priya).await;
    let pinned = json!({"version": 1, "pinned": true});
    let _ = call.patch(&format!("/api/notes/{}", note.as_str().unwrap()), &pinned).await.expect(200);

    let done = op.revert_import(b).await.unwrap();
    assert_eq!(done.kept.iter().map(|kept| json!(kept.entity_id)).collect::<Vec<_>>(), [note], "what somebody changed since stays");
    for (table, count) in [("notes", 2), ("tasks", 1), ("open_loops", 0), ("accounts", 1), ("memberships", 1)] {
        assert_eq!(live(&t, table, &h1).await, count, "{table}");
    }
    let sums = format!("select array[aum_usd, held_away_usd]::int[] from household_summaries where household_id = '{h1}'");
    assert_eq!(t.db.value(&format!("select to_jsonb(({sums}))")).await, json!([100, 0]));
    assert_eq!(t.db.value("select count(*) from households where deleted_at is null").await, 2);

    let b = run(&op, &second()).await;
    assert_eq!(live(&t, "accounts", &h1).await, 3, "it can be imported again");
    let done = op.revert_import(a).await.unwrap();
    assert!(done.kept.iter().any(|kept| kept.entity == "accounts"), "what the later import added stays and is listed");
    let gone = format!("select deleted_at is not null from households where id = '{h2}'");
    assert_eq!(t.db.value(&gone).await, true, "a household that nobody added to is gone");
    assert_eq!(live(&t, "accounts", &h1).await, 2, "what the first import brought is gone");
    op.revert_import(b).await.unwrap();
    assert_eq!(live(&t, "accounts", &h1).await, 0);
}

#[tokio::test]
async fn st_3_a_later_import_that_was_taken_back_keeps_nothing_of_the_first() {
    let t = TestApp::start().await;
    let priya = t.caller(&t.a, Who::Priya);
    let op = Op::new(&t.app, &priya);
    let (a, b) = (run(&op, &first()).await, run(&op, &second()).await);
    assert!(op.revert_import(b).await.unwrap().kept.is_empty());
    assert!(op.revert_import(a).await.unwrap().kept.is_empty());
    assert_eq!(t.db.value("select count(*) from households where deleted_at is null").await, 0);
}

#[tokio::test]
async fn st_3_a_household_that_a_revert_kept_has_its_rows_again_when_its_tree_comes_in_again() {
    let t = TestApp::start().await;
    let priya = t.caller(&t.a, Who::Priya);
    let op = Op::new(&t.app, &priya);
    let mut book = first();
    book.set("c4", "h1", "members[p1].employer", ("", "Quay Ltd"));
    let a = run(&op, &book).await;
    let h1 = home(&t, "h1").await;
    let call = t.browser(&t.a, Who::Priya).await;
    let _ = call.post(&format!("/api/households/{h1}/notes"), &json!({"body": "By hand"})).await.expect(201);
    op.revert_import(a).await.unwrap();
    let rows = ["accounts", "memberships", "tasks"];
    for table in rows {
        assert_eq!(live(&t, table, &h1).await, 0, "{table}");
    }
    let again = import(&op, &book).await;
    for table in rows {
        assert_eq!(live(&t, table, &h1).await, 1, "{table}");
    }
    assert_eq!(live(&t, "notes", &h1).await, 2, "with the one that somebody wrote");
    assert_eq!(t.db.value("select count(*) from households where deleted_at is null").await, 2);
    assert_eq!(again.earlier, Earlier { households_added_to: 1, ..Earlier::default() }, "its log was replayed before");
    let employer = "select employer from people where deleted_at is null and last_name = 'Moss'";
    assert_eq!(t.db.value(employer).await, "Quay Ltd", "who is made again has the log replayed");
}

#[tokio::test]
async fn st_3_new_rows_of_a_household_that_was_removed_here_are_left_out_and_counted() {
    let t = TestApp::start().await;
    let priya = t.caller(&t.a, Who::Priya);
    let op = Op::new(&t.app, &priya);
    run(&op, &first()).await;
    let h1 = home(&t, "h1").await;
    let call = t.browser(&t.a, Who::Priya).await;
    let version = call.get(&format!("/api/households/{h1}")).await.expect(200)["household"]["version"].clone();
    let _ = call.delete(&format!("/api/households/{h1}?version={version}")).await.expect(204);
    let done = import(&op, &second()).await;
    let earlier = Earlier { households_added_to: 0, changes_not_replayed: 1, rows_of_hidden_households: 6 };
    assert_eq!(done.earlier, earlier, "two accounts, a note, a task, a loop and a person");
    assert_eq!(live(&t, "notes", &h1).await, 1);
}
