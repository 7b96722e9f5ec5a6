//! The audit log: every edit and event has its leaf once, in any order of commits and with any number of sequencers; what
//! somebody does who may write anything is named.

use std::path::PathBuf;
use std::sync::Arc;

use magfin_app::App;
use magfin_app::audit::sequence::Sign;
use magfin_app::audit::verify::Against;
use magfin_db::facts::Stored;
use magfin_domain::audit::{Fault, FaultKind, Verification};
use magfin_domain::facts::note::Note;
use magfin_testkit::{TestApp, Who};
use serde_json::json;
use uuid::Uuid;

async fn sequence(t: &TestApp) {
    t.log(&t.a).await;
}

async fn verify(t: &TestApp) -> Verification {
    t.app.verify_log(t.a.id, &Against::default()).await.unwrap()
}

/// The book of a test with a log that is good.
async fn logged() -> TestApp {
    let t = TestApp::start().await;
    t.sign_in(&t.a, Who::Will).await;
    t.household(&t.a, Who::Will, "will").await;
    sequence(&t).await;
    let found = verify(&t).await;
    assert!(found.good, "{:?}", found.faults);
    t
}

/// What is wrong after this statement of a superuser.
async fn after(t: &TestApp, sql: &str) -> Vec<Fault> {
    t.tamper(sql).await;
    let found = verify(t).await;
    assert_eq!(found.good, found.faults.is_empty());
    found.faults
}

fn has(faults: &[Fault], kind: FaultKind, place: &str) {
    assert!(faults.iter().any(|f| f.kind == kind && f.place.contains(place)), "{kind:?} at {place} is not among {faults:?}");
}

async fn count(t: &TestApp, sql: &str) -> i64 {
    t.db.value(sql).await.as_i64().unwrap()
}

/// Every row of firm A has one leaf, and every leaf a row.
async fn complete(t: &TestApp) {
    let firm = t.a.id;
    let rows = count(
        t,
        &format!("select (select count(*) from edits where firm_id = '{firm}') + (select count(*) from events where firm_id = '{firm}')"),
    )
    .await;
    let leaves = count(t, &format!("select count(*) from audit_leaves where firm_id = '{firm}'")).await;
    let distinct = count(t, &format!("select count(distinct (source, row_id)) from audit_leaves where firm_id = '{firm}'")).await;
    assert_eq!((leaves, distinct), (rows, rows));
}

#[tokio::test]
async fn br_3_every_edit_and_event_has_a_leaf_whatever_its_kind() {
    let t = logged().await;
    let (f, u) = (t.a.id, t.a.user(Who::Will));
    t.db.execute(format!("insert into events (firm_id, user_id, kind) values ('{f}', '{u}', 'never.heard_of')")).await;
    sequence(&t).await;
    complete(&t).await;
    let key = t.db.rows(&format!("select kind, user_id from audit_leaves where firm_id = '{f}' and entity = 'audit_keys'")).await;
    assert_eq!(key, [json!({"kind": "audit.key_created", "user_id": null})], "making a key is itself an entry");
    let kinds = t.db.rows(&format!("select distinct kind from audit_leaves where firm_id = '{f}' order by 1")).await;
    let kinds: Vec<&str> = kinds.iter().map(|row| row["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["audit.key_created", "edit.create", "never.heard_of", "session.opened"]);
    let found = verify(&t).await;
    assert!(found.good && found.rows == found.leaves, "{found:?}");
}

#[tokio::test]
async fn br_3_a_leaf_holds_no_text_of_the_row() {
    let t = logged().await;
    let text = t.db.value("select string_agg(l::text, ' ') from audit_leaves l").await;
    for word in ["Whitfield", "Ellen", "Sonoma", "Schwab", "long-term"] {
        assert!(!text.as_str().unwrap().contains(word), "{word}");
    }
}

#[tokio::test]
async fn br_3_hiding_and_bringing_back_are_called_so() {
    let t = logged().await;
    let home = t.household(&t.a, Who::Will, "will").await;
    t.db.execute(format!(
        "set magfin.\"user\" = '{u}'; set magfin.source = 'system'; update notes set deleted_at = now() where id = '{n}'; update notes set deleted_at = null where id = '{n}'",
        u = t.a.user(Who::Will),
        n = home.row("notes")
    ))
    .await;
    sequence(&t).await;
    let kinds = t.db.rows(&format!("select kind from audit_leaves where entity_id = '{}' order by index", home.row("notes"))).await;
    assert_eq!(kinds, ["edit.create", "edit.hide", "edit.restore"].map(|kind| json!({"kind": kind})));
}

#[tokio::test]
async fn br_3_a_row_that_commits_late_is_logged_once() {
    let t = logged().await;
    // Two writers of one household wait for each other, so each has a household.
    let homes = [t.household(&t.a, Who::Will, "shared").await, t.household(&t.a, Who::Will, "shared").await];
    let begin = || t.app.db.write(t.a.context(Who::Matt));
    let (mut early, mut late) = (begin().await.unwrap(), begin().await.unwrap());
    for (tx, n, home) in [(&mut early, 1_u128, &homes[0]), (&mut late, 2, &homes[1])] {
        let note = json!({"id": Uuid::from_u128(n), "household_id": home.id, "body": "a note", "pinned": false, "privacy": "team", "occurred_at": "2026-03-14T09:26:53Z"});
        Note::insert(tx, &note).await.unwrap();
    }
    late.commit().await.unwrap();
    sequence(&t).await;
    let index = |n: u128| format!("select index from audit_leaves where entity_id = '{}'", Uuid::from_u128(n));
    let second = count(&t, &index(2)).await;
    assert!(t.db.value(&index(1)).await.is_null(), "it is not committed");
    early.commit().await.unwrap();
    sequence(&t).await;
    assert!(count(&t, &index(1)).await > second);
    complete(&t).await;
    assert!(verify(&t).await.good);
}

#[tokio::test]
async fn br_3_a_large_transaction_is_logged_in_parts_and_holds_up_nobody() {
    let t = logged().await;
    let (f, u) = (t.a.id, t.a.user(Who::Will));
    let before = count(&t, "select count(*) from audit_leaves").await;
    t.db.execute(format!(
        "begin; insert into edits (firm_id, user_id, source, op, entity, entity_id, row_version, new)
           select '{f}', '{u}', 'import', 'create', 'notes', uuidv7(), 1, jsonb_build_object('n', n) from generate_series(1, 12000) n;
         insert into events (firm_id, user_id, kind) values ('{f}', '{u}', 'import.committed'); commit;
         insert into events (firm_id, user_id, kind) values ('{f}', '{u}', 'session.opened')"
    ))
    .await;
    assert_eq!(t.app.step(t.a.id).await.unwrap(), 5_000);
    let small = format!("select index from audit_leaves where kind = 'session.opened' and firm_id = '{f}' order by index desc limit 1");
    assert_eq!(count(&t, &small).await, before, "the small one goes first");
    assert!(verify(&t).await.good, "in the middle of it as well");
    assert_eq!(t.app.step(t.a.id).await.unwrap(), 5_000);
    sequence(&t).await;
    complete(&t).await;
    let found = verify(&t).await;
    assert!(found.good && found.leaves > 12_000, "{found:?}");
    assert!(count(&t, "select count(*) from audit_tiles").await >= 46);
}

#[tokio::test]
async fn br_3_many_sequencers_log_each_row_once() {
    let t = logged().await;
    let home = t.household(&t.a, Who::Will, "shared").await;
    let (other, _) = t.second().await;
    let write = |n: u128| {
        let (db, context) = (t.app.db.clone(), t.a.context(Who::Matt));
        async move {
            let mut tx = db.write(context).await.unwrap();
            let note = json!({"id": Uuid::from_u128(n), "household_id": home.id, "body": "a note", "pinned": false, "privacy": "team", "occurred_at": "2026-03-14T09:26:53Z"});
            Note::insert(&mut tx, &note).await.unwrap();
            tx.commit().await.unwrap();
        }
    };
    let sequencers: Vec<_> = [&t.app, &other, &t.app, &other]
        .map(Arc::clone)
        .into_iter()
        .map(|app| {
            let firm = t.a.id;
            tokio::spawn(async move {
                for _ in 0..8 {
                    app.sequence(firm, Sign::Now).await.unwrap();
                }
            })
        })
        .collect();
    for n in 1..40 {
        write(n).await;
    }
    for sequencer in sequencers {
        sequencer.await.unwrap();
    }
    sequence(&t).await;
    complete(&t).await;
    assert!(verify(&t).await.good);
}

#[tokio::test]
async fn br_3_a_log_that_grows_while_it_is_verified_is_good() {
    let t = logged().await;
    let mut gate = t.db.admin().await;
    sqlx::raw_sql("begin; lock table audit_checkpoints").execute(&mut gate).await.unwrap();
    let (app, firm) = (Arc::clone(&t.app), t.a.id);
    let verifying = tokio::spawn(async move { app.verify_log(firm, &Against::default()).await });
    // It has read how many leaves there are, and stands before the checkpoints.
    t.db.until_it_waits(&verifying).await;
    t.household(&t.a, Who::Will, "will").await;
    assert!(t.app.step(t.a.id).await.unwrap() > 0);
    sqlx::raw_sql("commit").execute(&mut gate).await.unwrap();
    let found = verifying.await.unwrap().unwrap();
    assert!(found.good, "{:?}", found.faults);
}

#[tokio::test]
async fn br_3_a_sequencer_that_is_killed_anywhere_leaves_a_log_that_goes_on() {
    let t = logged().await;
    for round in 0..60_u64 {
        let (f, u) = (t.a.id, t.a.user(Who::Will));
        t.db.execute(format!("insert into events (firm_id, user_id, kind) select '{f}', '{u}', 'test.event' from generate_series(1, 40)"))
            .await;
        let (app, firm): (Arc<App>, _) = (Arc::clone(&t.app), t.a.id);
        let work = tokio::spawn(async move { app.sequence(firm, Sign::Now).await });
        tokio::time::sleep(std::time::Duration::from_micros(round * 400)).await;
        work.abort();
        let _ = work.await;
    }
    sequence(&t).await;
    complete(&t).await;
    let found = verify(&t).await;
    assert!(found.good && found.leaves > 2_400, "{:?}", found.faults);
}

#[tokio::test]
async fn br_3_rows_of_a_database_that_was_carried_over_still_get_their_leaf() {
    let t = logged().await;
    // Another cluster counts transactions anew: the snapshot of the log lies in its future.
    t.db.execute("update audit_steps set cursor = '900000000:900000000:'").await;
    t.household(&t.a, Who::Will, "will").await;
    sequence(&t).await;
    complete(&t).await;
    t.household(&t.a, Who::Will, "will").await;
    sequence(&t).await;
    complete(&t).await;
    assert!(verify(&t).await.good);
}

#[tokio::test]
async fn br_3_a_log_that_grows_is_signed_within_a_minute_and_on_demand() {
    let t = logged().await;
    let signed = "select count(*) from audit_checkpoints";
    assert_eq!(count(&t, signed).await, 1);
    t.household(&t.a, Who::Will, "will").await;
    t.app.sequence(t.a.id, Sign::WhenDue).await.unwrap();
    assert_eq!(count(&t, signed).await, 1, "the last one is young");
    t.pass(30);
    t.app.sequence(t.a.id, Sign::WhenDue).await.unwrap();
    assert_eq!(count(&t, signed).await, 2);
    t.household(&t.a, Who::Will, "will").await;
    sequence(&t).await;
    sequence(&t).await;
    assert_eq!(count(&t, signed).await, 3, "nothing new, nothing signed");
}

#[tokio::test]
async fn br_3_a_changed_row_is_named() {
    let t = logged().await;
    let edit = t.db.value("select id from edits where entity = 'people' limit 1").await;
    let edit = edit.as_str().unwrap();
    let changed = after(&t, &format!("update edits set new = jsonb_set(new, '{{last_name}}', '\"Someone\"') where id = '{edit}'")).await;
    has(&changed, FaultKind::RowChanged, edit);
    assert_eq!(changed.len(), 1);
    let event = t.db.value("select id from events where kind = 'session.opened' limit 1").await;
    let other = after(&t, &format!("update events set user_id = '{}' where id = '{}'", t.a.user(Who::Evan), event.as_str().unwrap())).await;
    has(&other, FaultKind::RowChanged, event.as_str().unwrap());
    assert!(other.iter().any(|f| f.says.contains("who did it")), "{other:?}");
}

#[tokio::test]
async fn br_3_a_removed_row_and_one_put_beside_the_log_are_named() {
    let t = logged().await;
    let edit = t.db.value("select id from edits where entity = 'people' limit 1").await;
    has(
        &after(&t, &format!("delete from edits where id = '{}'", edit.as_str().unwrap())).await,
        FaultKind::RowRemoved,
        edit.as_str().unwrap(),
    );
    let (f, u, id) = (t.a.id, t.a.user(Who::Will), Uuid::from_u128(7));
    let faults =
        after(&t, &format!("insert into events (firm_id, id, user_id, kind, xact) values ('{f}', '{id}', '{u}', 'value.revealed', 3)"))
            .await;
    has(&faults, FaultKind::RowAdded, &id.to_string());
}

#[tokio::test]
async fn br_3_a_removed_or_changed_leaf_is_named() {
    let t = logged().await;
    has(&after(&t, "delete from audit_leaves where index = 3").await, FaultKind::LeafRemoved, "leaf 3");
    let t = logged().await;
    let faults = after(&t, "update audit_leaves set kind = 'edit.hide' where index = 3").await;
    has(&faults, FaultKind::RowChanged, "leaf 3");
    has(&faults, FaultKind::RootChanged, "checkpoint 1");
}

#[tokio::test]
async fn br_3_a_leaf_that_is_changed_together_with_its_row_does_not_fit_the_tree() {
    let t = logged().await;
    let (f, u) = (t.a.id, t.a.user(Who::Will));
    t.db.execute(format!("insert into events (firm_id, user_id, kind) select '{f}', '{u}', 'test.event' from generate_series(1, 600)"))
        .await;
    sequence(&t).await;
    let faults = after(&t, "update audit_leaves set kind = 'test.other' where index = 300; update events set kind = 'test.other' where id = (select row_id from audit_leaves where index = 300)").await;
    assert_eq!(faults.iter().map(|f| (f.kind, f.place.as_str())).collect::<Vec<_>>(), [(FaultKind::LeafChanged, "leaf 300")]);
    let faults = after(&t, "delete from audit_leaves where index = 301").await;
    has(&faults, FaultKind::LeafRemoved, "leaf 301");
    let faults = after(&t, "update audit_tiles set hashes = decode(repeat('00', 8192), 'hex') where level = 0 and index = 0").await;
    has(&faults, FaultKind::LeafChanged, "leaf 0");
}

#[tokio::test]
async fn br_3_a_checkpoint_that_was_changed_is_named_and_nothing_is_signed_after_it() {
    let t = logged().await;
    let faults = after(&t, "update audit_checkpoints set note = replace(note, E'\\n', E'\\n\\n') where number = 1").await;
    has(&faults, FaultKind::CheckpointWrong, "checkpoint 1");
    t.household(&t.a, Who::Will, "will").await;
    t.db.execute("update audit_checkpoints set root = decode(repeat('00', 32), 'hex')").await;
    let refused = t.app.sequence(t.a.id, Sign::Now).await.unwrap_err();
    assert!(refused.to_string().contains("does not continue checkpoint 1"), "{refused}");
}

#[tokio::test]
async fn br_3_a_salt_that_goes_without_an_erasure_is_named() {
    let t = logged().await;
    let faults = after(&t, "delete from audit_salts where index = 2").await;
    has(&faults, FaultKind::RowChanged, "leaf 2");
    assert!(faults[0].says.contains("salt"), "{faults:?}");
}

/// A folder that the product does not control.
struct Outside(PathBuf);

impl Outside {
    fn new(test: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("magfin-outside-{test}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        Self(folder)
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The same product, which writes its checkpoints to `folder`.
async fn exporting(t: &TestApp, folder: &Outside) -> App {
    let audit = magfin_app::audit::Settings { outside: Some(folder.0.clone()), witnesses: Vec::new() };
    t.configured(audit).await
}

#[tokio::test]
async fn br_3_a_database_that_was_set_back_and_a_history_that_was_written_again_show_outside() {
    let t = logged().await;
    let folder = Outside::new("set-back");
    let app = exporting(&t, &folder).await;
    let against = Against { folder: Some(folder.0.clone()), key: None };
    t.household(&t.a, Who::Will, "will").await;
    app.sequence(t.a.id, Sign::Now).await.unwrap();
    let found = app.verify_log(t.a.id, &against).await.unwrap();
    assert!(found.good && found.outside == 2, "{found:?}");
    let removed = "delete from audit_checkpoints where number = 2; delete from audit_steps where size > (select size from audit_checkpoints);
        delete from audit_leaves where index >= (select size from audit_checkpoints); delete from audit_salts where index >= (select size from audit_checkpoints)";
    t.tamper(removed).await;
    let faults = app.verify_log(t.a.id, &against).await.unwrap().faults;
    has(&faults, FaultKind::RolledBack, "0000000002.checkpoint");
    // The same rows are logged again under other salts: another history, signed by the right key.
    t.app.sequence(t.a.id, Sign::Now).await.unwrap();
    assert!(verify(&t).await.good, "by itself the log is good");
    let faults = app.verify_log(t.a.id, &against).await.unwrap().faults;
    has(&faults, FaultKind::HistoryRewritten, "0000000002.checkpoint");
}

#[tokio::test]
async fn br_3_a_log_that_was_signed_again_by_another_key_is_named() {
    let t = logged().await;
    let folder = Outside::new("signed-again");
    let app = exporting(&t, &folder).await;
    let against = Against { folder: Some(folder.0.clone()), key: None };
    t.household(&t.a, Who::Will, "will").await;
    app.sequence(t.a.id, Sign::Now).await.unwrap();
    let all = "delete from audit_cosignatures; delete from audit_checkpoints; delete from audit_steps; delete from audit_leaves; delete from audit_salts;
        delete from audit_tiles; delete from audit_keys; delete from events where kind = 'audit.key_created'";
    t.tamper(all).await;
    sequence(&t).await;
    assert!(verify(&t).await.good, "by itself the log is good");
    let faults = app.verify_log(t.a.id, &against).await.unwrap().faults;
    has(&faults, FaultKind::KeyChanged, "0000000001.checkpoint");
    let known = std::fs::read_to_string(folder.0.join(magfin_app::audit::origin(t.a.id)).join("key")).unwrap();
    let against = Against { folder: None, key: Some(known.trim().parse().unwrap()) };
    let faults = app.verify_log(t.a.id, &against).await.unwrap().faults;
    has(&faults, FaultKind::KeyChanged, "the log's key");
}
