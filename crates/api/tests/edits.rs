//! Several people at one household: nothing is lost, conflicts are told, everything can be taken back.

use magfin_testkit::book::Household;
use magfin_testkit::{Call, TestApp, Who};
use serde_json::{Value, json};

/// Will and Matt before the same household.
async fn shared() -> (TestApp, Household, Call, Call) {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "shared").await;
    let (will, matt) = (t.browser(&t.a, Who::Will).await, t.browser(&t.a, Who::Matt).await);
    (t, home, will, matt)
}

async fn history(call: &Call, home: &Household) -> Vec<Value> {
    let page = call.get(&format!("/api/households/{}/edits?limit=200", home.id)).await.expect(200);
    page["items"].as_array().unwrap().clone()
}

/// The newest edit of a field.
async fn newest(call: &Call, home: &Household, field: &str) -> Value {
    history(call, home).await.into_iter().find(|e| e["field"] == field).unwrap()
}

#[tokio::test]
async fn st_4_edits_of_different_fields_merge() {
    let (_t, home, will, matt) = shared().await;
    let path = format!("/api/households/{}", home.id);
    let _ = matt.patch(&path, &json!({"version": 1, "tier": "B", "stage": "Review"})).await.expect(200);
    let merged = will.patch(&path, &json!({"version": 1, "source": "Web"})).await.expect(200);
    assert_eq!((merged["tier"].as_str(), merged["stage"].as_str(), merged["source"].as_str()), (Some("B"), Some("Review"), Some("Web")));
    assert_eq!(merged["version"], 3);
}

#[tokio::test]
async fn st_4_edits_of_the_same_field_answer_409_with_both_values_and_the_other_name() {
    let (_t, home, will, matt) = shared().await;
    let path = format!("/api/households/{}", home.id);
    let _ = matt.patch(&path, &json!({"version": 1, "tier": "B", "source": "Web"})).await.expect(200);
    let problem = will.patch(&path, &json!({"version": 1, "tier": "C", "stage": "Review"})).await.problem(409, "conflict");
    assert_eq!(problem["current_version"], 2);
    let conflicts = problem["conflicts"].as_array().unwrap();
    assert_eq!(conflicts.len(), 1, "{problem}");
    let conflict = &conflicts[0];
    assert_eq!((&conflict["field"], &conflict["yours"], &conflict["theirs"]), (&json!("tier"), &json!("C"), &json!("B")));
    assert_eq!(conflict["changed_by"], Who::Matt.name());
    // Nothing of the refused request is saved, the field without a conflict included.
    let now = will.get(&path).await.expect(200)["household"].clone();
    assert_eq!((now["tier"].as_str(), now["stage"].as_str(), now["version"].as_i64()), (Some("B"), Some("Won"), Some(2)));
    let _ = will.patch(&path, &json!({"version": 2, "tier": "C"})).await.expect(200);
}

#[tokio::test]
async fn st_4_the_same_value_twice_is_no_conflict_and_a_sealed_value_is_never_shown_in_one() {
    let (_t, home, will, matt) = shared().await;
    let path = format!("/api/liabilities/{}", home.row("liabilities"));
    let _ = matt.patch(&path, &json!({"version": 1, "balance": "300000.00"})).await.expect(200);
    let _ = will.patch(&path, &json!({"version": 1, "balance": "300000"})).await.expect(200);
    let path = format!("/api/people/{}", home.row("people"));
    let _ = matt.patch(&path, &json!({"version": 1, "tax_id": "111-22-3333"})).await.expect(200);
    let refused = will.patch(&path, &json!({"version": 1, "tax_id": "444-55-6666"})).await;
    let problem = refused.problem(409, "conflict");
    assert_eq!((&problem["conflicts"][0]["yours"], &problem["conflicts"][0]["theirs"]), (&json!("•••"), &json!("•••")));
    assert!(!refused.text().contains("3333") && !refused.text().contains("6666"));
}

#[tokio::test]
async fn st_4_texts_that_look_like_the_same_number_are_two() {
    let (_t, home, will, matt) = shared().await;
    let path = format!("/api/households/{}", home.id);
    let _ = matt.patch(&path, &json!({"version": 1, "tier": "01"})).await.expect(200);
    let problem = will.patch(&path, &json!({"version": 1, "tier": "1"})).await.problem(409, "conflict");
    assert_eq!((&problem["conflicts"][0]["yours"], &problem["conflicts"][0]["theirs"]), (&json!("1"), &json!("01")));
}

#[tokio::test]
async fn st_4_a_version_ahead_of_the_row_is_refused() {
    let (_t, home, will, _) = shared().await;
    let problem =
        will.patch(&format!("/api/notes/{}", home.row("notes")), &json!({"version": 7, "pinned": false})).await.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["pointer"], "/version");
}

#[tokio::test]
async fn st_4_three_people_at_once_lose_no_update() {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "shared").await;
    let path = format!("/api/goals/{}", home.row("goals"));
    let mut people = Vec::new();
    for who in [Who::Will, Who::Matt, Who::Priya] {
        let (call, path, home) = (t.browser(&t.a, who).await, path.clone(), home.id);
        people.push(tokio::spawn(async move {
            for n in 0..8 {
                // Each adds a word to what they saw, and looks again when somebody else was faster.
                loop {
                    let record = call.get(&format!("/api/households/{home}")).await.expect(200);
                    let goal = &record["goals"][0];
                    let title = format!("{} {who:?}{n}", goal["title"].as_str().unwrap());
                    let body = json!({"version": goal["version"], "title": title});
                    match call.patch(&path, &body).await.status.as_u16() {
                        200 => break,
                        409 => {}
                        other => panic!("{other}"),
                    }
                }
            }
        }));
    }
    for person in people {
        person.await.unwrap();
    }
    let title = t.db.value(&format!("select title from goals where id = '{}'", home.row("goals"))).await;
    let mut words: Vec<&str> = title.as_str().unwrap().split(' ').skip(2).collect();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), 24, "{title}");
}

#[tokio::test]
async fn st_2_an_edit_says_who_when_how_and_which_request() {
    let (t, home, will, _) = shared().await;
    let request = "0195a000-0000-7000-8000-000000000001";
    let path = format!("/api/notes/{}", home.row("notes"));
    let _ = will.clone().header("x-request-id", request).patch(&path, &json!({"version": 1, "pinned": false})).await.expect(200);
    let edit = newest(&will, &home, "pinned").await;
    assert_eq!((&edit["user_name"], &edit["source"], &edit["request_id"]), (&json!("Will Adams"), &json!("ui"), &json!(request)));
    assert_eq!(
        (&edit["old"], &edit["new"], &edit["op"], &edit["entity"]),
        (&json!(true), &json!(false), &json!("change"), &json!("notes"))
    );
    assert_eq!((&edit["household_id"], &edit["row_version"]), (&json!(home.id), &json!(2)));
    let key = t.stranger().bearer(&t.api_key(&t.a, Who::Iggy, None).await);
    let own = t.household(&t.a, Who::Will, "will").await;
    let _ = key.patch(&format!("/api/notes/{}", own.row("notes")), &json!({"version": 1, "pinned": false})).await.expect(200);
    assert_eq!(newest(&will, &own, "pinned").await["source"], "api");
}

#[tokio::test]
async fn st_7_an_undo_is_itself_an_edit_and_can_be_undone() {
    let (_t, home, will, matt) = shared().await;
    let path = format!("/api/households/{}", home.id);
    let _ = will.patch(&path, &json!({"version": 1, "tier": "B"})).await.expect(200);
    let change = newest(&will, &home, "tier").await;
    let undo = |edit: &Value| format!("/api/edits/{}/undo", edit["id"].as_str().unwrap());
    let undone = matt.post(&undo(&change), &json!(null)).await.expect(200);
    assert_eq!((&undone["undoes"], &undone["source"], &undone["user_name"]), (&change["id"], &json!("undo"), &json!("Matt Brown")));
    assert_eq!((&undone["old"], &undone["new"]), (&json!("B"), &json!("A")));
    assert_eq!(history(&will, &home).await.iter().find(|e| e["id"] == change["id"]).unwrap()["undone_by"], undone["id"]);
    let _ = will.post(&undo(&change), &json!(null)).await.problem(409, "conflict");
    let redone = will.post(&undo(&undone), &json!(null)).await.expect(200);
    assert_eq!((&redone["undoes"], &redone["new"]), (&undone["id"], &json!("B")));
    assert_eq!(will.get(&path).await.expect(200)["household"]["tier"], "B");
}

#[tokio::test]
async fn st_7_an_undo_over_a_later_change_is_a_conflict() {
    let (_t, home, will, matt) = shared().await;
    let path = format!("/api/households/{}", home.id);
    let _ = will.patch(&path, &json!({"version": 1, "tier": "B"})).await.expect(200);
    let change = newest(&will, &home, "tier").await;
    let _ = matt.patch(&path, &json!({"version": 2, "tier": "C"})).await.expect(200);
    let problem = will.post(&format!("/api/edits/{}/undo", change["id"].as_str().unwrap()), &json!(null)).await.problem(409, "conflict");
    let conflict = &problem["conflicts"][0];
    assert_eq!((&conflict["yours"], &conflict["theirs"], &conflict["changed_by"]), (&json!("A"), &json!("C"), &json!("Matt Brown")));
}

#[tokio::test]
async fn st_7_undoing_a_creation_hides_the_row_and_undoing_that_brings_it_back() {
    let (t, home, will, _) = shared().await;
    let made = history(&will, &home).await.into_iter().find(|e| e["entity"] == "goals" && e["op"] == "create").unwrap();
    let hidden = will.post(&format!("/api/edits/{}/undo", made["id"].as_str().unwrap()), &json!(null)).await.expect(200);
    assert_eq!(hidden["field"], "deleted_at");
    assert_eq!(will.get(&format!("/api/households/{}", home.id)).await.expect(200)["goals"], json!([]));
    let _ = will.post(&format!("/api/edits/{}/undo", hidden["id"].as_str().unwrap()), &json!(null)).await.expect(200);
    assert_eq!(t.db.value(&format!("select deleted_at from goals where id = '{}'", home.row("goals"))).await, Value::Null);
}

#[tokio::test]
async fn st_7_undoing_a_number_takes_what_follows_from_it_along() {
    let (t, home, will, _) = shared().await;
    let path = format!("/api/contact-points/{}", home.row("contact_points"));
    let _ = will.patch(&path, &json!({"version": 1, "value": "+1 212 555 0199"})).await.expect(200);
    let change = newest(&will, &home, "value").await;
    let _ = will.post(&format!("/api/edits/{}/undo", change["id"].as_str().unwrap()), &json!(null)).await.expect(200);
    let row =
        &t.db.rows(&format!("select value, e164, extension from contact_points where id = '{}'", home.row("contact_points"))).await[0];
    assert_eq!(row, &json!({"value": "(415) 555-0142 ext 7", "e164": "+14155550142", "extension": "7"}));
    // So does the undo of all that a request did, which has nothing to tell of what follows.
    let request = uuid::Uuid::now_v7().to_string();
    let named = will.clone().header("x-request-id", &request);
    let _ = named.patch(&path, &json!({"version": 3, "value": "+1 212 555 0199"})).await.expect(200);
    let undone = will.post("/api/edits/undo-request", &json!({"request_id": request})).await.expect(200);
    assert_eq!(undone, json!({"undone": 1, "kept": []}));
    let e164 = format!("select e164 from contact_points where id = '{}'", home.row("contact_points"));
    assert_eq!(t.db.value(&e164).await, "+14155550142");
}

#[tokio::test]
async fn st_7_a_removed_row_is_gone_from_the_record_and_can_be_restored() {
    let (_t, home, will, _) = shared().await;
    let path = format!("/api/notes/{}", home.row("notes"));
    assert_eq!(will.delete(&path).await.status, 204);
    assert_eq!(will.get(&format!("/api/households/{}/notes", home.id)).await.expect(200)["items"], json!([]));
    let _ = will.patch(&path, &json!({"version": 2, "pinned": false})).await.problem(404, "not_found");
    let _ = will.delete(&path).await.problem(404, "not_found");
    let back = will.post(&format!("{path}/restore"), &json!(null)).await.expect(200);
    assert_eq!((&back["deleted_at"], &back["body"]), (&Value::Null, &json!("Worried about long-term care.")));
    assert_eq!(newest(&will, &home, "deleted_at").await["source"], "restore");
}

#[tokio::test]
async fn st_2_history_and_why_mask_sealed_values() {
    let (_t, home, will, _) = shared().await;
    let person = home.row("people");
    let _ = will
        .patch(&format!("/api/people/{person}"), &json!({"version": 1, "tax_id": "111-22-3333", "birth_date": "1960-05-06"}))
        .await
        .expect(200);
    let page = will.get(&format!("/api/households/{}/edits?limit=200", home.id)).await;
    let why = will.get(&format!("/api/why/people/{person}/tax_id")).await;
    for answer in [&page, &why] {
        assert_eq!(answer.status, 200);
        for secret in ["123-45-6789", "111-22-3333", "1958-03-14", "1960-05-06", "98-7654321", "8812-7057", "\\\\x01"] {
            assert!(!answer.text().contains(secret), "{secret}");
        }
    }
    let edit = newest(&will, &home, "tax_id").await;
    assert_eq!((&edit["old"], &edit["new"]), (&json!("••••6789"), &json!("••••3333")));
    assert_eq!(newest(&will, &home, "birth_date").await["new"], "•• ••• 1960");
    let made = history(&will, &home).await.into_iter().find(|e| e["entity"] == "accounts" && e["op"] == "create").unwrap();
    assert_eq!(made["new"]["number"], "••••7057");
    assert_eq!(why.json()["trail"].as_array().unwrap().len(), 2);
}
