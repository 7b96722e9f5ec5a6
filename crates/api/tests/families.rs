//! A new family: what it may already be, and creating it in one step. And what the list says of a family beside its name.

use magfin_testkit::{Call, TestApp, Who};
use serde_json::{Value, json};

async fn family(t: &TestApp, call: &Call, name: &str, team: &str, contacts: Value) -> Value {
    let body = json!({"household": {"name": name, "team_id": t.a.team(team)},
        "people": [{"first_name": "Anna", "last_name": "Whitfield", "role": "primary", "contact_points": contacts}]});
    call.post("/api/families", &body).await.expect(201)
}

/// What is found, as `name: reasons`.
async fn found(call: &Call, query: Value) -> Vec<String> {
    let answer = call.post("/api/households/possible-duplicates", &query).await.expect(200);
    let line = |d: &Value| {
        let reasons: Vec<_> = d["reasons"].as_array().unwrap().iter().map(|r| r.as_str().unwrap()).collect();
        format!("{}: {}", d["name"].as_str().unwrap(), reasons.join(", "))
    };
    answer["items"].as_array().unwrap().iter().map(line).collect()
}

#[tokio::test]
async fn hl_a_possible_duplicate_is_found_by_name_likeness_number_and_address_with_the_reason() {
    let t = TestApp::start().await;
    let will = t.browser(&t.a, Who::Will).await;
    let reach = json!([{"kind": "phone", "value": "(704) 555-0112"}, {"kind": "email", "value": "Anna@Whitfield.example"}]);
    let _ = family(&t, &will, "Whitfield Family", "will", reach).await;
    let _ = family(&t, &will, "Novák Family", "will", json!([])).await;
    assert_eq!(found(&will, json!({"name": "whitfield family"})).await, ["Whitfield Family: same_name"]);
    assert_eq!(found(&will, json!({"name": "NOVAK FAMILY "})).await, ["Novák Family: same_name"]);
    assert_eq!(found(&will, json!({"name": "The Witfield household"})).await, ["Whitfield Family: similar_name"]);
    assert_eq!(found(&will, json!({"name": "Anna & Henrik Whitfield"})).await, ["Whitfield Family: similar_name"]);
    assert_eq!(found(&will, json!({"name": "Reyes", "phones": ["+1 704.555.0112", "none"]})).await, ["Whitfield Family: same_phone"]);
    assert_eq!(found(&will, json!({"name": "", "emails": ["anna@whitfield.EXAMPLE"]})).await, ["Whitfield Family: same_email"]);
    assert_eq!(
        found(&will, json!({"name": "Whitfield family", "phones": ["7045550112"], "emails": ["anna@whitfield.example"]})).await,
        ["Whitfield Family: same_email, same_name, same_phone"]
    );
    assert_eq!(found(&will, json!({"name": "Family"})).await, Vec::<String>::new(), "a word of every name is no likeness");
    assert_eq!(found(&will, json!({"name": "%_'); drop table households"})).await, Vec::<String>::new());
}

#[tokio::test]
async fn hl_a_possible_duplicate_of_another_team_or_firm_does_not_exist() {
    let t = TestApp::start().await;
    let will = t.browser(&t.a, Who::Will).await;
    let made = family(&t, &will, "Whitfield Family", "will", json!([{"kind": "phone", "value": "(704) 555-0112"}])).await;
    let query = json!({"name": "Whitfield Family", "phones": ["704 555 0112"]});
    for stranger in [t.browser(&t.a, Who::Evan).await, t.browser(&t.b, Who::Will).await, t.browser(&t.b, Who::Priya).await] {
        assert_eq!(found(&stranger, query.clone()).await, Vec::<String>::new());
    }
    assert_eq!(found(&t.browser(&t.a, Who::Priya).await, query.clone()).await, ["Whitfield Family: same_name, same_phone"]);
    let _ = will.delete(&format!("/api/households/{}", made["id"].as_str().unwrap())).await.expect(204);
    assert_eq!(found(&will, query).await, Vec::<String>::new(), "what is removed is no duplicate");
}

#[tokio::test]
async fn hl_a_family_is_created_whole_once_or_not_at_all() {
    let t = TestApp::start().await;
    let will = t.browser(&t.a, Who::Will).await;
    let body = json!({
        "household": {"name": "Whitfield Family", "type": "client", "team_id": t.a.team("will")},
        "people": [
            {"first_name": "Anna", "last_name": "Whitfield", "role": "primary", "employer": "Harbor Books",
             "contact_points": [{"kind": "phone", "value": "(704) 555-0112", "label": "mobile"}, {"kind": "phone", "value": "(704) 555-0113"}]},
            {"first_name": "Henrik", "role": "spouse"}],
        "contact_points": [{"kind": "address", "line1": "1 Main St", "city": "Charlotte", "state": "NC"}]});
    let keyed = t.browser(&t.a, Who::Will).await.header("idempotency-key", "family-1");
    let made = keyed.post("/api/families", &body).await.expect(201);
    let again = keyed.post("/api/families", &body).await.expect(201);
    assert_eq!(made["id"], again["id"]);
    let record = will.get(&format!("/api/households/{}", made["id"].as_str().unwrap())).await.expect(200);
    let people = record["people"].as_array().unwrap();
    assert_eq!((people.len(), &people[0]["person"]["first_name"], &people[1]["membership"]["role"]), (2, &json!("Anna"), &json!("spouse")));
    let phones = people[0]["contact_points"].as_array().unwrap();
    assert_eq!((phones.len(), phones.iter().filter(|p| p["is_primary"] == true).count()), (2, 1));
    assert_eq!(record["contact_points"][0]["city"], "Charlotte");

    let count = async || will.post("/api/households/count", &json!({})).await.expect(200)["households"].clone();
    let before = count().await;
    let bad = json!({"household": {"name": "Half", "team_id": t.a.team("will")},
        "people": [{"first_name": "Ada"}, {"first_name": "Bo", "contact_points": [{"kind": "email", "value": "no address"}]}]});
    let refused = will.post("/api/families", &bad).await.problem(422, "invalid");
    assert_eq!(refused["errors"][0]["pointer"], "/people/1/contact_points/0/value", "{refused}");
    let nameless = json!({"household": {"name": "Half", "team_id": t.a.team("will")}, "people": [{"role": "child"}]});
    let _ = will.post("/api/families", &nameless).await.problem(422, "invalid");
    let many = json!({"household": {"name": "Half"}, "people": vec![json!({"first_name": "Ada"}); 21]});
    let _ = will.post("/api/families", &many).await.problem(422, "invalid");
    let _ =
        will.post("/api/families", &json!({"household": {"name": "Theirs", "team_id": t.a.team("evan")}})).await.problem(404, "not_found");
    assert_eq!(count().await, before, "nothing is half-saved");
}

#[tokio::test]
async fn hl_the_list_tells_the_last_touch_and_accounts_without_beneficiary_and_is_filtered_and_ordered_by_them() {
    let t = TestApp::start().await;
    let will = t.browser(&t.a, Who::Will).await;
    let (one, two) = (family(&t, &will, "One", "will", json!([])).await, family(&t, &will, "Two", "will", json!([])).await);
    let at = |h: &Value, noun: &str| format!("/api/households/{}/{noun}", h["id"].as_str().unwrap());
    let _ = will.post(&at(&one, "notes"), &json!({"body": "Met.", "occurred_at": "2026-01-10T15:00:00Z"})).await.expect(201);
    let task = will.post(&at(&one, "tasks"), &json!({"title": "Call"})).await.expect(201);
    let account = will.post(&at(&two, "accounts"), &json!({"name": "Roth IRA", "source": "linked"})).await.expect(201);
    let _ = will.post(&at(&two, "accounts"), &json!({"name": "Joint brokerage", "source": "linked"})).await.expect(201);
    let line = async |name: &str| {
        let page = will.post("/api/households/search", &json!({"q": name})).await.expect(200);
        page["items"][0].clone()
    };
    let first = line("One").await;
    assert_eq!((&first["last_touch_on"], &first["last_touch_kind"]), (&json!("2026-01-10"), &json!("note")));
    let done = json!({"version": 1, "done_at": "2026-02-01T09:00:00Z"});
    let _ = will.patch(&format!("/api/tasks/{}", task["id"].as_str().unwrap()), &done).await.expect(200);
    assert_eq!((&line("One").await["last_touch_kind"], &line("Two").await["last_touch_on"]), (&json!("task"), &Value::Null));

    let names = async |body: Value| {
        let page = will.post("/api/households/search", &body).await.expect(200);
        page["items"].as_array().unwrap().iter().map(|h| h["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    // 41 days before the clock of the tests, 2026-03-14.
    let quiet = |days: i32| json!({"filter": {"field": "last_touch", "op": "older_than_days", "value": days}});
    assert_eq!((names(quiet(40)).await, names(quiet(41)).await), (vec!["One".to_owned(), "Two".to_owned()], vec!["Two".to_owned()]));
    let gap = json!({"filter": {"field": "missing_beneficiaries", "op": "at_least", "value": 1}});
    assert_eq!((names(gap.clone()).await, &line("Two").await["missing_beneficiaries"]), (vec!["Two".to_owned()], &json!(1)));
    let named = json!({"account_id": account["id"], "name": "Somebody", "designation": "primary"});
    let _ = will.post(&at(&two, "beneficiaries"), &named).await.expect(201);
    assert_eq!(names(gap).await, Vec::<String>::new());
    assert_eq!(names(json!({"sort": "last_touch"})).await, ["Two", "One"]);
    assert_eq!(names(json!({"sort": "-last_touch"})).await, ["One", "Two"]);
}

#[tokio::test]
async fn hl_the_day_of_the_last_touch_is_one_of_the_firms_clock() {
    let t = TestApp::start().await;
    let (will, admin) = (t.browser(&t.a, Who::Will).await, t.browser(&t.a, Who::Priya).await);
    let one = family(&t, &will, "One", "will", json!([])).await;
    let note = json!({"body": "Met in the evening.", "occurred_at": "2026-01-11T02:30:00Z"});
    let _ = will.post(&format!("/api/households/{}/notes", one["id"].as_str().unwrap()), &note).await.expect(201);
    let day = async || will.post("/api/households/search", &json!({"q": "One"})).await.expect(200)["items"][0]["last_touch_on"].clone();
    assert_eq!(day().await, "2026-01-10", "half past nine in New York");
    let _ = admin.patch("/api/firm", &json!({"time_zone": "Asia/Singapore"})).await.expect(200);
    assert_eq!(day().await, "2026-01-11", "half past ten in Singapore");
}

#[tokio::test]
async fn hl_every_order_walks_the_whole_list_page_by_page() {
    let t = TestApp::start().await;
    let will = t.browser(&t.a, Who::Will).await;
    let reviews = [("A", json!("2026-05-01")), ("B", json!("2026-04-01")), ("C", json!("2026-06-01")), ("D", Value::Null)];
    for (name, review) in reviews {
        let body = json!({"household": {"name": name, "team_id": t.a.team("will"), "next_review": review}});
        let _ = will.post("/api/families", &body).await.expect(201);
    }
    let walk = async |sort: &str| {
        let (mut seen, mut cursor) = (String::new(), Value::Null);
        loop {
            let page = will.post("/api/households/search", &json!({"sort": sort, "limit": 1, "cursor": cursor})).await.expect(200);
            let Some(line) = page["items"].as_array().unwrap().first() else { return seen };
            seen.push_str(line["name"].as_str().unwrap());
            cursor = page["next_cursor"].clone();
        }
    };
    // Who has no next review comes last and is not left out.
    assert_eq!((walk("name").await, walk("next_review").await), ("ABCD".to_owned(), "BACD".to_owned()));
    // Where all are alike, the ids decide: in an order that the other way round is its reverse.
    for sort in ["name", "next_review", "aum", "last_touch"] {
        let (there, back) = (walk(sort).await, walk(&format!("-{sort}")).await);
        assert_eq!((there.len(), back.chars().rev().collect::<String>()), (4, there), "{sort}");
    }
    for sort in ["-open_loops", "-open_tasks"] {
        assert_eq!(walk(sort).await.len(), 4, "{sort}");
    }
}

#[tokio::test]
async fn hl_all_that_a_filter_leaves_is_chosen_at_once_and_what_is_chosen_is_exported() {
    let t = TestApp::start().await;
    let (will, evan) = (t.browser(&t.a, Who::Will).await, t.browser(&t.a, Who::Evan).await);
    let (one, two) = (family(&t, &will, "One", "will", json!([])).await, family(&t, &will, "Two", "will", json!([])).await);
    let all = will.post("/api/households/ids", &json!({"limit": 1})).await.expect(200);
    let ids = all["ids"].as_array().unwrap();
    assert!(ids.len() == 2 && ids.contains(&one["id"]) && ids.contains(&two["id"]), "the size of a page does not matter");
    assert_eq!(will.post("/api/households/ids", &json!({"q": "tw"})).await.expect(200)["ids"], json!([two["id"]]));
    assert_eq!(evan.post("/api/households/ids", &json!({})).await.expect(200)["ids"], json!([]));
    let body = json!({"ids": [two["id"]], "columns": ["name", "last_touch", "missing_beneficiaries"]});
    assert_eq!(will.post("/api/households/export", &body).await.text(), "name,last_touch,missing_beneficiaries\nTwo,,0\n");
    assert_eq!(evan.post("/api/households/export", &body).await.text(), "name,last_touch,missing_beneficiaries\n");
    let _ = will.post("/api/households/export", &json!({"ids": [], "columns": ["name"]})).await.problem(422, "invalid");
}

#[tokio::test]
async fn hl_one_change_sent_in_parts_under_one_request_is_undone_as_one() {
    let t = TestApp::start().await;
    let will = t.browser(&t.a, Who::Will).await;
    let (one, two) = (family(&t, &will, "One", "will", json!([])).await, family(&t, &will, "Two", "will", json!([])).await);
    let request = uuid::Uuid::now_v7().to_string();
    let named = t.browser(&t.a, Who::Will).await.header("x-request-id", &request);
    for part in [&one, &two] {
        let body = json!({"ids": [part["id"]], "change": {"tier": "A"}});
        let done = named.post("/api/households/bulk", &body).await.expect(200);
        assert_eq!(done["request_id"], json!(request));
    }
    let undone = will.post("/api/edits/undo-request", &json!({"request_id": request})).await.expect(200);
    assert_eq!(undone["undone"], 2);
}

#[tokio::test]
async fn au_3_a_person_who_was_linked_by_mistake_is_seen_no_longer_once_the_membership_is_removed() {
    let t = TestApp::start().await;
    let (will, matt) = (t.browser(&t.a, Who::Will).await, t.browser(&t.a, Who::Matt).await);
    let shared = t.household(&t.a, Who::Will, "shared").await;
    let other = t.household(&t.a, Who::Matt, "matt").await;
    let (person, phone) = (format!("/api/people/{}", other.row("people")), format!("/api/contact-points/{}", other.row("contact_points")));
    let _ = will.patch(&person, &json!({"version": 1, "employer": "Acme"})).await.problem(404, "not_found");
    let link = json!({"person_id": other.row("people"), "role": "child"});
    let link = matt.post(&format!("/api/households/{}/memberships", shared.id), &link).await.expect(201);
    let _ = will.patch(&person, &json!({"version": 1, "employer": "Acme"})).await.expect(200);
    let _ = will.patch(&phone, &json!({"version": 1, "label": "Home"})).await.expect(200);

    let _ = matt.delete(&format!("/api/memberships/{}", link["id"].as_str().unwrap())).await.expect(204);
    let _ = will.patch(&person, &json!({"version": 2, "employer": "Other"})).await.problem(404, "not_found");
    let _ = will.patch(&phone, &json!({"version": 2, "label": "Work"})).await.problem(404, "not_found");
    let _ = matt.patch(&person, &json!({"version": 2, "employer": "Other"})).await.expect(200);
    let seen = will.get(&format!("/api/households/{}/edits?limit=200", shared.id)).await.expect(200);
    assert!(!seen.to_string().contains("Other"), "what happens to them since is told in no history of the household");
}
