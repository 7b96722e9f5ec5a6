//! Hostile and mistaken input: a documented problem that names the field, and nothing saved.

use magfin_testkit::book::Household;
use magfin_testkit::{Call, TestApp, Who};
use serde_json::{Value, json};

async fn setting() -> (TestApp, Household, Call) {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "will").await;
    let call = t.browser(&t.a, Who::Will).await.header("content-type", "application/json");
    (t, home, call)
}

async fn edits(t: &TestApp) -> Value {
    t.db.value("select count(*) from edits").await
}

#[tokio::test]
async fn be_4_bytes_that_are_no_json_are_400_and_nothing_is_saved() {
    let (t, home, call) = setting().await;
    let before = edits(&t).await;
    let path = format!("/api/households/{}/notes", home.id);
    let bodies: [&[u8]; 13] = [
        b"",
        b"{",
        b"{\"body\":\"\xff\xfe\"}",
        b"{\"body\":\"\xed\xa0\x80\"}",
        b"{\"body\":\"\\ud800\"}",
        b"{\"body\":\"\\u0000",
        b"\xef\xbb\xbf{\"body\":\"x\"}",
        b"{\"body\":\"x\"} trailing",
        b"{\"body\":\"x\",}",
        b"{'body':'x'}",
        b"{\"body\":NaN}",
        b"{\"body\":1e999}",
        b"{\"body\":\"a\nb\"}",
    ];
    for body in bodies {
        let answer = call.send("POST", &path, body.to_vec()).await;
        let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        assert_eq!(answer.status, 400, "{shown}: {}", answer.text());
        let _ = answer.problem(400, "malformed");
    }
    let nested = "[".repeat(5_000);
    for body in ["[\"x\"]", " [\"x\", true]", "\"x\"", "5", "null", "true", &nested] {
        let problem = call.send("POST", &path, body.to_owned()).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["message"], "the body must be a JSON object");
    }
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""] {
        let _ = call.clone().header("content-type", kind).send("POST", &path, "{}").await.problem(415, "not_json");
    }
    assert_eq!(edits(&t).await, before);
}

#[tokio::test]
async fn be_4_a_refused_field_is_named_with_what_belongs_there_and_its_value_is_not_repeated() {
    let (_t, home, call) = setting().await;
    for (body, pointer, message) in [
        (json!({"body": "x", "pinned": "Whitfield"}), "/pinned", "has the wrong type: expected a boolean"),
        (json!({"body": "x", "bodi": "Whitfield"}), "/bodi", "is not a field here; known are: body, "),
        (json!({"pinned": true}), "/body", "is needed"),
    ] {
        let problem = call.post(&format!("/api/households/{}/notes", home.id), &body).await.problem(422, "invalid");
        let error = &problem["errors"][0];
        assert_eq!(error["pointer"], pointer);
        assert!(error["message"].as_str().unwrap().starts_with(message), "{error}");
        assert!(!problem.to_string().contains("Whitfield"));
    }
}

/// (noun, field, value, part of the message)
fn refused() -> Vec<(&'static str, &'static str, Value, &'static str)> {
    vec![
        ("notes", "body", json!("a\u{0}b"), "control characters"),
        ("notes", "body", json!("   "), "empty"),
        ("notes", "body", json!("x".repeat(50_001)), "at most 50000"),
        ("notes", "body", json!(null), "wrong type"),
        ("notes", "body", json!({"a": 1}), "wrong type"),
        ("notes", "pinned", json!("yes"), "wrong type"),
        ("notes", "occurred_at", json!("yesterday"), ""),
        ("notes", "bodi", json!("x"), "not a field here"),
        ("households", "name", json!("a\nb"), "one line"),
        ("households", "name", json!("x".repeat(201)), "at most 200"),
        ("households", "type", json!("friend"), "one of"),
        ("households", "next_review", json!("0958-03-14"), "1850"),
        ("households", "next_review", json!("3958-03-14"), "2150"),
        ("households", "next_review", json!("2023-02-29"), "date"),
        ("households", "review_cadence_months", json!(0), "between 1 and 60"),
        ("households", "review_cadence_months", json!(2_147_483_648_i64), ""),
        ("households", "tags", json!(vec!["x"; 51]), "at most 50"),
        ("households", "team_id", json!("not an id"), ""),
        ("people", "birth_date", json!("14/03/1958"), "date"),
        ("people", "tax_id", json!("12-34"), "nine digits"),
        ("accounts", "currency", json!("usd"), "three capital letters"),
        ("accounts", "number", json!("<script>"), "account number"),
        ("balances", "amount", json!("12.345"), "2 decimals"),
        ("balances", "amount", json!("1e9"), "amount"),
        ("balances", "amount", json!("1000000000000"), "below"),
        ("balances", "amount", json!(12.5), "wrong type"),
        ("liabilities", "balance", json!("-1"), "not be negative"),
        ("insurance_policies", "coverage", json!("-0.01"), "not be negative"),
        ("goals", "amount", json!("-400000"), "not be negative"),
        ("account_owners", "share_pct", json!("100.01"), "between 0 and 100"),
        ("tasks", "priority", json!(4), "1, 2 or 3"),
        ("tasks", "status", json!("done"), "todo"),
        ("tasks", "assignee_id", json!("0195a000-0000-7000-8000-000000000001"), "no such row"),
        ("open_loops", "text", json!("x".repeat(2_001)), "at most 2000"),
        ("contact_points", "value", json!(null), "needed"),
        ("contact_points", "kind", json!("email"), "not a field here"),
    ]
}

#[tokio::test]
async fn be_4_a_refused_value_is_422_named_by_its_pointer_and_not_repeated() {
    let (t, home, call) = setting().await;
    let before = edits(&t).await;
    for (noun, field, value, message) in refused() {
        let path = format!("/api/{}/{}", noun.replace('_', "-"), home.row(noun));
        let answer = call.patch(&path, &json!({"version": 1, field: value})).await;
        let problem = answer.problem(422, "invalid");
        let error = &problem["errors"][0];
        assert_eq!(error["pointer"], format!("/{field}"), "{noun}: {problem}");
        assert!(error["message"].as_str().unwrap().contains(message), "{noun}.{field}: {message} in {problem}");
    }
    assert_eq!(edits(&t).await, before);
}

#[tokio::test]
async fn be_4_fields_that_contradict_each_other_are_422() {
    let (t, home, call) = setting().await;
    let before = edits(&t).await;
    let patches = [
        ("memberships", json!({"version": 1, "left_on": "1999-01-01"})),
        ("accounts", json!({"version": 1, "closed_on": "1999-01-01"})),
        ("entity_roles", json!({"version": 1, "until": "1999-01-01"})),
    ];
    for (noun, body) in patches {
        let _ = call.patch(&format!("/api/{}/{}", noun.replace('_', "-"), home.row(noun)), &body).await.problem(422, "invalid");
    }
    let (person, account) = (home.row("people"), home.row("accounts"));
    let creates = [
        ("account-owners", json!({"account_id": account})),
        ("beneficiaries", json!({"account_id": account, "person_id": person, "name": "Both"})),
        ("entity-roles", json!({"entity_id": home.row("entities"), "role": "trustee"})),
        ("contact-points", json!({"kind": "phone", "value": "1", "person_id": person, "entity_id": home.row("entities")})),
        ("contact-points", json!({"kind": "email", "value": "no address"})),
        ("people", json!({"employer": "Nobody's"})),
    ];
    for (noun, body) in creates {
        let _ = call.post(&format!("/api/households/{}/{noun}", home.id), &body).await.problem(422, "invalid");
    }
    let again = json!({"person_id": person});
    let _ = call.post(&format!("/api/households/{}/memberships", home.id), &again).await.problem(409, "conflict");
    assert_eq!(edits(&t).await, before);
}

#[tokio::test]
async fn be_4_hostile_addresses_and_queries_are_documented_problems() {
    let (_t, home, call) = setting().await;
    let home = home.id;
    let bad_request = [
        "/api/notes/1".to_owned(),
        "/api/notes/%FF".to_owned(),
        "/api/notes/%00".to_owned(),
        "/api/notes/..%2F..%2Fetc".to_owned(),
        format!("/api/notes/{home}%00"),
    ];
    for path in bad_request {
        let _ = call.patch(&path, &json!({"version": 1})).await.problem(400, "malformed");
    }
    for query in [
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=1e3",
        "limit=abc",
        "cursor=1",
        "cursor=%FF",
        "sort=evil",
        "team_id=%00",
        "unknown=1",
        "tier=",
        "limit=1&limit=2",
        "tier=%00",
    ] {
        let _ = call.get(&format!("/api/households?{query}")).await.problem(400, "malformed");
    }
    // Words in an address that are not ids: nothing is there.
    for (entity, field) in [
        ("na%00me", "name"),
        ("households", "na%00me"),
        ("households", "%00"),
        ("'; drop table notes; --", "name"),
        ("pg_authid", "rolpassword"),
        ("households", "nothing"),
    ] {
        let path = format!("/api/why/{}/{home}/{}", entity.replace(' ', "%20"), field);
        let answer = call.get(&path).await;
        assert!([200, 404].contains(&answer.status.as_u16()), "{path}: {}", answer.text());
    }
}

#[tokio::test]
async fn be_4_names_of_every_script_come_back_as_they_were_sent() {
    let (_t, home, call) = setting().await;
    let path = format!("/api/households/{}", home.id);
    let names = [
        "רבקה כהן",
        "محمد الأحمد",
        "李小龍",
        "Ngọc Nguyễn",
        "O’Brien & Søn <b>",
        "🌳 The Oaks 🌳",
        "Zoë\u{0301}",
        "\u{202e}txet",
        "'; drop table households; --",
        "a\"b\\c/d",
        "%_%",
        "{{7*7}}",
        "\u{10ffff}",
    ];
    for (n, name) in names.into_iter().enumerate() {
        let changed = call.patch(&path, &json!({"version": n + 1, "name": name})).await.expect(200);
        assert_eq!(changed["name"], name);
        assert_eq!(call.get(&path).await.expect(200)["household"]["name"], name);
    }
}

#[tokio::test]
async fn be_4_a_search_takes_wildcards_and_accents_literally() {
    let (_t, home, call) = setting().await;
    let path = format!("/api/households/{}", home.id);
    let _ = call.patch(&path, &json!({"version": 1, "name": "Zoë 100%_\\ Löwe"})).await.expect(200);
    for (q, found) in
        [("zoe", 1), ("LOWE", 1), ("100%", 1), ("%_\\", 1), ("%", 1), ("1_0", 0), ("z%e", 0), ("sonoma", 1), ("' or 1=1 --", 0), ("", 1)]
    {
        let page = call.post("/api/households/search", &json!({"q": q})).await.expect(200);
        assert_eq!(page["items"].as_array().unwrap().len(), found, "{q}");
        assert_eq!(call.post("/api/households/count", &json!({"q": q})).await.expect(200)["households"], found, "{q}");
    }
    let _ = call.post("/api/households/search", &json!({"q": "a\u{0}b"})).await.problem(422, "invalid");
}
