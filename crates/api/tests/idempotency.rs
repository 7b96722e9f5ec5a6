//! A request with an Idempotency-Key is done once, however often and at once it is sent.

use magfin_testkit::{TestApp, Who};
use serde_json::json;

#[tokio::test]
async fn st_4_a_request_sent_twice_is_done_once() {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "will").await;
    let call = t.browser(&t.a, Who::Will).await.header("idempotency-key", "note-1");
    let path = format!("/api/households/{}/notes", home.id);
    let first = call.post(&path, &json!({"body": "Once"})).await.expect(201);
    let second = call.post(&path, &json!({"body": "Once"})).await.expect(201);
    assert_eq!(first["id"], second["id"]);
    assert_eq!(t.db.value("select count(*) from notes where body = 'Once'").await, 1);
}

#[tokio::test]
async fn st_4_a_key_used_for_another_request_is_refused_and_nothing_is_saved() {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "will").await;
    let call = t.browser(&t.a, Who::Will).await.header("idempotency-key", "note-1");
    let path = format!("/api/households/{}/notes", home.id);
    let _ = call.post(&path, &json!({"body": "Once"})).await.expect(201);
    let _ = call.post(&path, &json!({"body": "Twice"})).await.problem(409, "conflict");
    let _ = call.post(&format!("/api/households/{}/tasks", home.id), &json!({"title": "Once"})).await.problem(409, "conflict");
    assert_eq!(t.db.value("select count(*) from notes where body = 'Twice'").await, 0);
    // A colleague's keys are their own.
    let sam = t.browser(&t.a, Who::Sam).await.header("idempotency-key", "note-1");
    let _ = sam.post(&path, &json!({"body": "Twice"})).await.expect(201);
}

#[tokio::test]
async fn st_4_ten_at_once_with_one_key_make_one_row() {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "will").await;
    let (_other, router) = t.second().await;
    let call = t.browser(&t.a, Who::Will).await.header("idempotency-key", "person-1");
    let path = format!("/api/households/{}/people", home.id);
    let mut sent = Vec::new();
    for n in 0..10 {
        let call = if n % 2 == 0 { call.clone() } else { call.clone().on(&router) };
        let path = path.clone();
        sent.push(tokio::spawn(async move { call.post(&path, &json!({"first_name": "Once"})).await }));
    }
    let mut ids = std::collections::BTreeSet::new();
    for answer in sent {
        ids.insert(answer.await.unwrap().expect(201)["person"]["id"].to_string());
    }
    assert_eq!(ids.len(), 1);
    assert_eq!(t.db.value("select count(*) from people where first_name = 'Once'").await, 1);
}

#[tokio::test]
async fn be_4_a_refused_request_leaves_its_key_unused() {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "will").await;
    let call = t.browser(&t.a, Who::Will).await.header("idempotency-key", "task-1");
    let path = format!("/api/households/{}/tasks", home.id);
    let _ =
        call.post(&path, &json!({"title": "Call", "assignee_id": "0195a000-0000-7000-8000-000000000001"})).await.problem(422, "invalid");
    let _ = call.post(&path, &json!({"title": "Call"})).await.expect(201);
    for bad in ["", "with space", &"x".repeat(201)] {
        let refused = call.clone().header("idempotency-key", bad).post(&path, &json!({"title": "Call"})).await;
        let _ = refused.problem(400, "malformed");
    }
}
