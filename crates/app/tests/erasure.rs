//! Erasing a household: nothing of it is left, others keep what is theirs, the log stays whole, and a restored database erases again.

pub(crate) mod place;

use std::path::Path;
use std::sync::Arc;

use magfin_app::audit::Settings;
use magfin_app::audit::verify::Against;
use magfin_app::{App, AppError, Op};
use magfin_clients::keys::FileKeys;
use magfin_clients::objects::Location;
use magfin_domain::audit::FaultKind;
use magfin_domain::retention::{EndReason, HouseholdReason, RetainedRecord, RetentionProposal};
use magfin_testkit::Who;
use magfin_testkit::app::stored;
use magfin_testkit::book::FACTS;
use place::{Place, place, reason};
use serde_json::{Value, json};

#[tokio::test]
async fn br_6_nothing_of_an_erased_household_is_left_but_leaves_that_say_nothing() {
    let p = place().await;
    // As an import leaves it: a report that tells of each family by words of its own.
    let (firm, import) = (p.t.a.id, uuid::Uuid::now_v7());
    p.t.tamper(&format!(
        "insert into imports (firm_id, id, kind, user_id, label, report) values ('{firm}', '{import}', 'legacy', '{}', 'a run',
           '{{\"households\": {{\"total\": 1}}, \"final_state\": [{{\"household\": \"whitfield-ellen\", \"address_line1\": \"1 Mill Road\"}}],
             \"accounts\": {{\"total\": 2, \"usd_by_household\": {{\"whitfield-ellen\": 12.5}}}}, \"unparsed_values\": [\"Ellen\"]}}');
         update edits set import_id = '{import}' where household_id = '{}'",
        p.t.a.user(Who::Priya),
        p.home.id
    ))
    .await;
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
    let report = p.t.db.value("select report from imports").await;
    assert_eq!(report, json!({"households": {"total": 1}, "accounts": {"total": 2}}), "the counts stay");
    let found = p.verify().await;
    assert!(found.good && found.rows < found.leaves, "{:?}", found.faults);
    assert!(found.says.iter().any(|line| line.contains("households that were erased")), "{:?}", found.says);
    let call = p.t.browser(&p.t.a, Who::Will).await;
    assert_eq!(call.get(&format!("/api/households/{}", p.home.id)).await.status, 404);
}

#[tokio::test]
async fn br_6_the_report_of_a_real_import_names_no_family_after_one_of_its_households_was_erased() {
    let (p, dir) = (place().await, tempfile::tempdir().unwrap());
    let plan = magfin_legacy::generate::Plan { seed: 7, households: 200, more_files: 0 };
    magfin_legacy::generate::generate(plan, &mut magfin_legacy::DirTree::new(dir.path())).unwrap();
    p.priya(&p.t.app).import_legacy(dir.path(), ("legacy", "a book"), &[]).await.unwrap();
    let truth: Value = serde_json::from_slice(&std::fs::read(dir.path().join("truth/expected_import.json")).unwrap()).unwrap();
    let mut slugs: Vec<&str> = truth["households"]["id_collisions_reissued"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    slugs.extend(truth["final_state"].as_array().unwrap().iter().filter_map(|line| line["household"].as_str()));
    let report = async || p.t.db.value("select report::text from imports").await.as_str().unwrap().to_owned();
    let before = report().await;
    assert!(
        slugs.iter().all(|slug| before.contains(&format!("\"{slug}\""))) && !truth["households"]["id_collisions_reissued"][0].is_null()
    );
    let home = p.t.db.value("select household_id from edits where import_id is not null and household_id is not null limit 1").await;
    let home = magfin_domain::ids::HouseholdId(home.as_str().unwrap().parse().unwrap());
    p.t.tamper(&format!("update households set type = 'former' where id = '{}'", home.0)).await;
    p.t.log(&p.t.a).await;
    p.class(0).await;
    p.priya(&p.t.app).approve_erasure(p.ask(home).await).await.unwrap();
    let after = report().await;
    let named: Vec<&&str> = slugs.iter().filter(|slug| after.contains(**slug)).collect();
    assert_eq!(named, [] as [&&str; 0]);
    assert!(after.contains("\"total\"") || after.contains("\"imported\""), "the counts stay: {after}");
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
    // 23514: a check was not met.
    let shown = p.t.db.attempt(format!("update households set deleted_at = null where id = '{}'", p.home.id)).await;
    assert_eq!(shown, Err("23514".to_owned()), "nobody brings the empty row back");
    let about = format!(
        "select count(*) from edits where household_id = '{}' and entity_id <> '{person}' and entity <> 'contact_points'",
        p.home.id
    );
    assert_eq!(p.t.db.value(&about).await, 0, "of the household itself nothing is remembered");
    let found = p.verify().await;
    assert!(found.good, "{:?}", found.faults);
    // What stayed is watched as before: an erasure is no licence for what it did not take.
    for (tampered, kind) in [
        (format!("delete from edits where entity_id = '{person}' and op = 'change'"), None),
        (format!("delete from edits where entity_id = '{person}'"), Some(FaultKind::RowRemoved)),
    ] {
        p.t.tamper(&tampered).await;
        let faults = p.verify().await.faults;
        assert!(kind.is_none_or(|kind| faults.iter().any(|f| f.kind == kind)), "{faults:?}");
    }
}

#[tokio::test]
async fn br_6_a_number_of_somebody_elses_that_was_noted_here_stays_theirs() {
    let p = place().await;
    let other = p.t.household(&p.t.a, Who::Will, "will").await;
    let call = p.t.browser(&p.t.a, Who::Will).await;
    let person = other.row("people");
    let joins = json!({"person_id": person, "role": "other", "joined_on": "2020-01-01"});
    let _ = call.post(&format!("/api/households/{}/memberships", p.home.id), &joins).await.expect(201);
    let phone = json!({"kind": "phone", "person_id": person, "value": "+1 212 555 0188"});
    let phone = call.post(&format!("/api/households/{}/contact-points", p.home.id), &phone).await.expect(201);
    p.erase().await;
    let kept = p.t.db.value(&format!("select count(*) from contact_points where id = '{}'", phone["id"].as_str().unwrap())).await;
    assert_eq!(kept, 1);
    assert!(p.verify().await.good);
}

#[tokio::test]
async fn br_6_whom_the_last_household_that_needed_them_leaves_behind_is_erased_with_it() {
    let p = place().await;
    let other = p.t.household(&p.t.a, Who::Will, "will").await;
    let call = p.t.browser(&p.t.a, Who::Will).await;
    let person = p.home.row("people");
    let joins = json!({"person_id": person, "role": "other", "joined_on": "2020-01-01"});
    let _ = call.post(&format!("/api/households/{}/memberships", other.id), &joins).await.expect(201);
    p.erase().await;
    let shown = call.send("POST", &format!("/api/households/{}/restore", p.home.id), String::new()).await;
    assert!(shown.status.is_client_error(), "the empty row stays hidden: {} {}", shown.status, shown.text());
    let version = p.t.db.value(&format!("select version from households where id = '{}'", other.id)).await;
    let _ = call.patch(&format!("/api/households/{}", other.id), &json!({"version": version, "type": "former"})).await.expect(200);
    let id = p.ask(other.id).await;
    p.priya(&p.t.app).approve_erasure(id).await.unwrap();
    for table in ["people", "contact_points", "households", "edits"] {
        assert_eq!(p.t.db.value(&format!("select count(*) from {table}")).await, 0, "{table}");
    }
    assert!(p.verify().await.good);
}

#[tokio::test]
async fn br_6_the_words_of_a_household_that_was_hidden_before_are_forgotten_as_well() {
    let p = place().await;
    let call = p.t.browser(&p.t.a, Who::Priya).await;
    let hidden = call.delete(&format!("/api/households/{}?version=2", p.home.id)).await;
    assert!(hidden.status.is_success(), "{}", hidden.text());
    p.erase().await;
    assert_eq!(p.found("whitfield").await, [] as [&str; 0]);
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
    // The backup has a request that is declined afterwards.
    let overtaken = p.ask(p.home.id).await;
    p.t.log(&p.t.a).await;
    p.t.app.db.close().await;
    let backup = p.t.db.copy().await;
    let folder = tempfile::tempdir().unwrap();
    let app = outside(&p, folder.path()).await;
    let class = RetentionProposal { record: RetainedRecord::Former, years: 0, basis: reason("A rule of ours") };
    let class = p.cleo(&app).propose_class(&class, None).await.unwrap();
    p.priya(&app).approve_class(class.id).await.unwrap();
    p.priya(&app).decline_erasure(overtaken, &EndReason { reason: reason("Not like this") }).await.unwrap();
    let wanted = HouseholdReason { household_id: p.home.id, reason: reason("They asked us to") };
    let id = p.cleo(&app).request_erasure(&wanted, None).await.unwrap().id;
    p.priya(&app).approve_erasure(id).await.unwrap();
    let certificate = p.cleo(&app).erasure_certificate(id).await.unwrap();
    let path = folder.path().join(format!("erasures/{}/{id}.json", p.t.a.id));
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
    let elsewhere = old.replay_erasures(&folder.path().join("erasures")).await;
    assert!(matches!(&elsewhere, Err(AppError::Invalid(e)) if e[0].message.contains("is not the folder")), "{elsewhere:?}");
    assert_eq!(old.replay_erasures(folder.path()).await.unwrap(), 1);
    assert_eq!(backup.value("select count(*) from households").await, 0);
    assert_eq!(backup.value("select count(*) from household_keys").await, 0);
    assert_eq!(old.replay_erasures(folder.path()).await.unwrap(), 0, "once is enough");
    let found = old.verify_log(p.t.a.id, &Against::default()).await.unwrap();
    assert!(found.good, "{:?}", found.faults);
}
