//! Families change: what happened is recorded as one thing and undone as one, and what it leaves to be done is told.

use magfin_testkit::book::Household;
use magfin_testkit::{Call, TestApp, Who};
use serde_json::{Value, json};

/// Will before a filled household whose primary contact, Ellen, has a husband, James.
async fn couple(t: &TestApp) -> (Call, Household, String) {
    let home = t.household(&t.a, Who::Will, "shared").await;
    let will = t.browser(&t.a, Who::Will).await;
    let james = will
        .post(
            &format!("/api/households/{}/people", home.id),
            &json!({"first_name": "James", "last_name": "Whitfield", "role": "spouse", "joined_on": "2014-05-01"}),
        )
        .await
        .expect(201);
    (will, home, james["person"]["id"].as_str().unwrap().to_owned())
}

async fn record(call: &Call, id: &str) -> Value {
    call.get(&format!("/api/households/{id}")).await.expect(200)
}

async fn happens(call: &Call, home: &Household, body: Value) -> Value {
    call.post(&format!("/api/households/{}/family-events", home.id), &body).await.expect(201)
}

/// First name, role and last day of every place in the household, in the record's order.
fn places(record: &Value) -> Vec<(String, String, Value)> {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let places = record["people"].as_array().unwrap().iter();
    places.map(|m| (text(&m["person"]["first_name"]), text(&m["membership"]["role"]), m["membership"]["left_on"].clone())).collect()
}

fn kinds(hints: &Value) -> Vec<&str> {
    hints.as_array().unwrap().iter().map(|h| h["kind"].as_str().unwrap()).collect()
}

fn place(first: &str, role: &str, left: Value) -> (String, String, Value) {
    (first.to_owned(), role.to_owned(), left)
}

#[tokio::test]
async fn hh_3_a_divorce_ends_a_place_opens_a_household_and_is_undone_as_one() {
    let t = TestApp::start().await;
    let (will, home, james) = couple(&t).await;
    let id = home.id.to_string();
    let before = record(&will, &id).await;
    let body = json!({"event": "divorce", "person_id": james, "on": "2026-03-01", "new_household": "James Whitfield", "reason": "decree of the court"});
    let done = happens(&will, &home, body).await;
    let now = record(&will, &id).await;
    assert_eq!(places(&now), [place("Ellen", "primary", Value::Null), place("James", "spouse", json!("2026-03-01"))]);
    let new = done["new_household"]["id"].as_str().unwrap();
    let opened = record(&will, new).await;
    assert_eq!((&opened["household"]["name"], &opened["household"]["type"]), (&json!("James Whitfield"), &json!("client")));
    assert_eq!(opened["team"], now["team"]);
    assert_eq!(places(&opened), [place("James", "primary", Value::Null)]);
    // Where they came from is told by their dated places, in both directions.
    let from = &opened["people"][0]["other_households"][0];
    assert_eq!((&from["id"], &from["role"], &from["left_on"]), (&json!(id), &json!("spouse"), &json!("2026-03-01")));
    assert_eq!(now["people"][1]["other_households"][0]["id"], json!(new));
    // Every edit says why, and all of them are one request.
    let edits = will.get(&format!("/api/households/{id}/edits?limit=1")).await.expect(200);
    assert_eq!(edits["items"][0]["reason"], "Divorce on 2026-03-01: decree of the court");
    assert_eq!(edits["items"][0]["request_id"], done["request_id"]);

    let undone = will.post("/api/edits/undo-request", &json!({"request_id": done["request_id"]})).await.expect(200);
    assert_eq!(undone["kept"], json!([]));
    assert_eq!(places(&record(&will, &id).await), places(&before));
    assert!(record(&will, new).await["household"]["deleted_at"].is_string());
}

#[tokio::test]
async fn hh_3_a_death_is_marked_and_whoever_stays_becomes_the_primary_contact() {
    let t = TestApp::start().await;
    let (will, home, _) = couple(&t).await;
    let id = home.id.to_string();
    let heir =
        json!({"account_id": home.row("accounts"), "person_id": home.row("people"), "designation": "contingent", "share_pct": "100"});
    let _ = will.post(&format!("/api/households/{id}/beneficiaries"), &heir).await.expect(201);
    let done = happens(&will, &home, json!({"event": "death", "person_id": home.row("people"), "on": "2026-03-10"})).await;
    let now = record(&will, &id).await;
    assert_eq!(places(&now), [place("James", "primary", Value::Null), place("Ellen", "primary", json!("2026-03-10"))]);
    let ellen = &now["people"][1]["person"];
    assert_eq!((&ellen["deceased"], &ellen["deceased_on"]), (&json!(true), &json!("2026-03-10")));
    assert_eq!(kinds(&done["look_at"]), ["deceased_owner", "deceased_beneficiary", "deceased_role", "deceased_insured"]);
    assert_eq!(done["look_at"][1]["text"], "Nell Whitfield, who has died, is a beneficiary of Joint brokerage");
    let _ = will.post("/api/edits/undo-request", &json!({"request_id": done["request_id"]})).await.expect(200);
    let back = record(&will, &id).await;
    assert_eq!(places(&back), [place("Ellen", "primary", Value::Null), place("James", "spouse", Value::Null)]);
    assert_eq!(back["people"][0]["person"]["deceased"], json!(false));
}

#[tokio::test]
async fn hh_3_somebody_joins_leaves_and_comes_back_and_every_stay_is_kept() {
    let t = TestApp::start().await;
    let (will, home, _) = couple(&t).await;
    let new = json!({"event": "joined", "on": "2020-01-01", "role": "child", "new_person": {"first_name": "Theo"}});
    let theo = happens(&will, &home, new).await["person_id"].clone();
    let _ = happens(&will, &home, json!({"event": "left", "person_id": theo, "on": "2024-06-01"})).await;
    let _ = happens(&will, &home, json!({"event": "joined", "person_id": theo, "on": "2026-01-15", "role": "child"})).await;
    let now = record(&will, &home.id.to_string()).await;
    let stays: Vec<_> = places(&now).into_iter().filter(|p| p.0 == "Theo").collect();
    assert_eq!(stays, [place("Theo", "child", Value::Null), place("Theo", "child", json!("2024-06-01"))]);
}

#[tokio::test]
async fn hh_3_an_event_that_cannot_have_happened_is_refused_by_field_and_writes_nothing() {
    let t = TestApp::start().await;
    let (will, home, james) = couple(&t).await;
    let path = format!("/api/households/{}/family-events", home.id);
    let stranger = t.household(&t.a, Who::Evan, "evan").await.row("people");
    let edits = async || t.db.value("select count(*) from edits").await;
    let before = edits().await;
    let refused = [
        (json!({"event": "left", "on": "2026-01-01"}), "/person_id"),
        (json!({"event": "left", "person_id": james, "on": "2013-01-01"}), "/on"),
        (json!({"event": "death", "person_id": james, "on": "2026-03-16"}), "/on"),
        (json!({"event": "death", "person_id": james, "on": "2026-03-01", "new_household": "X"}), "/new_household"),
        (json!({"event": "divorce", "person_id": james, "on": "2026-03-01", "role": "spouse"}), "/role"),
        (json!({"event": "divorce", "person_id": james, "on": "2026-03-01", "new_person": {"first_name": "A"}}), "/new_person"),
        (json!({"event": "joined", "person_id": james, "on": "2026-03-01"}), "/person_id"),
        (json!({"event": "joined", "on": "2026-03-01"}), "/person_id"),
        (json!({"event": "joined", "on": "2026-03-01", "new_person": {"employer": "Mill"}}), "/new_person/first_name"),
        (json!({"event": "moved", "person_id": james, "on": "2026-03-01"}), "/event"),
    ];
    for (body, field) in refused {
        let problem = will.post(&path, &body).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], field, "{body}: {problem}");
    }
    let nobody = json!({"event": "left", "person_id": stranger, "on": "2026-01-01"});
    let _ = will.post(&path, &nobody).await.problem(404, "not_found");
    assert_eq!(edits().await, before);
    let _ = t
        .browser(&t.a, Who::Rhea)
        .await
        .post(&path, &json!({"event": "left", "person_id": james, "on": "2026-01-01"}))
        .await
        .problem(403, "forbidden");
}

#[tokio::test]
async fn hh_3_the_same_event_sent_twice_happens_once() {
    let t = TestApp::start().await;
    let (will, home, james) = couple(&t).await;
    let named = will.clone().header("idempotency-key", "divorce-1");
    let body = json!({"event": "divorce", "person_id": james, "on": "2026-03-01", "new_household": "James"});
    let first = happens(&named, &home, body.clone()).await;
    assert_eq!(happens(&named, &home, body.clone()).await, first);
    let _ = named
        .post(&format!("/api/households/{}/family-events", home.id), &json!({"event": "left", "person_id": james, "on": "2026-03-01"}))
        .await
        .problem(409, "conflict");
    assert_eq!(t.db.value("select count(*) from households where name = 'James'").await, json!(1));
}

#[tokio::test]
async fn st_7_undoing_the_creation_of_a_household_hides_what_the_same_request_made() {
    let t = TestApp::start().await;
    let (will, home, james) = couple(&t).await;
    let done = happens(&will, &home, json!({"event": "left", "person_id": james, "on": "2026-03-01", "new_household": "James"})).await;
    let new = done["new_household"]["id"].as_str().unwrap();
    let made = will.get(&format!("/api/why/households/{new}/name")).await.expect(200)["edit"]["id"].clone();
    let _ = will.post(&format!("/api/edits/{}/undo", made.as_str().unwrap()), &json!({})).await.expect(200);
    let gone = record(&will, new).await;
    assert!(gone["household"]["deleted_at"].is_string());
    assert_eq!(gone["people"], json!([]), "their place in it is hidden with it");
    // The last day in the old household was another row's change: it stays until it is undone itself.
    assert_eq!(places(&record(&will, &home.id.to_string()).await)[1].2, json!("2026-03-01"));
}

#[tokio::test]
async fn st_7_undoing_the_creation_of_a_person_hides_their_place_in_the_household() {
    let t = TestApp::start().await;
    let (will, home, james) = couple(&t).await;
    let why = will.get(&format!("/api/why/people/{james}/first_name")).await.expect(200);
    let _ = will.post(&format!("/api/edits/{}/undo", why["edit"]["id"].as_str().unwrap()), &json!({})).await.expect(200);
    assert_eq!(places(&record(&will, &home.id.to_string()).await), [place("Ellen", "primary", Value::Null)]);
    assert_eq!(t.db.value(&format!("select count(*) from memberships where person_id = '{james}' and deleted_at is null")).await, json!(0));
}

#[tokio::test]
async fn hh_4_every_gap_of_a_record_is_a_hint_until_it_is_closed() {
    let t = TestApp::start().await;
    let (will, home, james) = couple(&t).await;
    let id = home.id.to_string();
    let path = |noun: &str| format!("/api/households/{id}/{noun}");
    let (account, trust) = (home.row("accounts"), home.row("entities"));
    assert_eq!(kinds(&record(&will, &id).await["hints"]), ["no_email", "no_trusted_contact", "no_contingent", "no_successor"]);
    // What is done, and the hints that are there afterwards.
    let steps: [(&str, String, Value, &[&str]); 9] = [
        (
            "POST",
            path("contact-points"),
            json!({"kind": "email", "person_id": home.row("people"), "value": "nell@whitfield.example"}),
            &["no_trusted_contact", "no_contingent", "no_successor"],
        ),
        ("POST", path("professionals"), json!({"kind": "Trusted contact", "name": "Ida Holt"}), &["no_contingent", "no_successor"]),
        ("POST", path("entity-roles"), json!({"entity_id": trust, "name": "First Bank", "role": "successor_trustee"}), &["no_contingent"]),
        (
            "POST",
            path("beneficiaries"),
            json!({"account_id": account, "person_id": james, "designation": "contingent", "share_pct": "60"}),
            &["shares"],
        ),
        (
            "POST",
            path("beneficiaries"),
            json!({"account_id": account, "name": "Theo", "designation": "contingent", "share_pct": "40"}),
            &[],
        ),
        ("DELETE", format!("/api/beneficiaries/{}", home.row("beneficiaries")), Value::Null, &["no_beneficiary"]),
        ("PATCH", format!("/api/accounts/{account}"), json!({"version": 1, "closed_on": "2026-03-01"}), &[]),
        ("PATCH", format!("/api/entity-roles/{}", home.row("entity_roles")), json!({"version": 1, "until": "2026-03-01"}), &["no_trustee"]),
        ("PATCH", format!("/api/households/{id}"), json!({"version": 1, "next_review": null}), &["no_review", "no_trustee"]),
    ];
    for (method, path, body, hints) in steps {
        let answer = will.json(method, &path, &body).await;
        assert!(answer.status.is_success(), "{method} {path}: {}", answer.text());
        assert_eq!(kinds(&record(&will, &id).await["hints"]), hints, "after {method} {path} {body}");
    }
    let _ = will.patch(&format!("/api/households/{id}"), &json!({"version": 2, "type": "former"})).await.expect(200);
    assert_eq!(record(&will, &id).await["hints"], json!([]), "a former client is no work any more");
}

#[tokio::test]
async fn hh_4_a_spouse_who_has_left_is_looked_for_where_they_are_still_named() {
    let t = TestApp::start().await;
    let (will, home, james) = couple(&t).await;
    let id = home.id.to_string();
    let heir = json!({"account_id": home.row("accounts"), "person_id": james, "designation": "contingent", "share_pct": "100"});
    let heir = will.post(&format!("/api/households/{id}/beneficiaries"), &heir).await.expect(201);
    let done = happens(&will, &home, json!({"event": "divorce", "person_id": james, "on": "2026-03-01"})).await;
    assert_eq!(kinds(&done["look_at"]), ["former_beneficiary"]);
    assert_eq!((&done["look_at"][0]["entity"], &done["look_at"][0]["entity_id"]), (&json!("beneficiaries"), &heir["id"]));
}

#[tokio::test]
async fn au_3_who_sees_a_household_and_why_names_nobody_else_and_no_other_household() {
    let t = TestApp::start().await;
    let own = t.household(&t.a, Who::Will, "will").await;
    let other = t.household(&t.a, Who::Evan, "evan").await;
    let path = format!("/api/households/{}/access", own.id);
    let will = t.browser(&t.a, Who::Will).await;
    let access = will.get(&path).await.expect(200);
    let told: Vec<_> = access["people"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| (p["name"].as_str().unwrap(), p["reasons"].clone(), p["may_change"].as_bool().unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            (Who::Iggy.name(), json!(["team_member"]), true),
            (Who::Rhea.name(), json!(["team_member"]), false),
            (Who::Sam.name(), json!(["team_member"]), true),
            (Who::Will.name(), json!(["team_member"]), true),
            (Who::Cleo.name(), json!(["compliance"]), false),
            (Who::Priya.name(), json!(["firm_admin"]), true),
        ]
    );
    assert_eq!(access["team"]["name"], Who::Will.name());
    // The answer is true: whoever is named sees it, and nobody else does.
    for who in Who::ALL {
        let sees = t.browser(&t.a, who).await.get(&format!("/api/households/{}", own.id)).await.status == 200;
        assert_eq!(told.iter().any(|(name, ..)| *name == who.name()), sees, "{}", who.name());
    }
    let _ = t.browser(&t.a, Who::Evan).await.get(&path).await.problem(404, "not_found");
    let _ = t.browser(&t.b, Who::Priya).await.get(&path).await.problem(404, "not_found");
    assert!(!access.to_string().contains(&other.id.to_string()));
}

#[tokio::test]
async fn st_2_history_is_asked_for_by_person_source_kind_and_day_in_either_order() {
    let t = TestApp::start().await;
    let (will, home, _) = couple(&t).await;
    let id = home.id.to_string();
    let matt = t.browser(&t.a, Who::Matt).await;
    let _ = matt.patch(&format!("/api/households/{id}"), &json!({"version": 1, "tier": "B"})).await.expect(200);
    let ask =
        async |query: &str| will.get(&format!("/api/households/{id}/edits?{query}")).await.expect(200)["items"].as_array().unwrap().clone();
    let by_matt = ask(&format!("user_id={}", t.a.user(Who::Matt))).await;
    assert_eq!((by_matt.len(), &by_matt[0]["field"]), (1, &json!("tier")));
    assert_eq!(ask("source=import").await.len(), 0);
    let notes = ask("kind=note").await;
    assert!(notes.iter().all(|e| e["entity"] == "notes") && notes.len() == 1);
    assert!(ask("kind=change").await.iter().all(|e| !["notes", "tasks", "people", "accounts"].contains(&e["entity"].as_str().unwrap())));
    let (newest, oldest) = (ask("limit=200").await, ask("limit=200&oldest_first=true").await);
    assert_eq!(newest, oldest.iter().rev().cloned().collect::<Vec<_>>());
    // Pages of the oldest first meet without a gap.
    let first = ask("limit=3&oldest_first=true").await;
    let next = ask(&format!("limit=3&oldest_first=true&cursor={}", first[2]["id"].as_str().unwrap())).await;
    assert_eq!([first.as_slice(), next.as_slice()].concat(), oldest[..6]);
    let at = oldest[4]["at"].as_str().unwrap();
    assert_eq!(ask(&format!("until={at}&limit=200")).await.len(), 5);
    assert_eq!(ask(&format!("from={at}&limit=200")).await.len(), oldest.len() - 4);
    let _ = will.get(&format!("/api/households/{id}/edits?kind=gossip")).await.problem(400, "malformed");
}

#[tokio::test]
async fn st_2_why_tells_of_the_value_of_the_moment_that_is_looked_at() {
    let t = TestApp::start().await;
    let (will, home, _) = couple(&t).await;
    let path = format!("/api/why/households/{}/tier", home.id);
    let at = t.db.value("select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')").await;
    let _ = will.patch(&format!("/api/households/{}", home.id), &json!({"version": 1, "tier": "C"})).await.expect(200);
    assert_eq!(will.get(&path).await.expect(200)["edit"]["new"], "C");
    let then = will.get(&format!("{path}?known_at={}", at.as_str().unwrap())).await.expect(200);
    assert_eq!(
        (&then["edit"]["op"], &then["edit"]["new"]["tier"], then["trail"].as_array().unwrap().len()),
        (&json!("create"), &json!("A"), 1)
    );
    let _ = will.get(&format!("{path}?known_at=2020-01-01T00:00:00Z")).await.problem(404, "not_found");
}

#[tokio::test]
async fn hh_1_every_debt_is_a_part_of_the_total_or_says_why_not() {
    let t = TestApp::start().await;
    let (will, home, _) = couple(&t).await;
    let path = format!("/api/households/{}/liabilities", home.id);
    let _ = will.post(&path, &json!({"name": "Flat in Paris", "balance": "90000", "currency": "EUR"})).await.expect(201);
    let _ = will.post(&path, &json!({"name": "Loan from a friend"})).await.expect(201);
    let totals = will.get(&format!("/api/households/{}/totals", home.id)).await.expect(200);
    assert_eq!((&totals["liabilities_usd"], &totals["net_usd"]), (&json!("310000.00"), &json!("940000.25")));
    let left: Vec<_> = totals["debts"].as_array().unwrap().iter().map(|d| (d["name"].as_str().unwrap(), d["left_out"].as_str())).collect();
    assert_eq!(
        left,
        [
            ("Mortgage", None),
            ("Flat in Paris", Some("other currencies are not added to US dollars")),
            ("Loan from a friend", Some("what is owed is unknown, which is not zero")),
        ]
    );
}
