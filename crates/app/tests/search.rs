//! The search after an import and its revert, which defer it and refresh once.

use std::path::PathBuf;

use magfin_app::{AppError, Op};
use magfin_domain::search::Kind;
use magfin_domain::text::SearchText;
use magfin_legacy::DirTree;
use magfin_legacy::generate::{Plan, generate};
use magfin_testkit::{TestApp, Who};
use serde_json::Value;

async fn counts(op: &Op<'_>, text: &str) -> Vec<(Kind, i32)> {
    let found = op.search(&SearchText::new(text).unwrap(), &Kind::ALL, 50).await.unwrap();
    found.groups.into_iter().map(|g| (g.kind, g.total)).collect()
}

async fn entries(t: &TestApp) -> Vec<Value> {
    t.db.rows("select * from search_entries order by firm_id, kind, row_id, household_id").await
}

#[tokio::test]
async fn an_import_is_found_as_a_whole_and_its_revert_leaves_nothing() -> Result<(), AppError> {
    let t = TestApp::start().await;
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("search-import");
    let _ = std::fs::remove_dir_all(&dir);
    generate(Plan { seed: 3, households: 40, more_files: 0 }, &mut DirTree::new(&dir)).unwrap();
    let caller = t.caller(&t.a, Who::Priya);
    let op = Op::new(&t.app, &caller);
    assert_eq!(counts(&op, "review packet").await, []);
    let imported = op.import_legacy(&dir, ("legacy", "a tree"), &[]).await?;
    let tasks = t.db.value("select count(*) from tasks where title = 'Prepare review packet' and deleted_at is null").await.as_i64();
    assert_eq!(counts(&op, "review packet").await, [(Kind::Task, i32::try_from(tasks.unwrap()).unwrap())]);
    let people = t.db.value(
        "select count(distinct p.id) from people p join memberships m on m.person_id = p.id and m.deleted_at is null
        join households h on h.id = m.household_id and h.deleted_at is null where p.deleted_at is null and p.employer = 'Copperline Mills'",
    );
    let people = i32::try_from(people.await.as_i64().unwrap()).unwrap();
    assert!(people > 3, "the tree names an employer");
    assert_eq!(counts(&op, "copperline").await, [(Kind::Person, people)]);
    let kept = entries(&t).await;
    t.db.execute(format!("select set_config('magfin.firm', '{}', false); select search.rebuild()", t.a.id)).await;
    assert_eq!(kept, entries(&t).await);

    op.revert_import(imported.id.unwrap()).await?;
    for text in ["review packet", "copperline", "seattle", "annuity"] {
        assert_eq!(counts(&op, text).await, [], "{text}");
    }
    assert_eq!(entries(&t).await, Vec::<Value>::new());
    Ok(())
}
