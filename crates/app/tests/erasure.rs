//! Erasing a household: by two people, after its time, never under hold; nothing of it is left, others keep what is theirs, the log
//! stays whole, and a restored database erases again.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::path::Path;

use magfin_app::audit::Settings;
use magfin_app::audit::verify::Against;
use magfin_app::{App, AppError, Caller, Op};
use magfin_clients::keys::FileKeys;
use magfin_clients::objects::Location;
use magfin_db::sign_in::Via;
use magfin_domain::audit::{FaultKind, Verification};
use magfin_domain::brain::BrainWrite;
use magfin_domain::ids::{ErasureId, HouseholdId};
use magfin_domain::retention::{EndReason, Erasure, HouseholdReason, RetainedRecord, RetentionProposal};
use magfin_domain::text::{BrainBody, BrainPath, Reason};
use magfin_testkit::app::stored;
use magfin_testkit::book::{FACTS, Household};
use magfin_testkit::{TestApp, Who};
use serde_json::{Value, json};
use std::sync::Arc;

/// A book with a household of which everything is known, that is a client no more, and the two people who may erase it.
struct Place {
    t: TestApp,
    home: Household,
    cleo: Caller,
    priya: Caller,
}

fn reason(text: &str) -> Reason {
    Reason::new(text).unwrap()
}

async fn place() -> Place {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "will").await;
    let by_key = |who| {
        // Nobody sits at it who could be asked to sign in again.
        let mut caller = t.caller(&t.a, who);
        caller.principal.via = Via::ApiKey;
        caller
    };
    let (cleo, priya) = (by_key(Who::Cleo), by_key(Who::Priya));
    let will = t.caller(&t.a, Who::Will);
    let file = BrainWrite {
        path: BrainPath::new("facts.md").unwrap(),
        body: BrainBody::new("Whitfield, in short").unwrap(),
        seen: None,
        reason: None,
    };
    Op::new(&t.app, &will).write_brain(home.id, &file).await.unwrap();
    let call = t.browser(&t.a, Who::Will).await;
    let notes = format!("/api/households/{}/notes", home.id);
    let _ = call.post(&notes, &json!({"body": format!("Ask @[Priya](user:{}) of Whitfield", t.a.user(Who::Priya))})).await.expect(201);
    let draft = json!({"body": "Whitfield, half", "written_in": uuid::Uuid::now_v7(), "turn": 1});
    let _ = call.json("PUT", &format!("/api/households/{}/drafts", home.id), &draft).await.expect(200);
    let reveal = json!({"field": "tax_id", "reason": "Whitfield wants a form"});
    let _ = call.post(&format!("/api/people/{}/reveal", home.row("people")), &reveal).await.expect(200);
    let version = t.db.value(&format!("select version from households where id = '{}'", home.id)).await;
    let _ = call.patch(&format!("/api/households/{}", home.id), &json!({"version": version, "type": "former"})).await.expect(200);
    Place { t, home, cleo, priya }
}

impl Place {
    fn cleo<'a>(&'a self, app: &'a App) -> Op<'a> {
        Op::new(app, &self.cleo)
    }

    fn priya<'a>(&'a self, app: &'a App) -> Op<'a> {
        Op::new(app, &self.priya)
    }

    async fn class(&self, years: i32) {
        let class = RetentionProposal { record: RetainedRecord::Former, years, basis: reason("17 CFR 275.204-2(e)(1)") };
        let made = self.cleo(&self.t.app).propose_class(&class, None).await.unwrap();
        assert!(!made.counts, "a proposal counts for nothing");
        assert!(self.priya(&self.t.app).approve_class(made.id).await.unwrap().counts);
    }

    async fn ask(&self, household: HouseholdId) -> ErasureId {
        let wanted = HouseholdReason { household_id: household, reason: reason("They asked us to") };
        self.cleo(&self.t.app).request_erasure(&wanted, None).await.unwrap().id
    }

    async fn erase(&self) -> Erasure {
        self.class(0).await;
        let id = self.ask(self.home.id).await;
        self.priya(&self.t.app).approve_erasure(id).await.unwrap()
    }

    async fn verify(&self) -> Verification {
        self.t.log(&self.t.a).await;
        self.t.app.verify_log(self.t.a.id, &Against::default()).await.unwrap()
    }

    /// Where the text stands in the database, by table.
    async fn found(&self, text: &str) -> Vec<String> {
        let tables = self.t.db.rows("select tablename from pg_tables where schemaname = 'public' order by 1").await;
        let mut found = Vec::new();
        for table in tables.iter().map(|row| row["tablename"].as_str().unwrap()) {
            let rows = self.t.db.value(&format!("select count(*) from \"{table}\" x where x::text ilike '%{text}%'")).await;
            if rows != json!(0) {
                found.push(table.to_owned());
            }
        }
        found
    }
}

fn clash(result: Result<Erasure, AppError>, part: &str) {
    match result {
        Err(AppError::Clash(says)) => assert!(says.contains(part), "{says}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn br_6_nothing_of_an_erased_household_is_left_but_leaves_that_say_nothing() {
    let p = place().await;
    let everywhere = p.found("whitfield").await;
    assert!(
        ["edits", "events", "search_words", "drafts", "household_summaries"].iter().all(|t| everywhere.iter().any(|e| e == t)),
        "{everywhere:?}"
    );
    assert_eq!(p.t.object_files().len(), 1);
    let erased = p.erase().await;
    assert_eq!((erased.state.as_str(), erased.household_name), ("done", None));
    for text in ["whitfield", "ellen", "sonoma", "dana holt", "mill road", "4155550142", "schwab"] {
        assert_eq!(p.found(text).await, [] as [&str; 0], "{text}");
    }
    for table in
        FACTS.iter().copied().chain(["household_keys", "brain_files", "brain_versions", "drafts", "notifications", "search_entries"])
    {
        assert_eq!(p.t.db.value(&format!("select count(*) from {table}")).await, 0, "{table}");
    }
    assert!(p.t.object_files().is_empty(), "the objects went as well");
    let found = p.verify().await;
    assert!(found.good && found.rows < found.leaves, "{:?}", found.faults);
    assert!(found.says.iter().any(|line| line.contains("households that were erased")), "{:?}", found.says);
    let call = p.t.browser(&p.t.a, Who::Will).await;
    assert_eq!(call.get(&format!("/api/households/{}", p.home.id)).await.status, 404);
}

#[tokio::test]
async fn br_6_the_keys_are_gone_before_the_objects_so_that_a_copy_of_an_object_opens_no_more() {
    let p = place().await;
    let copy = std::fs::read(&p.t.object_files()[0]).unwrap();
    let file = p.t.db.value("select id from brain_files").await;
    p.erase().await;
    std::fs::write(p.t.vault.path().join("copy"), copy).unwrap();
    let will = p.t.caller(&p.t.a, Who::Will);
    let read = Op::new(&p.t.app, &will).read_brain(file.as_str().unwrap().parse::<uuid::Uuid>().unwrap().into(), None).await;
    assert!(matches!(read, Err(AppError::NotFound)), "{read:?}");
    assert_eq!(p.t.db.value("select count(*) from household_keys").await, 0, "no row holds the key that opens the copy");
}

#[tokio::test]
async fn br_6_who_belongs_to_another_household_stays_with_it_and_keeps_how_they_are_reached() {
    let p = place().await;
    let other = p.t.household(&p.t.a, Who::Will, "will").await;
    let call = p.t.browser(&p.t.a, Who::Will).await;
    let member = json!({"person_id": p.home.row("people"), "role": "other", "joined_on": "2020-01-01"});
    let _ = call.post(&format!("/api/households/{}/memberships", other.id), &member).await.expect(201);
    p.erase().await;
    let person = p.home.row("people");
    let kept = p.t.db.rows(&format!("select first_name from people where id = '{person}'")).await;
    assert_eq!(kept, [json!({"first_name": "Ellen"})]);
    let phones = p.t.db.value(&format!("select count(*) from contact_points where person_id = '{person}'")).await;
    assert_eq!(phones, 1);
    let history = p.t.db.value(&format!("select count(*) from edits where entity_id = '{person}'")).await;
    assert!(history.as_i64().unwrap() > 0, "and their history");
    let shell =
        p.t.db
            .rows(&format!("select name, story, tier, deleted_at is not null as hidden from households where id = '{}'", p.home.id))
            .await;
    assert_eq!(shell, [json!({"name": "(erased)", "story": null, "tier": null, "hidden": true})]);
    let about = format!(
        "select count(*) from edits where household_id = '{}' and entity_id <> '{person}' and entity <> 'contact_points'",
        p.home.id
    );
    assert_eq!(p.t.db.value(&about).await, 0, "of the household itself nothing is remembered");
    let found = p.verify().await;
    assert!(found.good, "{:?}", found.faults);
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
async fn re_4_an_erasure_waits_for_a_hold_that_is_being_placed_and_then_sees_it() {
    let p = place().await;
    p.class(0).await;
    let id = p.ask(p.home.id).await;
    p.t.log(&p.t.a).await;
    let mut placing = p.t.db.admin().await;
    let (firm, home, who) = (p.t.a.id, p.home.id, p.t.a.user(Who::Cleo));
    let hold = format!(
        "begin; insert into legal_holds (firm_id, id, household_id, reason, placed_by, placed_at)
         values ('{firm}', '{id}', '{home}', 'a dispute', '{who}', now())"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(hold)).execute(&mut placing).await.unwrap();
    let (app, priya) = (Arc::clone(&p.t.app), p.priya.clone());
    let erasing = tokio::spawn(async move { Op::new(&app, &priya).approve_erasure(id).await });
    let waits = "select count(*) from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())";
    while p.t.db.value(waits).await == json!(0) {
        assert!(!erasing.is_finished(), "it did not wait");
        tokio::task::yield_now().await;
    }
    sqlx::raw_sql("commit").execute(&mut placing).await.unwrap();
    clash(erasing.await.unwrap(), "under legal hold");
    assert_eq!(p.t.db.value("select count(*) from households").await, 1);
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

async fn outside(p: &Place, folder: &Path) -> App {
    p.t.configured(Settings { outside: Some(folder.to_owned()), witnesses: Vec::new() }).await
}

/// The database as it was, under the same objects and keys.
async fn restored(p: &Place, db: &magfin_testkit::TestDb) -> App {
    let keys = FileKeys::open(&p.t.vault.path().join("firm.keys")).unwrap();
    let app = p.t.storing(stored(&Location::Directory(p.t.vault.path().join("objects")), Arc::new(keys))).await;
    App { db: db.serving(4).await, ..app }
}

#[tokio::test]
async fn sv_4_a_restored_database_erases_again_what_was_erased_since_its_backup() {
    let p = place().await;
    p.t.log(&p.t.a).await;
    p.t.app.db.close().await;
    let backup = p.t.db.copy().await;
    let folder = tempfile::tempdir().unwrap();
    let app = outside(&p, folder.path()).await;
    let class = RetentionProposal { record: RetainedRecord::Former, years: 0, basis: reason("A rule of ours") };
    let class = p.cleo(&app).propose_class(&class, None).await.unwrap();
    p.priya(&app).approve_class(class.id).await.unwrap();
    let wanted = HouseholdReason { household_id: p.home.id, reason: reason("They asked us to") };
    let id = p.cleo(&app).request_erasure(&wanted, None).await.unwrap().id;
    p.priya(&app).approve_erasure(id).await.unwrap();
    let certificate = p.cleo(&app).erasure_certificate(id).await.unwrap();
    let path = folder.path().join(format!("erasures/{}/{}.json", p.t.a.id, p.home.id));
    let written: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    assert_eq!(written["leaf"], json!(certificate.leaf), "it was written outside by itself");

    let old = restored(&p, &backup).await;
    assert_eq!(backup.value("select count(*) from households").await, 1, "the backup knows it still");
    // A certificate that somebody else made, or changed, erases nothing.
    for (field, to) in [
        ("content", json!(certificate.content.replace("They asked us to", "Because"))),
        ("index", json!(0)),
        ("salt", json!("00".repeat(16))),
    ] {
        let mut forged = written.clone();
        forged[field] = to;
        std::fs::write(&path, forged.to_string()).unwrap();
        let refused = old.replay_erasures(folder.path()).await;
        assert!(matches!(&refused, Err(AppError::Invalid(e)) if e[0].message.contains("does not vouch")), "{field}: {refused:?}");
    }
    assert_eq!(backup.value("select count(*) from households").await, 1);
    std::fs::write(&path, written.to_string()).unwrap();
    assert_eq!(old.replay_erasures(folder.path()).await.unwrap(), 1);
    assert_eq!(backup.value("select count(*) from households").await, 0);
    assert_eq!(backup.value("select count(*) from household_keys").await, 0);
    assert_eq!(old.replay_erasures(folder.path()).await.unwrap(), 0, "once is enough");
    let found = old.verify_log(p.t.a.id, &Against::default()).await.unwrap();
    assert!(found.good, "{:?}", found.faults);
}
