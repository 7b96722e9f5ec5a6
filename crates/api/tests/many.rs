//! Many households at once: filters, saved views, bulk changes with one undo, export.

use magfin_testkit::{Call, TestApp, Who};
use serde_json::{Value, json};

/// Five households of Will's, of which the fields differ.
async fn book(t: &TestApp) -> (Call, Vec<Value>) {
    let will = t.browser(&t.a, Who::Will).await;
    let mut made = Vec::new();
    for body in [
        json!({"name": "Ålesund Family", "type": "client", "tier": "A", "tags": ["ranch", "quiet"], "next_review": "2026-03-01"}),
        json!({"name": "Brook", "type": "client", "tier": "B", "tags": ["ranch"], "next_review": "2026-03-20"}),
        json!({"name": "=Calc", "type": "client", "client_since": "2015-01-01"}),
        json!({"name": "Dune", "type": "prospect", "stage": "Intro", "tier": "A"}),
        json!({"name": "Eyre", "type": "former", "source": "Referral"}),
    ] {
        let mut body = body;
        body["team_id"] = json!(t.a.team("will"));
        made.push(will.post("/api/households", &body).await.expect(201));
    }
    (will, made)
}

async fn names(call: &Call, filter: Value) -> Vec<String> {
    let page = call.post("/api/households/search", &json!({"filter": filter})).await.expect(200);
    let count = call.post("/api/households/count", &json!({"filter": filter})).await.expect(200);
    let items = page["items"].as_array().unwrap();
    assert_eq!(count["households"], items.len(), "the count is that of the list");
    items.iter().map(|line| line["name"].as_str().unwrap().to_owned()).collect()
}

fn is(field: &str, value: &str) -> Value {
    json!({"field": field, "op": "is", "value": value})
}

#[tokio::test]
async fn hl_conditions_join_by_all_any_and_not_and_an_empty_value_equals_nothing() {
    let t = TestApp::start().await;
    let (will, _) = book(&t).await;
    assert_eq!(names(&will, is("tier", "A")).await, ["Ålesund Family", "Dune"]);
    assert_eq!(names(&will, json!({"not": is("tier", "A")})).await, ["=Calc", "Brook", "Eyre"]);
    assert_eq!(
        names(&will, json!({"all": [is("type", "client"), {"any": [is("tier", "B"), {"field": "tier", "op": "empty"}]}]})).await,
        ["=Calc", "Brook"]
    );
    assert_eq!(names(&will, json!({"all": [is("tag", "ranch"), {"not": is("tag", "quiet")}]})).await, ["Brook"]);
    assert_eq!(names(&will, json!({"field": "name", "op": "contains", "value": "ÄLES"})).await, ["Ålesund Family"]);
    assert_eq!(names(&will, json!({"field": "next_review", "op": "overdue"})).await, ["Ålesund Family"]);
    assert_eq!(names(&will, json!({"field": "next_review", "op": "within_days", "value": 6})).await, ["Brook"]);
    assert_eq!(names(&will, json!({"field": "client_since", "op": "before", "value": "2016-01-01"})).await, ["=Calc"]);
    assert_eq!(names(&will, json!({"field": "aum_usd", "op": "at_least", "value": "1"})).await, Vec::<String>::new());
    assert_eq!((names(&will, json!({"all": []})).await.len(), names(&will, json!({"any": []})).await.len()), (5, 0));
}

#[tokio::test]
async fn hl_a_filter_shows_nothing_of_another_team_and_what_is_wrong_in_it_is_named() {
    let t = TestApp::start().await;
    let (will, _) = book(&t).await;
    let evan = t.browser(&t.a, Who::Evan).await;
    assert_eq!(names(&evan, json!({"not": is("tier", "Z")})).await, Vec::<String>::new());
    let refused =
        will.post("/api/households/search", &json!({"filter": {"all": [is("tier", "A"), is("ssn", "1")]}})).await.problem(422, "invalid");
    assert!(refused["detail"].as_str().unwrap().contains("/filter/all/1/op"), "{refused}");
    let hostile = json!({"field": "name", "op": "contains", "value": "'); drop table households; --"});
    assert_eq!(names(&will, hostile).await, Vec::<String>::new());
}

fn ids(made: &[Value]) -> Vec<Value> {
    made.iter().map(|h| h["id"].clone()).collect()
}

#[tokio::test]
async fn hl_a_change_of_many_is_previewed_made_and_undone_as_one_and_keeps_what_others_changed_since() {
    let t = TestApp::start().await;
    let (will, made) = book(&t).await;
    let body =
        |dry: bool| json!({"ids": ids(&made), "change": {"tier": "A", "add_tags": ["q3"], "remove_tags": ["quiet"]}, "dry_run": dry});
    let preview = will.post("/api/households/bulk", &body(true)).await.expect(200);
    assert_eq!(
        (preview["households"].as_u64(), preview["changed"].as_u64(), preview["lines"].as_array().unwrap().len()),
        (Some(5), Some(5), 8)
    );
    assert_eq!(names(&will, is("tag", "q3")).await, Vec::<String>::new(), "a preview writes nothing");
    let done = will.post("/api/households/bulk", &body(false)).await.expect(200);
    assert_eq!(names(&will, json!({"all": [is("tier", "A"), is("tag", "q3")]})).await.len(), 5);
    let again = will.post("/api/households/bulk", &body(false)).await.expect(200);
    assert_eq!((again["changed"].as_u64(), again["unchanged"].as_u64()), (Some(0), Some(5)));

    let priya = t.browser(&t.a, Who::Priya).await;
    let brook = format!("/api/households/{}", made[1]["id"].as_str().unwrap());
    let version = will.get(&brook).await.expect(200)["household"]["version"].clone();
    let _ = priya.patch(&brook, &json!({"version": version, "tier": "C"})).await.expect(200);
    let request = json!({"request_id": done["request_id"]});
    // What somebody else did is not one's own to undo.
    let _ = priya.post("/api/edits/undo-request", &request).await.problem(404, "not_found");
    let undone = will.post("/api/edits/undo-request", &request).await.expect(200);
    assert_eq!((undone["undone"].as_u64(), undone["kept"].as_array().unwrap().len()), (Some(7), 1), "{undone}");
    assert_eq!(undone["kept"][0]["reason"], format!("{} changed it since", Who::Priya.name()));
    assert_eq!(names(&will, is("tag", "q3")).await, Vec::<String>::new());
    assert_eq!(names(&will, is("tag", "quiet")).await, ["Ålesund Family"]);
    assert_eq!(names(&will, is("tier", "C")).await, ["Brook"]);
}

#[tokio::test]
async fn hl_a_change_of_many_is_all_or_nothing() {
    let t = TestApp::start().await;
    let (will, made) = book(&t).await;
    let other = t.household(&t.a, Who::Evan, "evan").await;
    let with = |extra: Value, change: Value| json!({"ids": [made[0]["id"], extra], "change": change});
    let _ = will.post("/api/households/bulk", &with(json!(other.id), json!({"tier": "Z"}))).await.problem(404, "not_found");
    let _ = will
        .post("/api/households/bulk", &with(made[1]["id"].clone(), json!({"team_id": t.a.team("evan")})))
        .await
        .problem(404, "not_found");
    let many: Vec<String> = (0..51).map(|n| format!("tag {n}")).collect();
    let _ = will
        .post("/api/households/bulk", &with(made[1]["id"].clone(), json!({"tier": "Z", "add_tags": many})))
        .await
        .problem(422, "invalid");
    let _ = will.post("/api/households/bulk", &json!({"ids": [], "change": {}})).await.problem(422, "invalid");
    let _ =
        will.post("/api/households/bulk", &json!({"ids": vec![made[0]["id"].clone(); 1_001], "change": {}})).await.problem(422, "invalid");
    assert_eq!(names(&will, is("tier", "Z")).await, Vec::<String>::new());
}

#[tokio::test]
async fn hl_an_export_needs_its_right_is_recorded_and_harms_no_spreadsheet() {
    let t = TestApp::start().await;
    let (will, _) = book(&t).await;
    let body = json!({"search": {"filter": {"not": is("type", "former")}, "sort": "name"}, "columns": ["name", "tier", "tags", "aum_usd"]});
    let answer = will.post("/api/households/export", &body).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "text/csv; charset=utf-8"));
    assert_eq!(answer.text(), "name,tier,tags,aum_usd\n'=Calc,,,0\nÅlesund Family,A,ranch; quiet,0\nBrook,B,ranch,0\nDune,A,,0\n");
    let events = t.db.rows("select detail, user_id from events where kind = 'households.exported'").await;
    assert_eq!((events.len(), &events[0]["detail"]["rows"], &events[0]["user_id"]), (1, &json!(4), &json!(t.a.user(Who::Will))));
    for who in [Who::Sam, Who::Rhea, Who::Iggy] {
        let _ = t.browser(&t.a, who).await.post("/api/households/export", &body).await.problem(403, "forbidden");
    }
}

#[tokio::test]
async fn hl_a_view_is_seen_by_those_it_is_kept_for_and_changed_by_its_owner() {
    let t = TestApp::start().await;
    let (will, matt, evan) = (t.browser(&t.a, Who::Will).await, t.browser(&t.a, Who::Matt).await, t.browser(&t.a, Who::Evan).await);
    let view = |name: &str, scope: &str, team: Option<&str>| json!({"name": name, "scope": scope, "team_id": team.map(|n| t.a.team(n)), "query": {"filter": is("tier", "A")}});
    let own = will.post("/api/views", &view("Mine", "private", None)).await.expect(201);
    let shared = will.post("/api/views", &view("Ours", "team", Some("shared"))).await.expect(201);
    let firm = will.post("/api/views", &view("Everybody's", "firm", None)).await.expect(201);
    let seen = async |call: &Call| {
        let all = call.get("/api/views").await.expect(200);
        all["items"].as_array().unwrap().iter().map(|v| v["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(seen(&will).await, ["Everybody's", "Mine", "Ours"]);
    assert_eq!(seen(&matt).await, ["Everybody's", "Ours"]);
    assert_eq!(seen(&evan).await, ["Everybody's"]);
    assert_eq!(seen(&t.browser(&t.b, Who::Will).await).await, Vec::<String>::new());

    let path = |view: &Value| format!("/api/views/{}", view["id"].as_str().unwrap());
    let _ = matt.patch(&path(&shared), &json!({"version": 1, "name": "Matt's"})).await.problem(404, "not_found");
    let _ = matt.delete(&path(&shared)).await.problem(404, "not_found");
    let _ = matt.patch(&path(&own), &json!({"version": 1, "name": "Matt's"})).await.problem(404, "not_found");
    let renamed = will.patch(&path(&own), &json!({"version": 1, "name": "A tier", "pinned": true})).await.expect(200);
    assert_eq!((&renamed["name"], &renamed["version"]), (&json!("A tier"), &json!(2)));
    let _ = will.patch(&path(&own), &json!({"version": 1, "name": "late"})).await.problem(409, "conflict");
    assert_eq!(seen(&will).await, ["A tier", "Everybody's", "Ours"], "a pinned one comes first");
    // Neither kept for a team of others nor given away to one.
    let _ = will.post("/api/views", &view("Theirs", "team", Some("evan"))).await.problem(404, "not_found");
    let _ = will.patch(&path(&own), &json!({"version": 2, "scope": "team"})).await.problem(422, "invalid");
    let _ =
        will.post("/api/views", &json!({"name": "Long", "scope": "firm", "query": {"x": "y".repeat(9_000)}})).await.problem(422, "invalid");
    for nul in [json!({"a\u{0}": 1}), json!({"a": [{"b": "\u{0}"}]})] {
        let _ = will.post("/api/views", &json!({"name": "Nul", "scope": "firm", "query": nul})).await.problem(422, "invalid");
    }
    let _ = t.browser(&t.a, Who::Priya).await.delete(&path(&firm)).await.expect(204);
    assert_eq!(seen(&evan).await, Vec::<String>::new());
}

#[tokio::test]
async fn hl_a_list_begins_with_the_view_that_its_reader_chose_for_as_long_as_they_see_it() {
    let t = TestApp::start().await;
    let (will, matt, evan) = (t.browser(&t.a, Who::Will).await, t.browser(&t.a, Who::Matt).await, t.browser(&t.a, Who::Evan).await);
    let view = json!({"name": "Ours", "scope": "team", "team_id": t.a.team("shared"), "query": {"sort": "-aum"}});
    let view = will.post("/api/views", &view).await.expect(201);
    let choice = json!({"default_view_id": view["id"]});
    assert_eq!(matt.patch("/api/me/profile", &choice).await.expect(200)["default_view_id"], view["id"]);
    let begins = async |call: &Call| call.get("/api/views").await.expect(200)["items"][0]["is_default"].clone();
    assert_eq!((begins(&matt).await, begins(&will).await), (json!(true), json!(false)), "for Matt alone");
    for stranger in [evan, t.browser(&t.b, Who::Will).await] {
        let _ = stranger.patch("/api/me/profile", &choice).await.problem(404, "not_found");
    }
    // Another preference leaves it alone. A view that is shared no longer is none to begin with.
    assert_eq!(matt.patch("/api/me/profile", &json!({"email_tone": "formal"})).await.expect(200)["default_view_id"], view["id"]);
    let path = format!("/api/views/{}", view["id"].as_str().unwrap());
    let _ = will.patch(&path, &json!({"version": 1, "scope": "private", "team_id": null})).await.expect(200);
    assert_eq!(matt.get("/api/me/profile").await.expect(200)["default_view_id"], Value::Null);
    let _ = will.patch(&path, &json!({"version": 2, "scope": "firm"})).await.expect(200);
    assert_eq!(begins(&matt).await, true);
    assert_eq!(matt.patch("/api/me/profile", &json!({"default_view_id": null})).await.expect(200)["default_view_id"], Value::Null);
    assert_eq!(begins(&matt).await, false);
}
