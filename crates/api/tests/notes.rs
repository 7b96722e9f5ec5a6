//! Notes: drafts that survive a closed tab, mentions that are told, privacy, reasons for rewriting, templates.

use magfin_testkit::book::Household;
use magfin_testkit::{Call, TestApp, Who};
use serde_json::{Value, json};
use uuid::Uuid;

/// Will and Matt before a household that both see.
async fn shared() -> (TestApp, Household, Call, Call) {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "shared").await;
    let (will, matt) = (t.browser(&t.a, Who::Will).await, t.browser(&t.a, Who::Matt).await);
    (t, home, will, matt)
}

fn notes(home: &Household) -> String {
    format!("/api/households/{}/notes", home.id)
}

fn drafts(home: &Household) -> String {
    format!("/api/households/{}/drafts", home.id)
}

fn mention(t: &TestApp, who: Who) -> String {
    format!("@[{}](user:{})", who.name(), t.a.user(who))
}

async fn unread(call: &Call) -> Vec<Value> {
    call.get("/api/notifications?unread=true").await.expect(200)["items"].as_array().unwrap().clone()
}

/// A draft of a new note, as this window writes it.
fn writing(window: Uuid, turn: u32, seen: Option<i64>, body: &str) -> Value {
    json!({"written_in": window, "turn": turn, "seen": seen, "body": body})
}

#[tokio::test]
async fn st_5_a_draft_is_kept_for_its_writer_alone_and_goes_with_the_note_that_it_becomes() {
    let (t, home, will, matt) = shared().await;
    let window = Uuid::now_v7();
    let kept = will.json("PUT", &drafts(&home), &writing(window, 1, None, "Half a tho")).await.expect(200);
    let _ = will.json("PUT", &drafts(&home), &writing(window, 2, None, "Half a thought")).await.expect(200);
    // Another browser of the same user finds it; nobody else does, and no edit tells of it.
    let elsewhere = t.browser(&t.a, Who::Will).await.get(&drafts(&home)).await.expect(200)["items"].clone();
    assert_eq!((elsewhere[0]["body"].as_str(), elsewhere[0]["version"].as_i64()), (Some("Half a thought"), Some(2)));
    for other in [&matt, &t.browser(&t.a, Who::Priya).await, &t.browser(&t.a, Who::Cleo).await] {
        assert_eq!(other.get(&drafts(&home)).await.expect(200)["items"], json!([]));
    }
    let told = t.db.value("select count(*) from edits where entity = 'drafts' or new::text like '%Half a%'").await;
    assert_eq!(told, 0, "a draft is no fact");
    let draft = &kept["id"];
    let refused = matt.post(&notes(&home), &json!({"body": "Mine", "draft_id": draft})).await.problem(422, "invalid");
    assert_eq!(refused["errors"][0]["pointer"], "/draft_id");
    let _ = will.post(&notes(&home), &json!({"body": "A whole thought", "draft_id": draft})).await.expect(201);
    assert_eq!(will.get(&drafts(&home)).await.expect(200)["items"], json!([]));
}

#[tokio::test]
async fn st_5_a_refused_note_keeps_its_draft() {
    let (t, home, will, _) = shared().await;
    let kept = will.json("PUT", &drafts(&home), &writing(Uuid::now_v7(), 1, None, "For Evan")).await.expect(200);
    let body = json!({"body": mention(&t, Who::Evan), "draft_id": kept["id"]});
    let _ = will.post(&notes(&home), &body).await.problem(422, "invalid");
    assert_eq!(will.get(&drafts(&home)).await.expect(200)["items"][0]["body"], "For Evan");
}

#[tokio::test]
async fn st_5_the_second_window_is_told_and_neither_text_is_lost() {
    let (_t, home, will, _) = shared().await;
    let (one, two) = (Uuid::now_v7(), Uuid::now_v7());
    let put = async |body: Value| will.json("PUT", &drafts(&home), &body).await;
    let first = put(writing(one, 1, None, "From the desk")).await.expect(200);
    let clash = put(writing(two, 1, None, "From the train")).await.problem(409, "conflict");
    assert!(clash["detail"].as_str().unwrap().contains("another window"), "{clash}");
    assert_eq!(will.get(&drafts(&home)).await.expect(200)["items"][0]["body"], "From the desk");
    // Having seen it, the second window may go on, and then the first is told.
    let version = first["version"].as_i64();
    let second = put(writing(two, 2, version, "From the train")).await.expect(200);
    let _ = put(writing(one, 2, version, "From the desk, later")).await.problem(409, "conflict");
    // A request that was overtaken by a newer one of its own window changes nothing.
    let late = put(writing(two, 1, version, "From the tr")).await.expect(200);
    assert_eq!((&late["body"], &late["version"]), (&json!("From the train"), &second["version"]));
}

#[tokio::test]
async fn mo_2_a_mention_is_told_to_the_colleague_and_goes_with_the_note() {
    let (t, home, will, matt) = shared().await;
    let mut stream = matt.stream("/api/live").await;
    let _ = stream.until("hello").await;
    let body = format!("Ask {} and {}", mention(&t, Who::Matt), mention(&t, Who::Will));
    let note = will.post(&notes(&home), &json!({"body": body})).await.expect(201);
    assert_eq!(stream.until("unread").await.data["unread"], 1, "live");
    let told = unread(&matt).await;
    assert_eq!(told.len(), 1);
    assert_eq!((told[0]["from_name"].as_str(), &told[0]["entity_id"]), (Some(Who::Will.name()), &note["id"]));
    assert!(unread(&will).await.is_empty(), "nobody is told of their own mention");
    let path = format!("/api/notes/{}", note["id"].as_str().unwrap());
    // Hidden, brought back, rewritten without the mention: it is there exactly while the note names him.
    assert_eq!(will.delete(&path).await.status, 204);
    assert!(unread(&matt).await.is_empty());
    let back = will.post(&format!("{path}/restore"), &json!({})).await.expect(200);
    assert_eq!(unread(&matt).await.len(), 1);
    let without = will.patch(&path, &json!({"version": back["version"], "body": "Never mind"})).await.expect(200);
    assert!(unread(&matt).await.is_empty());
    let _ = will.patch(&path, &json!({"version": without["version"], "body": body})).await.expect(200);
    let again = unread(&matt).await;
    assert_eq!(again.len(), 1);
    let _ = will.post(&format!("/api/notifications/{}/read", again[0]["id"].as_str().unwrap()), &json!({})).await.problem(404, "not_found");
    assert_eq!(matt.post("/api/notifications/read", &json!({})).await.status, 204);
    assert!(unread(&matt).await.is_empty());
    assert_eq!(matt.get("/api/notifications").await.expect(200)["items"].as_array().unwrap().len(), 1, "read ones can be found again");
}

#[tokio::test]
async fn au_3_a_mention_of_somebody_who_cannot_see_the_household_is_refused_and_writes_nothing() {
    let (t, home, will, _) = shared().await;
    let count = "select (select count(*) from notes) + (select count(*) from notifications)";
    let before = t.db.value(count).await;
    let stranger = format!("@[Somebody](user:{})", t.b.user(Who::Will));
    for (body, says) in [(mention(&t, Who::Evan), "cannot see this household"), (stranger, "is not a colleague of yours")] {
        let problem = will.post(&notes(&home), &json!({"body": body})).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], "/body");
        assert!(problem["detail"].as_str().unwrap().contains(says), "{problem}");
    }
    let private = json!({"body": mention(&t, Who::Matt), "privacy": "private"});
    let problem = will.post(&notes(&home), &private).await.problem(422, "invalid");
    assert!(problem["detail"].as_str().unwrap().contains("cannot read a private note"), "{problem}");
    assert_eq!(t.db.value(count).await, before);
    // The command line acts as a user of the firm, who is nobody's colleague; somebody whose address an import did not know is one.
    let users = "insert into users (firm_id, name, email, role) values
        ('{}', 'magfin operator', 'operator@magfin.invalid', 'firm_admin'), ('{}', 'Zora Unknown', 'zora@unknown.invalid', 'firm_admin')";
    t.db.execute(users.replace("{}", &t.a.id.to_string())).await;
    let names: Vec<Value> = will.get(&format!("/api/households/{}/colleagues", home.id)).await.expect(200)["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["name"].clone())
        .collect();
    assert_eq!(names, [Who::Cleo.name(), Who::Matt.name(), Who::Priya.name(), Who::Will.name(), "Zora Unknown"]);
}

#[tokio::test]
async fn au_3_a_private_note_is_for_its_author_and_compliance() {
    let (t, home, will, matt) = shared().await;
    let (priya, cleo) = (t.browser(&t.a, Who::Priya).await, t.browser(&t.a, Who::Cleo).await);
    let mut stream = matt.stream("/api/live").await;
    let _ = stream.until("hello").await;
    let note = will.post(&notes(&home), &json!({"body": "Between us", "privacy": "private"})).await.expect(201);
    let id = note["id"].as_str().unwrap();
    let shared = will.post(&notes(&home), &json!({"body": "For all"})).await.expect(201);
    let heard = stream.until("change").await.data.to_string();
    assert!(heard.contains(shared["id"].as_str().unwrap()) && !heard.contains(id), "{heard}");
    let record = format!("/api/households/{}", home.id);
    let past = format!("{record}?known_at=2100-01-01T00:00:00Z");
    let pages = [notes(&home), record.clone(), past, format!("{record}/edits?limit=200")];
    for (call, sees) in [(&will, true), (&cleo, true), (&matt, false), (&priya, false)] {
        for page in &pages {
            assert_eq!(call.get(page).await.expect(200).to_string().contains("Between us"), sees, "{page}");
        }
        assert_eq!(call.get(&format!("/api/why/notes/{id}/body")).await.status == 200, sees);
    }
    let found = matt.post(&format!("{}/search", notes(&home)), &json!({"privacy": "private"})).await.expect(200);
    assert_eq!(found["items"], json!([]));
    for call in [&matt, &priya] {
        let _ = call.patch(&format!("/api/notes/{id}"), &json!({"version": 1, "pinned": true})).await.problem(404, "not_found");
        let _ = call.delete(&format!("/api/notes/{id}")).await.problem(404, "not_found");
    }
    // Only its author can keep a note to themselves; opened, everybody reads it.
    let open = format!("/api/notes/{}", shared["id"].as_str().unwrap());
    let refused = matt.patch(&open, &json!({"version": 1, "privacy": "private"})).await.problem(422, "invalid");
    assert_eq!(refused["errors"][0]["pointer"], "/privacy");
    let _ = will.patch(&format!("/api/notes/{id}"), &json!({"version": 1, "privacy": "team"})).await.expect(200);
    assert!(matt.get(&notes(&home)).await.expect(200).to_string().contains("Between us"));
}

#[tokio::test]
async fn au_3_a_note_that_becomes_private_leaves_the_screens_of_those_who_read_it() {
    let (t, home, will, matt) = shared().await;
    let note = will.post(&notes(&home), &json!({"body": "Told in confidence"})).await.expect(201);
    let id = note["id"].as_str().unwrap();
    let _ = will.patch(&format!("/api/notes/{id}"), &json!({"version": 1, "body": "Told in strict confidence"})).await.expect(200);
    let evan = t.browser(&t.a, Who::Evan).await;
    let (mut hears, mut does_not) = (matt.stream("/api/live").await, evan.stream("/api/live").await);
    let _ = (hears.until("hello").await, does_not.until("hello").await);
    let change = json!({"version": 2, "privacy": "private", "body": "In confidence, rewritten", "reason": "Told in confidence"});
    let _ = will.patch(&format!("/api/notes/{id}"), &change).await.expect(200);
    let own = t.household(&t.a, Who::Evan, "evan").await;
    let heard = hears.until("change").await.data.to_string();
    assert!(heard.contains(id) && heard.contains("privacy") && !heard.contains("confidence"), "{heard}");
    let heard = does_not.until("change").await.data.to_string();
    assert!(heard.contains(&own.id.to_string()) && !heard.contains(id), "somebody who never saw the household: {heard}");
    // Nothing of it is left but that it was heard.
    let priya = t.browser(&t.a, Who::Priya).await;
    for call in [&matt, &priya] {
        let edits = call.get(&format!("/api/households/{}/edits?limit=200", home.id)).await.expect(200).to_string();
        assert!(!edits.contains(id) && !edits.contains("confidence"), "{edits}");
        for field in ["body", "privacy"] {
            assert_eq!(call.get(&format!("/api/why/notes/{id}/{field}")).await.status, 404);
        }
    }
    let privacy = t.db.value(&format!("select id from edits where entity_id = '{id}' and field = 'privacy'")).await;
    let _ = matt.post(&format!("/api/edits/{}/undo", privacy.as_str().unwrap()), &json!({})).await.problem(404, "not_found");
}

#[tokio::test]
async fn st_2_a_note_older_than_a_day_is_rewritten_with_a_reason_that_its_history_keeps() {
    let (t, home, will, _) = shared().await;
    let made = will.post(&notes(&home), &json!({"body": "Met on Monday"})).await.expect(201);
    let path = format!("/api/notes/{}", made["id"].as_str().unwrap());
    t.pass(24 * 3600);
    let will = t.browser(&t.a, Who::Will).await;
    let fresh = will.patch(&path, &json!({"version": 1, "body": "Met on Tuesday"})).await.expect(200);
    t.pass(1);
    let problem = will.patch(&path, &json!({"version": 2, "body": "Met on Friday"})).await.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["pointer"], "/reason");
    // Where it stands in the list is not what it says.
    let _ = will.patch(&path, &json!({"version": fresh["version"], "pinned": true})).await.expect(200);
    let body = json!({"version": 3, "body": "Met on Friday", "reason": "Wrong day in the calendar"});
    let _ = will.patch(&path, &body).await.expect(200);
    let why = will.get(&format!("/api/why/notes/{}/body", made["id"].as_str().unwrap())).await.expect(200);
    let trail: Vec<(&Value, &Value)> = why["trail"].as_array().unwrap().iter().map(|e| (&e["new"], &e["reason"])).collect();
    assert_eq!(trail[0], (&json!("Met on Friday"), &json!("Wrong day in the calendar")));
    assert_eq!((trail[1], trail.len()), ((&json!("Met on Tuesday"), &Value::Null), 3));
}

#[tokio::test]
async fn notes_are_found_by_text_author_and_privacy_pinned_ones_first() {
    let (t, home, will, matt) = shared().await;
    t.pass(60);
    let _ = matt.post(&notes(&home), &json!({"body": "Il a choisi un **café** à Zürich"})).await.expect(201);
    let _ = will.post(&notes(&home), &json!({"body": "Plain", "privacy": "private"})).await.expect(201);
    let search = async |body: Value| -> Vec<String> {
        let page = will.post(&format!("{}/search", notes(&home)), &body).await.expect(200);
        page["items"].as_array().unwrap().iter().map(|n| n["body"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(search(json!({"q": "zurich"})).await, ["Il a choisi un **café** à Zürich"]);
    assert_eq!(search(json!({"author_id": t.a.user(Who::Matt)})).await.len(), 1);
    assert_eq!(search(json!({"privacy": "private"})).await, ["Plain"]);
    let all = search(json!({})).await;
    assert_eq!(all[0], "Worried about long-term care.", "the pinned one is the oldest");
    let first = will.post(&format!("{}/search", notes(&home)), &json!({"limit": 1})).await.expect(200);
    let rest = search(json!({"cursor": first["next_cursor"]})).await;
    assert_eq!([vec![all[0].clone()], rest].concat(), all);
}

#[tokio::test]
async fn a_firm_begins_with_templates_that_everybody_reads_and_its_admin_writes() {
    let (t, _, will, _) = shared().await;
    let admin = t.browser(&t.a, Who::Priya).await;
    let names = async |call: &Call| -> Vec<Value> {
        let all = call.get("/api/note-templates").await.expect(200);
        all["items"].as_array().unwrap().iter().map(|x| x["name"].clone()).collect()
    };
    assert_eq!(names(&will).await, ["Annual review", "Onboarding", "Phone call"]);
    let new = json!({"name": "Tax meeting", "body": "**Tax year** "});
    let _ = will.post("/api/note-templates", &new).await.problem(403, "forbidden");
    let made = admin.post("/api/note-templates", &new).await.expect(201);
    let _ = admin.post("/api/note-templates", &new).await.problem(409, "conflict");
    let path = format!("/api/note-templates/{}", made["id"].as_str().unwrap());
    let _ = admin.patch(&path, &json!({"version": 1, "name": "Tax"})).await.expect(200);
    let _ = admin.patch(&path, &json!({"version": 1, "name": "Taxes"})).await.problem(409, "conflict");
    assert_eq!(names(&will).await.len(), 4);
    assert_eq!(admin.delete(&path).await.status, 204);
    assert_eq!(names(&t.browser(&t.b, Who::Will).await).await.len(), 3, "another firm has its own");
}

#[tokio::test]
async fn mo_4_feedback_lands_in_a_list_that_firm_admins_decide() {
    let (t, _, will, matt) = shared().await;
    let admin = t.browser(&t.a, Who::Priya).await;
    let sent = json!({"text": "The list jumps", "page": "/households/$id", "request_id": Uuid::now_v7()});
    let made = will.post("/api/feedback", &sent).await.expect(201);
    let path = format!("/api/feedback/{}", made["id"].as_str().unwrap());
    let seen = async |call: &Call| call.get("/api/feedback").await.expect(200)["items"].as_array().unwrap().clone();
    assert_eq!((seen(&will).await.len(), seen(&matt).await.len(), seen(&admin).await.len()), (1, 0, 1));
    for page in ["/households/01900000-0000-7000-8000-00000000000a", "households", "/households?q=Whitfield", ""] {
        let problem = will.post("/api/feedback", &json!({"text": "x", "page": page})).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], "/page");
    }
    let _ = will.patch(&path, &json!({"version": 1, "status": "done"})).await.problem(403, "forbidden");
    let done = admin.patch(&path, &json!({"version": 1, "status": "done", "answer": "Fixed today"})).await.expect(200);
    assert_eq!((&done["status"], &seen(&will).await[0]["answer"]), (&json!("done"), &json!("Fixed today")));
    assert_eq!(admin.get("/api/feedback?status=new").await.expect(200)["items"], json!([]));
}
