//! Who may erase, when, and what stands in the way; and that the log tells an erasure from anything else that is missing.

use crate::erasure::place;

use std::sync::Arc;

use crate::holds::placing;
use magfin_app::{AppError, Op};
use magfin_domain::audit::FaultKind;
use magfin_domain::ids::ErasureId;
use magfin_domain::retention::{EndReason, Erasure, HouseholdReason, RetainedRecord, RetentionProposal};
use magfin_testkit::Who;
use place::{Place, clash, place, reason};
use serde_json::json;
use tokio::task::JoinHandle;

#[tokio::test]
async fn br_3_what_an_erasure_emptied_stays_empty() {
    let p = place().await;
    p.erase().await;
    assert!(p.verify().await.good);
    p.t.tamper("update events set detail = '{\"reason\": \"invented\"}' where kind = 'value.revealed'").await;
    let faults = p.verify().await.faults;
    assert!(faults.iter().any(|f| f.says.contains("something is there again")), "{faults:?}");
}

#[tokio::test]
async fn br_3_nobody_can_say_that_a_household_was_erased_but_the_erasure() {
    let p = place().await;
    let (firm, admin, home) = (p.t.a.id, p.t.a.user(Who::Priya), p.home.id);
    let event = format!(
        "begin; set local role magfin_app;
         select set_config('magfin.firm', '{firm}', true), set_config('magfin.user', '{admin}', true), set_config('magfin.role', 'firm_admin', true);
         insert into events (firm_id, user_id, kind, household_id) values ('{firm}', '{admin}', 'household.erased', '{home}')"
    );
    // 42501: row-level security.
    assert_eq!(p.t.db.attempt(event).await, Err("42501".to_owned()));
    p.t.db.execute("rollback").await;
}

#[tokio::test]
async fn re_4_a_client_that_is_called_a_prospect_is_kept_like_a_former_client() {
    let p = place().await;
    let call = p.t.browser(&p.t.a, Who::Will).await;
    let version = p.t.db.value(&format!("select version from households where id = '{}'", p.home.id)).await;
    let change = json!({"version": version, "type": "prospect", "client_since": null});
    let _ = call.patch(&format!("/api/households/{}", p.home.id), &change).await.expect(200);
    let class = RetentionProposal { record: RetainedRecord::Prospect, years: 0, basis: reason("Nothing is owed to a prospect") };
    let class = p.cleo(&p.t.app).propose_class(&class, None).await.unwrap();
    p.priya(&p.t.app).approve_class(class.id).await.unwrap();
    let id = p.ask(p.home.id).await;
    clash(p.priya(&p.t.app).approve_erasure(id).await, "no approved retention class");
}

#[tokio::test]
async fn re_4_a_hold_beats_erasing_and_hiding_until_it_is_released() {
    let p = place().await;
    p.class(0).await;
    let id = p.ask(p.home.id).await;
    let hold = HouseholdReason { household_id: p.home.id, reason: reason("A dispute with the estate") };
    let hold = p.cleo(&p.t.app).place_hold(&hold, None).await.unwrap();
    clash(p.priya(&p.t.app).approve_erasure(id).await, "under legal hold");
    let call = p.t.browser(&p.t.a, Who::Priya).await;
    let hidden = call.delete(&format!("/api/households/{}?version=2", p.home.id)).await;
    assert_eq!(hidden.status, 409, "{}", hidden.text());
    assert!(hidden.text().contains("under legal hold"), "{}", hidden.text());
    assert!(p.cleo(&p.t.app).erasures().await.unwrap()[0].held);
    let end = EndReason { reason: reason("It was settled") };
    p.priya(&p.t.app).release_hold(hold.id, &end).await.unwrap();
    assert!(matches!(p.priya(&p.t.app).release_hold(hold.id, &end).await, Err(AppError::Clash(_))));
    assert_eq!(p.priya(&p.t.app).approve_erasure(id).await.unwrap().state, "done");
    let holds = p.cleo(&p.t.app).legal_holds().await.unwrap();
    assert_eq!((holds.len(), holds[0].household_name.as_deref()), (1, None), "that it was held is remembered");
}

#[tokio::test]
async fn au_7_a_key_decides_nothing_about_deletion() {
    let p = place().await;
    let key = p.t.stranger().bearer(&p.t.api_key(&p.t.a, Who::Priya, None).await);
    let hold = json!({"household_id": p.home.id, "reason": "A dispute"});
    for (path, body) in [
        ("legal-holds", hold.clone()),
        ("erasures", hold),
        ("retention-classes", json!({"record": "former", "years": 6, "basis": "17 CFR 275.204-2(e)(1)"})),
    ] {
        let _ = key.post(&format!("/api/{path}"), &body).await.problem(403, "step_up");
    }
    assert_eq!(key.get("/api/legal-holds").await.status, 200, "it reads what its holder reads");
}

/// Approves the erasure beside the test, and comes back when that waits.
async fn erasing_that_waits(p: &Place, id: ErasureId) -> JoinHandle<Result<Erasure, AppError>> {
    let (app, priya) = (Arc::clone(&p.t.app), p.priya.clone());
    let erasing = tokio::spawn(async move { Op::new(&app, &priya).approve_erasure(id).await });
    p.t.db.until_it_waits(&erasing).await;
    erasing
}

#[tokio::test]
async fn re_4_an_erasure_waits_for_a_hold_that_is_being_placed_and_then_sees_it() {
    let p = place().await;
    p.class(0).await;
    let id = p.ask(p.home.id).await;
    p.t.log(&p.t.a).await;
    let mut placing = placing(&p).await;
    let erasing = erasing_that_waits(&p, id).await;
    sqlx::raw_sql("commit").execute(&mut placing).await.unwrap();
    clash(erasing.await.unwrap(), "under legal hold");
    assert_eq!(p.t.db.value("select count(*) from households").await, 1);
}

#[tokio::test]
async fn re_4_an_erasure_waits_for_who_is_writing_and_leaves_nothing_of_what_they_wrote() {
    let p = place().await;
    p.class(0).await;
    let id = p.ask(p.home.id).await;
    p.t.log(&p.t.a).await;
    let (firm, will, home) = (p.t.a.id, p.t.a.user(Who::Will), p.home.id);
    let mut writing = p.t.db.admin().await;
    let write = format!(
        "begin; select set_config('magfin.firm', '{firm}', true), set_config('magfin.user', '{will}', true), set_config('magfin.source', 'ui', true);
         update notes set body = 'Overheard' where household_id = '{home}'"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(write)).execute(&mut writing).await.unwrap();
    let erasing = erasing_that_waits(&p, id).await;
    sqlx::raw_sql("commit").execute(&mut writing).await.unwrap();
    // It sees that the log has not taken up what was just written.
    assert!(matches!(erasing.await.unwrap(), Err(AppError::Unavailable(_))));
    assert_eq!(p.found("Overheard").await, ["edits", "notes", "search_entries", "search_words"]);
    assert_eq!(p.priya(&p.t.app).approve_erasure(id).await.unwrap().state, "done");
    assert_eq!(p.found("Overheard").await, [] as [&str; 0]);
    assert!(p.verify().await.good);
}

#[tokio::test]
async fn re_4_nobody_erases_or_sets_a_class_alone() {
    let p = place().await;
    let class = RetentionProposal { record: RetainedRecord::Former, years: 0, basis: reason("A rule of ours") };
    let own = p.cleo(&p.t.app).propose_class(&class, None).await.unwrap();
    let alone = p.cleo(&p.t.app).approve_class(own.id).await;
    assert!(matches!(&alone, Err(AppError::Clash(says)) if says.contains("second person")), "{alone:?}");
    p.priya(&p.t.app).approve_class(own.id).await.unwrap();
    let id = p.ask(p.home.id).await;
    clash(p.cleo(&p.t.app).approve_erasure(id).await, "second person");
    let end = EndReason { reason: reason("On second thoughts") };
    clash(p.cleo(&p.t.app).decline_erasure(id, &end).await, "second person");
    assert_eq!(p.priya(&p.t.app).decline_erasure(id, &end).await.unwrap().state, "declined");
    clash(p.priya(&p.t.app).approve_erasure(id).await, "decided before");
    assert_eq!(p.t.db.value("select count(*) from households").await, 1);
}

#[tokio::test]
async fn re_4_a_household_is_kept_for_the_years_of_its_class_after_the_year_of_its_last_entry() {
    let p = place().await;
    let id = p.ask(p.home.id).await;
    clash(p.priya(&p.t.app).approve_erasure(id).await, "no approved retention class");
    p.class(5).await;
    let year = p.t.db.value("select extract(year from max(at))::int from edits").await.as_i64().unwrap();
    clash(p.priya(&p.t.app).approve_erasure(id).await, &format!("kept until {}-01-01", year + 6));
    let due: jiff::Timestamp = format!("{}-01-01T00:00:00Z", year + 6).parse().unwrap();
    p.t.pass(due.as_second() - p.t.app.now().0.as_second() - 1);
    clash(p.priya(&p.t.app).approve_erasure(id).await, "kept until");
    p.t.pass(1);
    assert_eq!(p.priya(&p.t.app).approve_erasure(id).await.unwrap().state, "done");
}

#[tokio::test]
async fn br_3_what_the_log_has_not_taken_up_is_not_erased() {
    let p = place().await;
    p.class(0).await;
    let id = p.ask(p.home.id).await;
    let (firm, admin) = (p.t.a.id, p.t.a.user(Who::Priya));
    // The way around the use case, which brings the log up to date first.
    let erase = format!(
        "begin; set local role magfin_app;
         select set_config('magfin.firm', '{firm}', true), set_config('magfin.user', '{admin}', true), set_config('magfin.role', 'firm_admin', true);
         select sec.erase_household('{id}', '2100-01-01', '{{}}'); commit"
    );
    // 23514: a check was not met.
    assert_eq!(p.t.db.attempt(erase.clone()).await, Err("23514".to_owned()));
    p.t.db.execute("rollback").await;
    assert_eq!(p.t.db.value("select count(*) from households").await, 1);
    p.t.log(&p.t.a).await;
    p.t.db.execute(erase).await;
    assert_eq!(p.t.db.value("select count(*) from households").await, 0);
    assert!(p.verify().await.good);
}

#[tokio::test]
async fn re_4_a_client_is_not_erased_however_short_the_class() {
    let p = place().await;
    let client = p.t.household(&p.t.a, Who::Will, "will").await;
    p.class(0).await;
    let id = p.ask(client.id).await;
    clash(p.priya(&p.t.app).approve_erasure(id).await, "a client is made former first");
}

#[tokio::test]
async fn br_3_what_is_taken_away_without_a_certificate_is_named() {
    let p = place().await;
    let before = p.verify().await;
    assert!(before.good, "{:?}", before.faults);
    let home = p.home.id;
    p.t.tamper(&format!(
        "delete from audit_salts s using audit_leaves l where l.firm_id = s.firm_id and l.index = s.index and l.household_id = '{home}'"
    ))
    .await;
    let found = p.verify().await;
    assert!(found.faults.iter().any(|f| f.kind == FaultKind::RowChanged), "{:?}", found.faults);
    p.t.tamper(&format!("delete from edits where household_id = '{home}'")).await;
    let found = p.verify().await;
    assert!(found.faults.iter().any(|f| f.kind == FaultKind::RowRemoved), "{:?}", found.faults);
}

#[tokio::test]
async fn br_3_after_an_erasure_what_outlives_it_cannot_be_taken_away_unseen() {
    let p = place().await;
    p.erase().await;
    assert!(p.verify().await.good);
    p.t.tamper("delete from events where kind = 'erasure.requested'").await;
    let found = p.verify().await;
    assert!(found.faults.iter().any(|f| f.kind == FaultKind::RowRemoved), "{:?}", found.faults);
}

/// Tells of an erasure of `home` that emptied these leaves, as somebody does who may write anything; with a row of its own where that is said.
async fn tell_of_an_erasure(p: &Place, home: &str, leaves: &str, with_row: bool) {
    let (firm, who, erasure, event) = (p.t.a.id, p.t.a.user(Who::Priya), uuid::Uuid::now_v7(), uuid::Uuid::now_v7());
    let row = format!(
        "insert into erasures (firm_id, id, household_id, reason, requested_by, requested_at, state, decided_at, event_id)
           values ('{firm}', '{erasure}', '{home}', 'invented', '{who}', now(), 'done', now(), '{event}');"
    );
    p.t.tamper(&format!(
        "{} insert into events (firm_id, id, user_id, kind, household_id, entity, entity_id, detail)
           values ('{firm}', '{event}', '{who}', 'household.erased', '{home}', 'erasures', '{erasure}',
             jsonb_build_object('forgotten', jsonb_build_object('leaves', '{leaves}')))",
        if with_row { row.as_str() } else { "" }
    ))
    .await;
}

#[tokio::test]
async fn br_3_an_erasure_that_was_never_carried_out_excuses_nothing() {
    let p = place().await;
    p.t.log(&p.t.a).await;
    tell_of_an_erasure(&p, &p.home.id.to_string(), "{[0,100000)}", false).await;
    p.t.tamper("delete from edits where entity = 'people'").await;
    let faults = p.verify().await.faults;
    assert!(faults.iter().any(|f| f.kind == FaultKind::RowRemoved), "{faults:?}");
    assert!(faults.iter().any(|f| f.says.contains("an erasure that was not carried out")), "{faults:?}");
}

#[tokio::test]
async fn br_3_an_erasure_excuses_nothing_of_another_household_and_nothing_after_it() {
    let p = place().await;
    let other = p.t.household(&p.t.a, Who::Will, "will").await.id.to_string();
    let home = p.home.id.to_string();
    p.t.log(&p.t.a).await;
    tell_of_an_erasure(&p, &home, "{[0,100000)}", true).await;
    p.t.household(&p.t.a, Who::Will, "will").await;
    p.t.log(&p.t.a).await;
    let later = "select l.row_id from audit_leaves l where l.source = 'edits' and l.index > (select index from audit_leaves where kind = 'household.erased')";
    for removed in [format!("select id from edits where household_id = '{other}' and entity = 'people'"), format!("{later} limit 1")] {
        let row = p.t.db.value(&removed).await.as_str().unwrap().to_owned();
        p.t.tamper(&format!("delete from edits where id = '{row}'")).await;
        let faults = p.verify().await.faults;
        assert!(faults.iter().any(|f| f.kind == FaultKind::RowRemoved && f.place.contains(&row)), "{faults:?}");
    }
}

#[tokio::test]
async fn br_3_an_erasure_that_says_what_it_emptied_in_no_form_is_named() {
    let p = place().await;
    for leaves in ["all of them", "{[5,)}"] {
        tell_of_an_erasure(&p, &p.home.id.to_string(), leaves, true).await;
        let faults = p.verify().await.faults;
        assert!(faults.iter().any(|f| f.says.contains("cannot be read")), "{leaves}: {faults:?}");
        p.t.tamper("delete from events where kind = 'household.erased'").await;
    }
}
