//! What a legal hold keeps, and what happens to a change that it refuses.

use crate::erasure::place;

use magfin_app::brain::store::Draft;
use magfin_app::{AppError, Op};
use magfin_db::tenant::Source;
use magfin_domain::ids::LegalHoldId;
use magfin_domain::retention::{EndReason, HouseholdReason};
use magfin_testkit::Who;
use place::{Place, place, reason};
use serde_json::json;
use sqlx::PgConnection;

/// Holds the household of the place.
async fn hold(p: &Place) -> LegalHoldId {
    let hold = HouseholdReason { household_id: p.home.id, reason: reason("A dispute with the estate") };
    p.cleo(&p.t.app).place_hold(&hold, None).await.unwrap().id
}

async fn release(p: &Place, hold: LegalHoldId) {
    p.priya(&p.t.app).release_hold(hold, &EndReason { reason: reason("It was settled") }).await.unwrap();
}

/// A hold that is placed and not committed.
pub async fn placing(p: &Place) -> PgConnection {
    let mut placing = p.t.db.admin().await;
    let (firm, home, who) = (p.t.a.id, p.home.id, p.t.a.user(Who::Cleo));
    let hold = format!(
        "begin; select set_config('magfin.firm', '{firm}', true); select sec.lock_household('{home}');
         insert into legal_holds (firm_id, id, household_id, reason, placed_by, placed_at)
         values ('{firm}', uuidv7(), '{home}', 'a dispute', '{who}', now())"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(hold)).execute(&mut placing).await.unwrap();
    placing
}

#[tokio::test]
async fn re_4_nothing_of_a_held_household_can_be_hidden() {
    let p = place().await;
    let hold = hold(&p).await;
    let firm = p.t.a.id;
    let hide = |table: &str, id| {
        format!(
            "begin; select set_config('magfin.firm', '{firm}', true); update {table} set deleted_at = now() where id = '{id}'; rollback"
        )
    };
    let parts: Vec<_> = p.home.rows().collect();
    assert_eq!(parts.len(), 17, "a row of every table of facts");
    for (table, id) in &parts {
        assert_eq!(p.t.db.attempt(hide(table, id)).await, Err("23514".to_owned()), "{table}");
        p.t.db.execute("rollback").await;
    }
    let call = p.t.browser(&p.t.a, Who::Will).await;
    let note = call.delete(&format!("/api/notes/{}?version=1", p.home.row("notes"))).await;
    assert_eq!(note.status, 409);
    assert!(note.text().contains("nor anything in it can be removed until the hold is released"), "{}", note.text());
    let files = call.get(&format!("/api/households/{}/brain", p.home.id)).await.expect(200);
    let file = files["items"][0]["id"].as_str().unwrap();
    let remove = json!({"seen": 1, "reason": "Filed twice"});
    let removed = call.post(&format!("/api/brain/{file}/remove"), &remove).await.expect(409);
    assert!(removed["detail"].as_str().unwrap().contains("under legal hold"), "{removed}");
    // It is changed as ever, and once released it can be hidden again.
    let _ = call.patch(&format!("/api/notes/{}", p.home.row("notes")), &json!({"version": 1, "pinned": true})).await.expect(200);
    release(&p, hold).await;
    let _ = call.delete(&format!("/api/notes/{}?version=2", p.home.row("notes"))).await.expect(204);
    let _ = call.post(&format!("/api/brain/{file}/remove"), &remove).await.expect(200);
}

#[tokio::test]
async fn re_4_hiding_a_note_waits_for_a_hold_that_is_being_placed_and_then_sees_it() {
    let p = place().await;
    let (call, note) = (p.t.browser(&p.t.a, Who::Will).await, format!("/api/notes/{}?version=1", p.home.row("notes")));
    let mut placing = placing(&p).await;
    let hiding = tokio::spawn(async move { call.delete(&note).await });
    p.t.db.until_it_waits(&hiding).await;
    sqlx::raw_sql("commit").execute(&mut placing).await.unwrap();
    assert_eq!(hiding.await.unwrap().status, 409);
}

#[tokio::test]
async fn re_4_who_belongs_to_a_held_household_is_kept_wherever_they_were_first_recorded() {
    let p = place().await;
    let call = p.t.browser(&p.t.a, Who::Will).await;
    let made = call.post("/api/households", &json!({"name": "The old home", "team_id": p.t.a.team("will")})).await.expect(201);
    let people = format!("/api/households/{}/people", made["id"].as_str().unwrap());
    let jane = call.post(&people, &json!({"first_name": "Jane", "last_name": "Doe", "role": "primary"})).await.expect(201);
    let (jane, reach) =
        (jane["person"]["id"].clone(), json!({"kind": "phone", "person_id": jane["person"]["id"], "value": "(704) 555-0123"}));
    let reach = call.post(&format!("/api/households/{}/contact-points", made["id"].as_str().unwrap()), &reach).await.expect(201);
    let joins = json!({"person_id": jane, "role": "spouse"});
    let _ = call.post(&format!("/api/households/{}/memberships", p.home.id), &joins).await.expect(201);
    let hold = hold(&p).await;
    let jane = format!("/api/people/{}?version=1", jane.as_str().unwrap());
    let reach = format!("/api/contact-points/{}?version=1", reach["id"].as_str().unwrap());
    for address in [&jane, &reach] {
        let _ = call.delete(address).await.expect(409);
    }
    release(&p, hold).await;
    for address in [&reach, &jane] {
        let _ = call.delete(address).await.expect(204);
    }
}

#[tokio::test]
async fn st_7_an_undo_under_a_hold_takes_back_what_it_may_and_says_what_it_left() {
    let p = place().await;
    let request = uuid::Uuid::now_v7().to_string();
    let call = p.t.browser(&p.t.a, Who::Will).await;
    let same = call.clone().header("x-request-id", &request);
    let home = format!("/api/households/{}", p.home.id);
    let version = call.get(&home).await.expect(200)["household"]["version"].clone();
    let _ = same.patch(&home, &json!({"version": version, "tier": "Z"})).await.expect(200);
    let note = same.post(&format!("{home}/notes"), &json!({"body": "Written in the same breath"})).await.expect(201);
    hold(&p).await;
    let undone = call.post("/api/edits/undo-request", &json!({"request_id": request})).await.expect(200);
    assert_eq!((undone["undone"].as_u64(), undone["kept"].as_array().unwrap().len()), (Some(1), 1), "{undone}");
    assert!(undone["kept"][0]["reason"].as_str().unwrap().contains("under legal hold"), "{undone}");
    let record = call.get(&home).await.expect(200);
    assert_ne!(record["household"]["tier"], "Z", "what was said to be undone is undone");
    assert!(record["notes"].as_array().unwrap().iter().any(|row| row["id"] == note["id"]));
}

#[tokio::test]
async fn st_1_a_repeating_task_of_a_held_household_is_ticked_and_opened_again() {
    let p = place().await;
    let call = p.t.browser(&p.t.a, Who::Will).await;
    let fees = json!({"title": "Fees", "due_on": "2026-03-10", "repeats": "FREQ=WEEKLY"});
    let first = call.post(&format!("/api/households/{}/tasks", p.home.id), &fees).await.expect(201);
    let address = format!("/api/tasks/{}", first["id"].as_str().unwrap());
    let done = call.patch(&address, &json!({"version": first["version"], "done_at": "2026-03-14T09:26:00Z"})).await.expect(200);
    hold(&p).await;
    let _ = call.patch(&address, &json!({"version": done["version"], "done_at": null})).await.expect(200);
    let next = format!("select count(*) from tasks where follows_id = '{}' and deleted_at is null", first["id"].as_str().unwrap());
    assert_eq!(p.t.db.value(&next).await, 1, "the next one is kept");
}

#[tokio::test]
async fn st_3_an_import_of_a_book_is_taken_back_but_for_what_a_hold_keeps() {
    let p = place().await;
    let dir = tempfile::tempdir().unwrap();
    let plan = magfin_legacy::generate::Plan { seed: 7, households: 12, more_files: 0 };
    magfin_legacy::generate::generate(plan, &mut magfin_legacy::DirTree::new(dir.path())).unwrap();
    let op = p.priya(&p.t.app);
    let run = op.import_legacy(dir.path(), ("legacy", "a book"), &[]).await.unwrap().id.unwrap();
    let homes = op.imported_households(run, None, 100).await.unwrap();
    let held = HouseholdReason { household_id: homes[0].id, reason: reason("A dispute") };
    p.cleo(&p.t.app).place_hold(&held, None).await.unwrap();
    let live = format!("select count(*) from memberships where household_id = '{}' and deleted_at is null", homes[0].id);
    let before = p.t.db.value(&live).await;
    let done = op.revert_import(run).await.unwrap();
    assert_eq!(done.kept.iter().map(|kept| (kept.household_id, kept.reason)).collect::<Vec<_>>(), [(Some(homes[0].id), Some("held"))]);
    let left = op.imported_households(run, None, 100).await.unwrap();
    assert_eq!(left.iter().map(|home| home.id).collect::<Vec<_>>(), [homes[0].id]);
    assert_eq!(p.t.db.value(&live).await, before, "who belongs to it stays in it");
}

#[tokio::test]
async fn st_3_a_brain_that_a_hold_keeps_is_taken_back_once_it_is_released() {
    let p = place().await;
    let op = p.priya(&p.t.app);
    let mut tx = p.t.app.db.write(p.t.a.context(Who::Priya)).await.unwrap();
    let run = magfin_db::imports::start(&mut tx, "brain", "a tree").await.unwrap();
    tx.commit().await.unwrap();
    let draft = Draft { source: Some(Source::Import), import: Some(run), ..Draft::of("estate.md", Some("A trust"), None) };
    let file = p.t.app.brain.write(&op, p.home.id, &draft).await.unwrap();
    let hold = hold(&p).await;
    let done = op.revert_import(run).await.unwrap();
    assert_eq!(done.kept.iter().map(|kept| (kept.entity_id, kept.reason)).collect::<Vec<_>>(), [(file.id.0, Some("held"))]);
    release(&p, hold).await;
    assert!(op.revert_import(run).await.unwrap().kept.is_empty(), "the run was left open for it");
    assert!(matches!(op.revert_import(run).await, Err(AppError::NotFound)));
    assert!(Op::new(&p.t.app, &p.priya).read_brain(file.id, None).await.unwrap().file.version.removed);
}
