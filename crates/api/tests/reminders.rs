//! Reminders of tasks, and tasks that are done only with evidence.

use magfin_testkit::{Call, TestApp, Who};
use serde_json::{Value, json};

use crate::work::{change, family, task};

/// Titles of the tasks that the caller is reminded of.
async fn reminded(call: &Call) -> Vec<String> {
    let told = call.get("/api/tasks/reminders").await.expect(200);
    told["items"].as_array().unwrap().iter().map(|row| row["title"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn st_1_a_reminder_is_told_to_whom_the_task_is_and_a_day_ahead() {
    let t = TestApp::start().await;
    // It is 09:26:53 UTC.
    let (will, home) = family(&t, "Whitfield").await;
    let me = t.a.user(Who::Will);
    let with = |title: &str, at: &str, assignee: Value| json!({"title": title, "remind_at": at, "assignee_id": assignee});
    let first = task(&will, home, with("Past", "2026-03-14T09:00:00Z", json!(me))).await;
    let _ = task(&will, home, with("Soon", "2026-03-15T09:26:00Z", json!(me))).await;
    let _ = task(&will, home, with("In two days", "2026-03-16T09:30:00Z", json!(me))).await;
    let _ = task(&will, home, with("Anybody's", "2026-03-14T10:00:00Z", Value::Null)).await;
    let _ = task(&will, home, with("Matt's", "2026-03-14T10:00:00Z", json!(t.a.user(Who::Matt)))).await;
    let _ = task(&will, home, json!({"title": "None", "assignee_id": me, "due_on": "2026-03-14"})).await;
    assert_eq!(reminded(&will).await, ["Soon", "Anybody's", "Past"]);
    assert_eq!(reminded(&t.browser(&t.a, Who::Sam).await).await, ["Anybody's"]);
    // Whoever only looks does no task; a firm's admin and compliance see every household and are of no team: it is not theirs.
    for who in [Who::Rhea, Who::Priya, Who::Cleo] {
        assert_eq!(reminded(&t.browser(&t.a, who).await).await, Vec::<String>::new(), "{who:?}");
    }
    // Another team does not know of the household, another firm not of the firm.
    assert_eq!(reminded(&t.browser(&t.a, Who::Evan).await).await, Vec::<String>::new());
    assert_eq!(reminded(&t.browser(&t.b, Who::Will).await).await, Vec::<String>::new());

    // Done, it is gone; and so is what a hidden household holds.
    let _ = change(&will, "tasks", &first, json!({"done_at": "2026-03-15T09:26:00Z"})).await.expect(200);
    assert_eq!(reminded(&will).await, ["Soon", "Anybody's"]);
    let hidden = will.delete(&format!("/api/households/{home}")).await;
    assert_eq!((hidden.status.as_u16(), reminded(&will).await), (204, Vec::new()));
}

#[tokio::test]
async fn st_1_a_reminder_waits_for_the_day_of_its_task_and_another_plan_puts_nothing_off() {
    let t = TestApp::start().await;
    let (will, home) = family(&t, "Whitfield").await;
    let with = json!({"title": "Call", "remind_at": "2026-03-14T09:00:00Z", "assignee_id": t.a.user(Who::Will)});
    let made = task(&will, home, with).await;
    let asleep = change(&will, "tasks", &made, json!({"snoozed_until": "2026-03-16"})).await.expect(200);
    assert_eq!((&asleep["remind_again_at"], reminded(&will).await), (&Value::Null, Vec::new()));
    // Its day is near enough to be told of; back again, it is told at once.
    let near = change(&will, "tasks", &asleep, json!({"snoozed_until": "2026-03-15"})).await.expect(200);
    assert_eq!(reminded(&will).await, ["Call"]);
    let back = change(&will, "tasks", &near, json!({"snoozed_until": null})).await.expect(200);
    let later = change(&will, "tasks", &back, json!({"remind_again_at": "2026-03-17T09:00:00Z"})).await.expect(200);
    assert_eq!(reminded(&will).await, Vec::<String>::new());

    // The same plan is no other one; another one is, and who has not seen that it was put off is asked.
    let same = change(&will, "tasks", &later, json!({"remind_at": "2026-03-14T09:00:00Z"})).await.expect(200);
    assert_eq!(same["remind_again_at"], "2026-03-17T09:00:00Z");
    let plan = json!({"remind_at": "2026-03-15T09:00:00Z"});
    let conflict = change(&t.browser(&t.a, Who::Sam).await, "tasks", &back, plan.clone()).await.problem(409, "conflict");
    assert_eq!(conflict["conflicts"][0]["field"], "remind_again_at", "{conflict}");
    let anew = change(&will, "tasks", &same, plan).await.expect(200);
    assert_eq!((&anew["remind_again_at"], reminded(&will).await), (&Value::Null, vec!["Call".to_owned()]));
    let never = change(&will, "tasks", &anew, json!({"remind_at": null})).await.expect(200);
    assert_eq!((&never["remind_again_at"], reminded(&will).await), (&Value::Null, Vec::new()));
}

#[tokio::test]
async fn st_1_the_next_task_of_a_rule_reminds_at_the_same_time_before_its_day() {
    let t = TestApp::start().await;
    let (will, home) = family(&t, "Whitfield").await;
    let due = json!({"title": "Fees", "due_on": "2026-03-06", "repeats": "FREQ=WEEKLY", "remind_at": "2026-03-05T14:00:00Z"});
    let first = task(&will, home, due).await;
    // Put off since, and its reminder too: the next ones keep to the plan.
    let later =
        change(&will, "tasks", &first, json!({"due_on": "2026-03-09", "remind_again_at": "2026-03-10T14:00:00Z"})).await.expect(200);
    let _ = change(&will, "tasks", &later, json!({"done_at": "2026-03-14T09:26:00Z"})).await.expect(200);
    let open = will.get("/api/tasks?view=open").await.expect(200);
    let next = open["items"].as_array().unwrap().iter().find(|row| row["follows_id"] == first["id"]).unwrap().clone();
    // Nine in New York, before the clocks went on and after.
    assert_eq!((&next["due_on"], &next["remind_at"]), (&json!("2026-03-20"), &json!("2026-03-19T13:00:00Z")));
    assert_eq!(next["remind_again_at"], Value::Null);
}

#[tokio::test]
async fn ai_7_a_task_that_wants_evidence_is_done_with_what_shows_it_and_never_without() {
    let t = TestApp::start().await;
    let (will, home) = family(&t, "Whitfield").await;
    let note = async |body: &str, privacy: &str| {
        let body = json!({"body": body, "privacy": privacy, "occurred_at": "2100-01-01T10:00:00Z"});
        will.post(&format!("/api/households/{home}/notes"), &body).await.expect(201)
    };
    let made = task(&will, home, json!({"title": "Send the RMD form", "needs_evidence": true})).await;
    let unrelated = note("Lunch with Ellen. Nice weather.", "team").await;
    let told = note("A good year. The RMD form went out to Ellen by courier!", "team").await;
    let private = note("Mine alone: the RMD form.", "private").await;
    let address = format!("/api/tasks/{}", made["id"].as_str().unwrap());
    let found = will.get(&format!("{address}/evidence")).await.expect(200)["items"].clone();
    let ids: Vec<&Value> = found.as_array().unwrap().iter().map(|row| &row["id"]).collect();
    assert_eq!(ids, [&told["id"], &unrelated["id"]], "what speaks of it first, and nothing private: {found}");
    let own = will.get(&format!("/api/households/{home}/edits")).await.expect(200);
    let creation = own["items"].as_array().unwrap().iter().find(|e| e["entity_id"] == made["id"]).unwrap()["id"].clone();
    let open = task(&will, home, json!({"title": "Something else"})).await;
    let secret = own["items"].as_array().unwrap().iter().find(|e| e["entity_id"] == private["id"]).unwrap()["id"].clone();
    for (kind, id) in [("note", &private["id"]), ("edit", &secret), ("edit", &creation), ("task", &open["id"])] {
        let with = json!({"done_at": "2026-03-14T09:27:00Z", "evidence_kind": kind, "evidence_id": id});
        let refused = change(&will, "tasks", &made, with).await.problem(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], "/evidence_id", "{kind} shows nothing");
    }
    let _ = will.delete(&format!("/api/tasks/{}", open["id"].as_str().unwrap())).await;
    assert_eq!(found[0]["quote"], "The RMD form went out to Ellen by courier!");
    assert_eq!((&found[1]["quote"], &found[1]["words"]), (&json!("Lunch with Ellen."), &json!([])));

    let now = json!("2026-03-14T09:27:00Z");
    let refused = change(&will, "tasks", &made, json!({"done_at": now})).await.problem(422, "invalid");
    assert_eq!(refused["errors"][0]["pointer"], "/evidence_id");
    let done = json!({"done_at": now, "evidence_kind": "note", "evidence_id": told["id"], "evidence_quote": found[0]["quote"]});
    let request = uuid::Uuid::now_v7().to_string();
    let named = will.clone().header("x-request-id", &request);
    let closed = change(&named, "tasks", &made, done).await.expect(200);
    assert_eq!((&closed["evidence_id"], closed["done_at"].is_string()), (&told["id"], true));

    // Neither by a change, nor by taking back what was said of it.
    let refused = change(&will, "tasks", &closed, json!({"evidence_kind": null, "evidence_id": null, "evidence_quote": null})).await;
    assert_eq!(refused.problem(422, "invalid")["errors"][0]["pointer"], "/evidence_id");
    let why = will.get(&format!("/api/why/tasks/{}/evidence_id", made["id"].as_str().unwrap())).await.expect(200);
    let taken = will.post(&format!("/api/edits/{}/undo", why["edit"]["id"].as_str().unwrap()), &json!({})).await;
    assert!(taken.problem(409, "conflict")["detail"].as_str().unwrap().contains("evidence"));
    // All of it at once is another matter.
    let undone = will.post("/api/edits/undo-request", &json!({"request_id": request})).await.expect(200);
    assert_eq!(undone["kept"], json!([]));
    let rows = will.get("/api/tasks?view=open").await.expect(200)["items"].clone();
    assert_eq!((&rows[0]["done_at"], &rows[0]["evidence_id"], rows[0]["needs_evidence"] == true), (&Value::Null, &Value::Null, true));

    // That it was done is taken back alone: what showed it then does not show that it is done now.
    let with = json!({"done_at": now, "evidence_kind": "note", "evidence_id": told["id"]});
    let _ = change(&will, "tasks", &rows[0], with).await.expect(200);
    let why = will.get(&format!("/api/why/tasks/{}/done_at", made["id"].as_str().unwrap())).await.expect(200);
    let _ = will.post(&format!("/api/edits/{}/undo", why["edit"]["id"].as_str().unwrap()), &json!({})).await.expect(200);
    let open = will.get("/api/tasks?view=open").await.expect(200)["items"][0].clone();
    assert_eq!((&open["done_at"], &open["evidence_id"]), (&Value::Null, &told["id"]));
    let refused = change(&will, "tasks", &open, json!({"done_at": now})).await.problem(422, "invalid");
    assert_eq!(refused["errors"][0]["pointer"], "/evidence_id");
}

#[tokio::test]
async fn ai_7_what_shows_that_a_task_is_done_lies_in_its_household_and_goes_when_it_is_open_again() {
    let t = TestApp::start().await;
    let (will, home) = family(&t, "Whitfield").await;
    let made = task(&will, home, json!({"title": "Send the form", "needs_evidence": true})).await;
    let other = t.household(&t.a, Who::Evan, "evan").await;
    for (kind, id) in [("note", json!(other.row("notes"))), ("note", json!(uuid::Uuid::now_v7())), ("task", made["id"].clone())] {
        let with = json!({"done_at": "2026-03-14T09:27:00Z", "evidence_kind": kind, "evidence_id": id});
        let refused = change(&will, "tasks", &made, with).await.problem(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], "/evidence_id", "{kind}");
    }
    let call = task(&will, home, json!({"title": "Call", "done_at": "2026-03-14T09:26:00Z"})).await;
    let with = json!({"done_at": "2026-03-14T09:27:00Z", "evidence_kind": "task", "evidence_id": call["id"]});
    let done = change(&will, "tasks", &made, with).await.expect(200);
    let open = change(&will, "tasks", &done, json!({"done_at": null})).await.expect(200);
    assert_eq!((&open["evidence_kind"], &open["evidence_id"]), (&Value::Null, &Value::Null));
    // A task of the firm has no household that could show it.
    let refused = will.post("/api/tasks", &json!({"title": "Tidy up", "needs_evidence": true})).await.problem(422, "invalid");
    assert_eq!(refused["errors"][0]["pointer"], "/needs_evidence");
}
