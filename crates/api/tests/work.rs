//! Tasks that repeat and wait, quick add, open loops with evidence, Today, and whose day it is.

use magfin_domain::ids::HouseholdId;
use magfin_testkit::{Answer, Call, TestApp, Who};
use serde_json::{Value, json};

/// A household of Will's team with nothing in it. The clock stands at Saturday, 14 March 2026, 05:26 in New York.
pub(crate) async fn family(t: &TestApp, name: &str) -> (Call, HouseholdId) {
    let will = t.browser(&t.a, Who::Will).await;
    let made = will.post("/api/households", &json!({"name": name, "type": "client", "team_id": t.a.team("will")})).await.expect(201);
    (will, made["id"].as_str().unwrap().parse::<uuid::Uuid>().unwrap().into())
}

pub(crate) async fn task(call: &Call, home: HouseholdId, body: Value) -> Value {
    call.post(&format!("/api/households/{home}/tasks"), &body).await.expect(201)
}

async fn open_loop(call: &Call, home: HouseholdId, body: Value) -> Value {
    call.post(&format!("/api/households/{home}/open-loops"), &body).await.expect(201)
}

pub(crate) async fn change(call: &Call, noun: &str, row: &Value, fields: Value) -> Answer {
    let mut body = fields;
    body["version"] = row["version"].clone();
    call.patch(&format!("/api/{noun}/{}", row["id"].as_str().unwrap()), &body).await
}

/// Title and day of the tasks of a list.
async fn listed(call: &Call, query: &str) -> Vec<(String, String)> {
    let page = call.get(&format!("/api/tasks?{query}")).await.expect(200);
    let text = |row: &Value, field: &str| row[field].as_str().unwrap_or_default().to_owned();
    page["items"].as_array().unwrap().iter().map(|row| (text(row, "title"), text(row, "due_on"))).collect()
}

fn pair(title: &str, day: &str) -> (String, String) {
    (title.to_owned(), day.to_owned())
}

#[tokio::test]
async fn st_1_a_task_that_repeats_is_followed_once_and_its_undo_takes_the_next_one_back() {
    let t = TestApp::start().await;
    let (will, home) = family(&t, "Whitfield").await;
    let first = task(
        &will,
        home,
        json!({"title": "Fees", "due_on": "2026-03-10", "due_time": "09:00", "priority": 1, "repeats": "FREQ=WEEKLY;COUNT=3"}),
    )
    .await;
    let tick = json!({"version": first["version"], "done_at": "2026-03-14T09:26:00Z"});
    let address = format!("/api/tasks/{}", first["id"].as_str().unwrap());
    let request = uuid::Uuid::now_v7().to_string();
    let done = will.clone().header("x-request-id", &request).patch(&address, &tick).await.expect(200);
    // Sent again: no second one.
    let _ = will.patch(&address, &tick).await;
    let _ = change(&will, "tasks", &done, json!({"done_at": "2026-03-14T09:26:10Z"})).await.expect(200);
    assert_eq!(listed(&will, "view=open").await, [pair("Fees", "2026-03-10"), pair("Fees", "2026-03-17")]);
    let next = will.get("/api/tasks?view=open").await.expect(200)["items"][1].clone();
    assert_eq!((&next["repeats"], &next["priority"], &next["due_time"]), (&json!("FREQ=WEEKLY;COUNT=2"), &json!(1), &json!("09:00")));
    assert_eq!((&next["follows_id"], &next["household_id"]), (&first["id"], &json!(home)));

    let undone = will.post("/api/edits/undo-request", &json!({"request_id": request})).await.expect(200);
    assert!(undone["undone"].as_u64().unwrap() >= 1, "{undone}");
    let again = will.get(&format!("/api/households/{home}")).await.expect(200)["tasks"].clone();
    // Somebody set another moment since, which stays; taken off by hand, the next one goes.
    let row = again.as_array().unwrap().iter().find(|r| r["id"] == first["id"]).unwrap().clone();
    let open = change(&will, "tasks", &row, json!({"done_at": null})).await.expect(200);
    assert_eq!(listed(&will, "view=open").await, [pair("Fees", "2026-03-10")]);
    // Ticked again: the same row comes back, and a touched one stays.
    let done = change(&will, "tasks", &open, json!({"done_at": "2026-03-14T09:26:20Z"})).await.expect(200);
    let back = will.get("/api/tasks?view=open").await.expect(200)["items"][1].clone();
    assert_eq!(back["id"], next["id"]);
    let _ = change(&will, "tasks", &back, json!({"title": "Fees and statement"})).await.expect(200);
    let _ = change(&will, "tasks", &done, json!({"done_at": null})).await.expect(200);
    assert_eq!(listed(&will, "view=open").await, [pair("Fees", "2026-03-10"), pair("Fees and statement", "2026-03-17")]);
}

#[tokio::test]
async fn st_7_the_undo_of_a_tick_in_the_history_takes_the_next_task_back_too() {
    let t = TestApp::start().await;
    let (will, home) = family(&t, "Whitfield").await;
    let first = task(&will, home, json!({"title": "Fees", "due_on": "2026-03-31", "repeats": "FREQ=MONTHLY;BYMONTHDAY=-1"})).await;
    let _ = change(&will, "tasks", &first, json!({"done_at": "2026-03-14T09:26:00Z"})).await.expect(200);
    assert_eq!(listed(&will, "view=open").await, [pair("Fees", "2026-03-31"), pair("Fees", "2026-04-30")]);
    let why = will.get(&format!("/api/why/tasks/{}/done_at", first["id"].as_str().unwrap())).await.expect(200);
    let _ = will.post(&format!("/api/edits/{}/undo", why["edit"]["id"].as_str().unwrap()), &json!({})).await.expect(200);
    assert_eq!(listed(&will, "view=open").await, [pair("Fees", "2026-03-31")]);
}

#[tokio::test]
async fn st_1_a_late_task_is_not_due_again_on_days_that_have_passed_and_a_rule_ends() {
    let t = TestApp::start().await;
    let (will, home) = family(&t, "Whitfield").await;
    let daily = task(&will, home, json!({"title": "Daily", "due_on": "2026-01-01", "repeats": "FREQ=DAILY"})).await;
    let last = task(&will, home, json!({"title": "Last", "due_on": "2026-03-13", "repeats": "FREQ=DAILY;UNTIL=20260313"})).await;
    // Put off to the day after its next one: that one is passed over.
    let moved = task(&will, home, json!({"title": "Moved", "due_on": "2026-03-09", "repeats": "FREQ=WEEKLY"})).await;
    let moved = change(&will, "tasks", &moved, json!({"due_on": "2026-03-20"})).await.expect(200);
    assert_eq!(moved["repeats_on"], "2026-03-09");
    for row in [&daily, &last, &moved] {
        let _ = change(&will, "tasks", row, json!({"done_at": "2026-03-14T09:26:00Z"})).await.expect(200);
    }
    t.pass(301);
    assert_eq!(listed(&will, "view=open").await, [pair("Daily", "2026-03-14"), pair("Moved", "2026-03-16")]);
    for (bad, pointer) in [
        (json!({"title": "x", "repeats": "FREQ=HOURLY", "due_on": "2026-03-20"}), "/repeats"),
        (json!({"title": "x", "repeats": "FREQ=DAILY"}), "/due_on"),
        (json!({"title": "x", "due_time": "09:00"}), "/due_on"),
        (json!({"title": "x", "due_on": "2026-03-20", "due_time": "24:00"}), "/due_time"),
        (json!({"title": "x", "source_kind": "note"}), "/source_kind"),
        (json!({"title": "x", "source_kind": "note", "source_id": home}), "/source_id"),
    ] {
        let refused = will.post(&format!("/api/households/{home}/tasks"), &bad).await.problem(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{bad}: {refused}");
    }
}

#[tokio::test]
async fn st_1_a_ticked_task_lingers_five_minutes_and_a_snoozed_one_comes_back_on_its_day() {
    let t = TestApp::start().await;
    let (will, home) = family(&t, "Whitfield").await;
    let me = t.a.user(Who::Will);
    let call = task(&will, home, json!({"title": "Call", "due_on": "2026-03-13", "assignee_id": me})).await;
    let later = task(&will, home, json!({"title": "Later", "due_on": "2026-03-13", "assignee_id": me})).await;
    let _ = task(&will, home, json!({"title": "Anybody's", "due_on": "2026-03-14"})).await;
    let _ = task(&will, home, json!({"title": "Matt's", "due_on": "2026-03-14", "assignee_id": t.a.user(Who::Matt)})).await;
    let _ = task(&will, home, json!({"title": "Ahead", "due_on": "2026-03-20", "assignee_id": me})).await;
    let _ = change(&will, "tasks", &later, json!({"snoozed_until": "2026-03-16"})).await.expect(200);
    let counts = async || will.get("/api/tasks/counts").await.expect(200);
    let mut mine: Vec<String> = listed(&will, "view=my_day").await.into_iter().map(|r| r.0).collect();
    mine.sort();
    assert_eq!(mine, ["Anybody's", "Call", "Later"]);
    let seen = counts().await;
    let numbers = ["my_day", "open", "overdue", "today", "week", "snoozed", "unassigned"].map(|n| seen[n].as_i64().unwrap());
    assert_eq!(numbers, [2, 5, 1, 2, 1, 1, 1]);

    let now = t.app.now().0.to_string();
    let _ = change(&will, "tasks", &call, json!({"done_at": now, "outcome": "She agreed."})).await.expect(200);
    t.pass(299);
    assert_eq!(listed(&will, "view=my_day").await.len(), 3, "it can still be seen");
    t.pass(2);
    assert_eq!(listed(&will, "view=my_day").await.len(), 2, "it has left");
    assert_eq!(listed(&will, "view=done").await, [pair("Call", "2026-03-13")]);
    assert_eq!(counts().await["my_day"], 1);
    // Two days later it is Monday.
    t.pass(2 * 86_400);
    let will = t.browser(&t.a, Who::Will).await;
    let seen = will.get("/api/tasks/counts").await.expect(200);
    assert_eq!((&seen["snoozed"], &seen["my_day"], &seen["overdue"]), (&json!(0), &json!(2), &json!(3)));
}

#[tokio::test]
async fn st_1_how_far_a_task_has_come_is_a_field_like_any_other_and_is_counted_while_it_is_open() {
    let t = TestApp::start().await;
    let (will, home) = family(&t, "Whitfield").await;
    let fresh = task(&will, home, json!({"title": "Call", "due_on": "2026-03-13", "repeats": "FREQ=WEEKLY"})).await;
    assert_eq!(fresh["status"], "todo");
    let asleep = json!({"title": "Later", "status": "doing", "due_on": "2026-03-13", "snoozed_until": "2026-03-16"});
    let _ = task(&will, home, asleep).await;
    let begun = change(&will, "tasks", &fresh, json!({"status": "doing"})).await.expect(200);
    let counts = async || will.get("/api/tasks/counts").await.expect(200);
    let seen = counts().await;
    assert_eq!((&seen["doing"], &seen["waiting"], &seen["snoozed"]), (&json!(1), &json!(0), &json!(1)));
    let asked = change(&will, "tasks", &begun, json!({"status": "waiting"})).await.expect(200);
    assert_eq!((&counts().await["doing"], &counts().await["waiting"]), (&json!(0), &json!(1)));

    // Done, it counts no more; the next one of its rule has not been begun.
    let _ = change(&will, "tasks", &asked, json!({"done_at": t.app.now().0.to_string()})).await.expect(200);
    assert_eq!(counts().await["waiting"], 0);
    let page = will.get("/api/tasks?view=open").await.expect(200);
    let next = page["items"].as_array().unwrap().iter().find(|row| row["follows_id"] == fresh["id"]).unwrap();
    assert_eq!(next["status"], "todo");
    let edits = will.get(&format!("/api/households/{home}/edits")).await.expect(200);
    let said = |e: &&Value| e["field"] == "status" && e["entity_id"] == fresh["id"];
    assert_eq!(edits["items"].as_array().unwrap().iter().filter(said).count(), 2, "each step can be taken back");
}

#[tokio::test]
async fn st_1_quick_add_says_what_it_understood_and_makes_it_once() {
    let t = TestApp::start().await;
    let (will, home) = family(&t, "Whitfield Family").await;
    let (_, other) = family(&t, "Winter Family").await;
    let line = json!({"text": "call Ellen re RMD next Tue 9am !high @sam #whit", "preview": true});
    let preview = will.post("/api/tasks/quick-add", &line).await.expect(200);
    let said = &preview["understood"];
    assert_eq!((&said["title"], &said["due_on"], &said["due_time"]), (&json!("call Ellen re RMD"), &json!("2026-03-17"), &json!("09:00")));
    assert_eq!(
        (&said["priority"], &said["assignee"]["name"], &said["household"]["name"]),
        (&json!(1), &json!("Sam Evans"), &json!("Whitfield Family"))
    );
    assert_eq!((listed(&will, "view=open").await.len(), &preview["task"]), (0, &Value::Null));

    let send = will.clone().header("idempotency-key", "quick-1");
    let line = json!({"text": line["text"]});
    let made = send.post("/api/tasks/quick-add", &line).await.expect(201);
    let again = send.post("/api/tasks/quick-add", &line).await.expect(201);
    assert_eq!(made["task"]["id"], again["task"]["id"]);
    assert_eq!((&made["task"]["household_id"], &made["task"]["assignee_id"]), (&json!(home), &json!(t.a.user(Who::Sam))));
    assert_eq!(listed(&will, "view=open").await.len(), 1);

    // What names nobody stays; what may be several is said and blocks; the household on screen is the default.
    let ask = async |body: Value| will.post("/api/tasks/quick-add", &body).await;
    let said =
        ask(json!({"text": "pay @nobody #nowhere Fri", "preview": true, "household_id": other})).await.expect(200)["understood"].clone();
    assert_eq!(
        (&said["title"], &said["due_on"], &said["household"]["id"]),
        (&json!("pay @nobody #nowhere"), &json!("2026-03-20"), &json!(other))
    );
    assert_eq!(said["doubts"].as_array().unwrap().len(), 2);
    let said = ask(json!({"text": "pay #w", "preview": true})).await.expect(200)["understood"].clone();
    assert_eq!((&said["household"], &said["doubts"][0]["blocks"]), (&Value::Null, &json!(true)));
    assert!(said["doubts"][0]["message"].as_str().unwrap().contains("Whitfield Family, Winter Family"), "{said}");
    let refused = ask(json!({"text": "pay #w"})).await.problem(422, "invalid");
    assert!(!refused.to_string().contains("Whitfield"), "a refusal repeats no names: {refused}");
    let _ = ask(json!({"text": "tomorrow 9am"})).await.problem(422, "invalid");
    // A line that waited for a connection is read as of when it was written, in the firm's time: 23:30 on the 12th.
    let waited = |at: &str| json!({"text": "call tomorrow", "preview": true, "written_at": at});
    let said = ask(waited("2026-03-13T03:30:00Z")).await.expect(200)["understood"].clone();
    assert_eq!((&said["title"], &said["due_on"]), (&json!("call"), &json!("2026-03-13")));
    for at in ["2026-02-01T00:00:00Z", "2026-03-14T09:40:00Z"] {
        assert!(ask(waited(at)).await.problem(422, "invalid").to_string().contains("/written_at"), "{at}");
    }
    let _ = ask(json!({"text": "x".repeat(501)})).await.problem(422, "invalid");
    // Nobody else's household, whether it is named or pointed to.
    let evan = t.browser(&t.a, Who::Evan).await;
    let said =
        evan.post("/api/tasks/quick-add", &json!({"text": "pay #whitfield", "preview": true})).await.expect(200)["understood"].clone();
    assert_eq!((&said["household"], &said["doubts"][0]["blocks"]), (&Value::Null, &json!(false)));
    let _ = evan.post("/api/tasks/quick-add", &json!({"text": "pay", "household_id": home})).await.problem(404, "not_found");
}

#[tokio::test]
async fn st_1_the_firm_s_time_zone_says_which_day_it_is() {
    let t = TestApp::start().await;
    let (will, home) = family(&t, "Whitfield").await;
    let _ = task(&will, home, json!({"title": "Due", "due_on": "2026-03-14"})).await;
    let me = will.get("/api/me").await.expect(200);
    assert_eq!((&me["time_zone"], &me["today"]), (&json!("America/New_York"), &json!("2026-03-14")));
    assert_eq!(will.get("/api/tasks/counts").await.expect(200)["overdue"], 0);
    let priya = t.browser(&t.a, Who::Priya).await;
    let set = async |zone: &str| priya.patch("/api/firm", &json!({"time_zone": zone})).await;
    // 09:26 UTC on the 14th is 23:26 on the 13th in Honolulu, minus a day, and past midnight of the 15th nowhere but in the far east.
    let _ = set("Pacific/Honolulu").await.expect(200);
    assert_eq!(will.get("/api/me").await.expect(200)["today"], "2026-03-13");
    let said = will.post("/api/tasks/quick-add", &json!({"text": "call tomorrow", "preview": true})).await.expect(200);
    assert_eq!(said["understood"]["due_on"], "2026-03-14");
    t.pass(3600);
    assert_eq!(will.get("/api/me").await.expect(200)["today"], "2026-03-14");
    let _ = set("Pacific/Kiritimati").await.expect(200);
    t.pass(3600);
    assert_eq!(will.get("/api/tasks/counts").await.expect(200)["overdue"], 1);
    let told = t.db.rows("select detail, user_id from events where kind = 'firm.changed' order by at").await;
    assert_eq!(told.len(), 2);
    assert_eq!(told[1]["detail"], json!({"field": "time_zone", "old": "Pacific/Honolulu", "new": "Pacific/Kiritimati"}));
    let _ = set("Atlantis/Capital").await.problem(422, "invalid");
    let _ = will.patch("/api/firm", &json!({"time_zone": "UTC"})).await.problem(403, "forbidden");
    // Another firm keeps its own day.
    assert_eq!(t.browser(&t.b, Who::Will).await.get("/api/firm").await.expect(200)["time_zone"], "America/New_York");
}

#[tokio::test]
async fn ai_7_a_loop_is_closed_with_evidence_that_is_proposed_kept_and_gone_when_it_is_opened_again() {
    let t = TestApp::start().await;
    let (will, home) = family(&t, "Whitfield").await;
    let made = open_loop(&will, home, json!({"text": "Quote for long-term care", "direction": "we_owe", "opened_on": "2026-03-01"})).await;
    let note = async |body: &str, at: &str| {
        will.post(&format!("/api/households/{home}/notes"), &json!({"body": body, "occurred_at": at})).await.expect(201)
    };
    let _ = note("Before: quote for long-term care wanted.", "2026-02-01T10:00:00Z").await;
    let told = note("Lunch. Sent the long-term care quotes from Acme! Nice weather.", "2026-03-09T10:00:00Z").await;
    let _ = note("Nothing of the kind.", "2026-03-10T10:00:00Z").await;
    let address = format!("/api/open-loops/{}", made["id"].as_str().unwrap());
    let found = will.get(&format!("{address}/evidence")).await.expect(200)["items"].clone();
    assert_eq!(found.as_array().unwrap().len(), 1, "{found}");
    assert_eq!((&found[0]["id"], &found[0]["quote"]), (&told["id"], &json!("Sent the long-term care quotes from Acme!")));

    let close = json!({"status": "done", "evidence_kind": "note", "evidence_id": told["id"], "evidence_quote": found[0]["quote"]});
    let closed = change(&will, "open-loops", &made, close).await.expect(200);
    assert_eq!((&closed["closed_on"], &closed["evidence_id"]), (&json!("2026-03-14"), &told["id"]));
    let page = will.get("/api/open-loops?closed=true").await.expect(200);
    assert_eq!(page["items"][0]["evidence_quote"], "Sent the long-term care quotes from Acme!");
    let open = change(&will, "open-loops", &closed, json!({"status": "open"})).await.expect(200);
    assert_eq!((&open["closed_on"], &open["evidence_id"], &open["evidence_quote"]), (&Value::Null, &Value::Null, &Value::Null));

    // Not without saying why, and not with evidence of somebody else's household.
    let _ = change(&will, "open-loops", &open, json!({"status": "dropped"})).await.problem(422, "invalid");
    let other = t.household(&t.a, Who::Evan, "evan").await;
    for id in [other.row("notes"), uuid::Uuid::now_v7()] {
        let refused = change(&will, "open-loops", &open, json!({"status": "done", "evidence_kind": "note", "evidence_id": id})).await;
        assert_eq!(refused.problem(422, "invalid")["errors"][0]["pointer"], "/evidence_id");
    }
    let dropped = change(&will, "open-loops", &open, json!({"status": "dropped", "dropped_reason": "They moved"})).await.expect(200);
    assert_eq!(dropped["closed_on"], "2026-03-14");
}

#[tokio::test]
async fn ai_7_duplicates_are_merged_and_loops_become_tasks_each_undone_as_a_whole() {
    let t = TestApp::start().await;
    let (will, home) = family(&t, "Whitfield").await;
    let first = open_loop(&will, home, json!({"text": "LTC quote", "direction": "we_owe", "opened_on": "2026-03-01"})).await;
    let second =
        open_loop(&will, home, json!({"text": "Quote for care", "direction": "we_owe", "opened_on": "2026-02-01", "due_on": "2026-04-01"}))
            .await;
    let path = |row: &Value, what: &str| format!("/api/open-loops/{}/{what}", row["id"].as_str().unwrap());
    let request = uuid::Uuid::now_v7().to_string();
    let named = will.clone().header("x-request-id", &request);
    let merged = named.post(&path(&second, "merge"), &json!({"into_id": first["id"]})).await.expect(200);
    assert_eq!(
        (&merged["opened_on"], &merged["due_on"], &merged["text"]),
        (&json!("2026-02-01"), &json!("2026-04-01"), &json!("LTC quote"))
    );
    let open = async || will.get("/api/open-loops").await.expect(200)["items"].as_array().unwrap().len();
    assert_eq!(open().await, 1);
    let gone = will.get("/api/open-loops?closed=true").await.expect(200)["items"][0].clone();
    assert_eq!((&gone["merged_into_id"], &gone["status"]), (&first["id"], &json!("dropped")));
    let _ = will.post(&path(&second, "merge"), &json!({"into_id": first["id"]})).await.problem(409, "conflict");
    let undone = will.post("/api/edits/undo-request", &json!({"request_id": request})).await.expect(200);
    assert_eq!(undone["kept"], json!([]));
    assert_eq!(open().await, 2);
    let back = will.get(&format!("/api/open-loops?household_id={home}")).await.expect(200)["items"].clone();
    assert_eq!(
        (&back[0]["opened_on"], &back[1]["opened_on"], &back[0]["merged_into_id"]),
        (&json!("2026-02-01"), &json!("2026-03-01"), &Value::Null)
    );

    let (_, elsewhere) = family(&t, "Winter").await;
    let foreign = open_loop(&will, elsewhere, json!({"text": "LTC quote", "direction": "we_owe"})).await;
    let _ = will.post(&path(&first, "merge"), &json!({"into_id": foreign["id"]})).await.problem(422, "invalid");
    let _ = will.post(&path(&first, "merge"), &json!({"into_id": first["id"]})).await.problem(422, "invalid");

    let request = uuid::Uuid::now_v7().to_string();
    let named = will.clone().header("x-request-id", &request);
    let task = named.post(&path(&second, "task"), &json!({})).await.expect(201);
    assert_eq!((&task["title"], &task["due_on"], &task["source_id"]), (&json!("Quote for care"), &json!("2026-04-01"), &second["id"]));
    let closed = will.get("/api/open-loops?closed=true").await.expect(200)["items"][0].clone();
    assert_eq!((&closed["evidence_kind"], &closed["evidence_id"]), (&json!("task"), &task["id"]));
    let _ = will.post(&path(&second, "task"), &json!({})).await.problem(409, "conflict");
    let undone = will.post("/api/edits/undo-request", &json!({"request_id": request})).await.expect(200);
    assert_eq!((&undone["kept"], listed(&will, "view=open").await.len()), (&json!([]), 0));
    assert_eq!(open().await, 3);
}

#[tokio::test]
async fn ai_4_today_counts_what_one_may_see_and_nothing_else() {
    let t = TestApp::start().await;
    let (will, home) = family(&t, "Whitfield").await;
    let empty = t.browser(&t.a, Who::Evan).await.get("/api/today").await.expect(200);
    assert_eq!((&empty["has_households"], &empty["loops_count"], &empty["tasks"]["open"]), (&json!(false), &json!(0), &json!(0)));
    for (title, day) in [("Late", "2026-03-10"), ("Now", "2026-03-14"), ("Ahead", "2026-03-15")] {
        let _ = task(&will, home, json!({"title": title, "due_on": day})).await;
    }
    for n in 0..10 {
        let _ = open_loop(&will, home, json!({"text": format!("Loop {n}"), "direction": "client_owes", "opened_on": "2026-02-28"})).await;
    }
    let _ = open_loop(&will, home, json!({"text": "Young", "direction": "we_owe", "opened_on": "2026-03-01"})).await;
    let _ = open_loop(&will, home, json!({"text": "Ask", "direction": "we_owe", "opened_on": "2026-03-13", "ask_on": "2026-03-14"})).await;
    let mut late = json!({"name": "Overdue", "type": "client", "team_id": t.a.team("will"), "next_review": "2026-03-13"});
    let _ = will.post("/api/households", &late).await.expect(201);
    late["next_review"] = json!("2026-03-28");
    let _ = will.post("/api/households", &late).await.expect(201);
    let seen = will.get("/api/today").await.expect(200);
    let size = |field: &str| seen[field].as_array().unwrap().len();
    assert_eq!((size("overdue"), size("due_today"), size("loops"), &seen["loops_count"]), (1, 1, 8, &json!(11)));
    assert_eq!((&seen["reviews_late_count"], &seen["reviews_ahead_count"], &seen["has_households"]), (&json!(1), &json!(1), &json!(true)));
    // A hidden household takes its work along.
    let _ = will.delete(&format!("/api/households/{home}")).await.expect(204);
    let seen = will.get("/api/today").await.expect(200);
    assert_eq!((&seen["tasks"]["open"], &seen["loops_count"]), (&json!(0), &json!(0)));
    assert_eq!(will.get("/api/open-loops").await.expect(200)["items"], json!([]));
}
