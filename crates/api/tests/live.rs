//! What one person saves reaches the others' screens, whatever happens to the connection in between; and nobody else's.

use magfin_app::Op;
use magfin_app::live::MOST_STREAMS;
use magfin_domain::facts::note::Note;
use magfin_testkit::book::{Household, create};
use magfin_testkit::{Call, TestApp, Who};
use serde_json::{Value, json};

/// Will and Matt before the same household.
async fn shared() -> (TestApp, Household, Call, Call) {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "shared").await;
    let (will, matt) = (t.browser(&t.a, Who::Will).await, t.browser(&t.a, Who::Matt).await);
    (t, home, will, matt)
}

async fn set(call: &Call, home: &Household, version: i32, body: Value) {
    let mut body = body;
    body["version"] = json!(version);
    let _ = call.patch(&format!("/api/households/{}", home.id), &body).await.expect(200);
}

fn fields(change: &Value) -> (&str, &Value, &Value) {
    (change["entity"].as_str().unwrap(), &change["household_id"], &change["fields"])
}

#[tokio::test]
async fn st_6_what_a_colleague_saves_is_told_with_the_fields_and_never_their_values() {
    let (_t, home, will, matt) = shared().await;
    let mut live = will.stream("/api/live").await;
    assert_eq!(live.next().await.unwrap().name, "hello");
    set(&matt, &home, 1, json!({"tier": "Platinum", "story": "A secret of the family"})).await;
    let event = live.until("change").await;
    let changes = event.data["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 1, "{event:?}");
    assert_eq!(fields(&changes[0]), ("households", &json!(home.id), &json!(["story", "tier"])));
    assert_eq!((changes[0]["user_name"].as_str(), changes[0]["op"].as_str()), (Some(Who::Matt.name()), Some("change")));
    assert!(!event.data.to_string().contains("Platinum") && !event.data.to_string().contains("secret"));
}

#[tokio::test]
async fn st_6_whoever_comes_back_with_the_last_id_hears_everything_once_on_another_process_too() {
    let (t, home, will, matt) = shared().await;
    let mut live = will.stream("/api/live").await;
    set(&matt, &home, 1, json!({"tier": "B"})).await;
    let last = live.until("change").await.id;
    drop(live);
    set(&matt, &home, 2, json!({"tier": "C"})).await;
    set(&matt, &home, 3, json!({"stage": "Review"})).await;
    let (_second, router) = t.second().await;
    let mut again = will.clone().on(&router).header("last-event-id", &last).stream("/api/live").await;
    let missed = again.until("change").await.data;
    let told: Vec<_> = missed["changes"].as_array().unwrap().iter().map(|c| c["fields"].clone()).collect();
    assert_eq!(told, [json!(["tier"]), json!(["stage"])], "what was told before is not told again");
    set(&matt, &home, 4, json!({"tier": "D"})).await;
    assert_eq!(again.until("change").await.data["changes"][0]["fields"], json!(["tier"]));
}

#[tokio::test]
async fn ten_3_neither_another_team_nor_another_firm_hears_anything() {
    let (t, home, _, matt) = shared().await;
    let other = t.household(&t.a, Who::Evan, "evan").await;
    let (evan, stranger) = (t.browser(&t.a, Who::Evan).await, t.browser(&t.b, Who::Will).await);
    let theirs = t.household(&t.b, Who::Will, "will").await;
    let (mut evans, mut strangers) = (evan.stream("/api/live").await, stranger.stream("/api/live").await);
    set(&matt, &home, 1, json!({"tier": "B"})).await;
    // Their own change comes through, and comes first.
    set(&evan, &other, 1, json!({"tier": "C"})).await;
    set(&stranger, &theirs, 1, json!({"tier": "C"})).await;
    assert_eq!(evans.until("change").await.data["changes"][0]["household_id"], json!(other.id));
    let told = strangers.until("change").await.data;
    assert_eq!((told["changes"].as_array().unwrap().len(), &told["changes"][0]["household_id"]), (1, &json!(theirs.id)));
}

#[tokio::test]
async fn au_5_a_stream_ends_with_its_session() {
    let (t, _, _, _) = shared().await;
    let session = t.sign_in(&t.a, Who::Will).await;
    let mut live = t.with_session(&session).stream("/api/live").await;
    assert_eq!(live.next().await.unwrap().name, "hello");
    t.app.sign_out(&session).await.unwrap();
    assert!(live.next().await.is_none());
    let _ = t.with_session(&session).get("/api/live").await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn st_6_a_cursor_that_is_none_is_refused_and_one_of_another_database_begins_anew() {
    let (_t, _, will, _) = shared().await;
    for bad in ["x", "1:2", "1:2:'", "2:1:"] {
        let _ = will.get(&format!("/api/live?cursor={bad}")).await.problem(422, "invalid");
    }
    let mut live = will.stream("/api/live?cursor=99999999999:99999999999:").await;
    assert_eq!((live.next().await.unwrap().name, live.next().await.unwrap().name), ("hello".to_owned(), "reset".to_owned()));
}

#[tokio::test]
async fn st_6_more_changes_than_a_screen_can_use_are_told_as_a_reset() {
    let (t, home, will, _) = shared().await;
    let caller = t.caller(&t.a, Who::Matt);
    let mut live = will.stream("/api/live").await;
    let cursor = live.next().await.unwrap().id;
    drop(live);
    for n in 0..201 {
        create::<Note>(&Op::new(&t.app, &caller), home.id, json!({"body": format!("note {n}")})).await;
    }
    let mut again = will.stream(&format!("/api/live?cursor={cursor}")).await;
    assert_eq!(again.until("reset").await.data, json!({}));
}

#[tokio::test]
async fn st_4_who_has_the_household_open_is_told_to_those_who_may_see_it() {
    let (t, home, will, matt) = shared().await;
    let evan = t.browser(&t.a, Who::Evan).await;
    let mut live = will.stream("/api/live").await;
    let here = |focus: Option<&str>| json!({"household_id": home.id, "focus": focus});
    let _ = matt.json("PUT", "/api/presence", &here(Some("notes/new"))).await.expect(204);
    let present = live.until("presence").await.data["present"].clone();
    assert_eq!((&present[0]["user_name"], &present[0]["focus"]), (&json!(Who::Matt.name()), &json!("notes/new")));
    // Evan may not see it, so he cannot be in it, and does not hear who is.
    let _ = evan.json("PUT", "/api/presence", &here(None)).await.problem(404, "not_found");
    let _ = matt.json("PUT", "/api/presence", &json!({"household_id": null})).await.expect(204);
    assert_eq!(live.until("presence").await.data["present"], json!([]));
    let _ = matt.json("PUT", "/api/presence", &here(None)).await.expect(204);
    assert_eq!(live.until("presence").await.data["present"].as_array().unwrap().len(), 1);
    t.pass(31);
    assert_eq!(live.until("presence").await.data["present"], json!([]), "whoever goes without a word is gone after 30 s");
    let _ = matt.json("PUT", "/api/presence", &json!({"household_id": home.id, "focus": "x".repeat(81)})).await.problem(422, "invalid");
}

#[tokio::test]
async fn au_9_a_user_holds_so_many_streams_and_no_more() {
    let (_t, _, will, matt) = shared().await;
    let mut open = Vec::new();
    for _ in 0..MOST_STREAMS {
        open.push(will.stream("/api/live").await);
    }
    let _ = will.get("/api/live").await.problem(429, "rate_limited");
    drop(matt.stream("/api/live").await);
    open.pop();
    drop(will.stream("/api/live").await);
}

#[tokio::test]
async fn a_stop_ends_the_streams() {
    let (t, _, will, _) = shared().await;
    let mut live = will.stream("/api/live").await;
    assert_eq!(live.next().await.unwrap().name, "hello");
    t.app.close_streams();
    assert!(live.next().await.is_none());
}
