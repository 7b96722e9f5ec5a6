//! Every operation of the API × everybody who may not: an endpoint is guarded the day it appears.

use crate::common::operations::{self, Operation, Subject, document, named_row, operations, subject};
use magfin_domain::role::Role;
use magfin_testkit::book::FACTS;
use magfin_testkit::{Answer, Call, TestApp, Who};
use serde_json::{Value, json};
use uuid::Uuid;

/// Operations for which nobody need be signed in; each is the way in.
const FOR_STRANGERS: [&str; 5] =
    ["GET /api/auth/login", "GET /api/auth/callback", "POST /api/auth/clerk", "POST /api/auth/join", "GET /api/auth/provider-logout"];

/// Everything that a refused request must leave as it was.
async fn state(t: &TestApp) -> Value {
    let others = [
        "edits",
        "users",
        "teams",
        "team_members",
        "identities",
        "household_summaries",
        "imports",
        "import_refs",
        "jobs",
        "idempotency_keys",
        "api_keys",
        "saved_views",
        "firms",
        "profiles",
        "invites",
        "tiers",
        "uploads",
        "upload_blocks",
        "upload_rows",
        "drafts",
        "notifications",
        "note_templates",
        "feedback",
        "household_keys",
        "brain_files",
        "brain_versions",
        "retention_classes",
        "legal_holds",
        "erasures",
    ];
    let tables = FACTS.iter().copied().chain(others);
    let parts: Vec<String> = tables
        .map(|table| {
            // That a key was used is noted whatever it was used for.
            let row = if table == "api_keys" { "(to_jsonb(x) - 'last_used_at')::text" } else { "x::text" };
            format!("select '{table}' as part, md5(coalesce(string_agg({row}, ',' order by {row}), '')) as sum from {table} x")
        })
        .collect();
    let more = "select 'events', count(*)::text from events where kind <> 'session.opened' union all select 'ended', count(*)::text from sessions where revoked_at is not null";
    json!(t.db.rows(&format!("{} union all {more}", parts.join(" union all "))).await)
}

async fn send(call: &Call, operation: &Operation, document: &Value, s: &Subject) -> Answer {
    let address = operation.address(s);
    match operation.body(document, s) {
        Some(body) => call.json(&operation.method, &address, &body).await,
        None => operation.send_plain(call, &address).await,
    }
}

/// A problem without what differs from request to request.
fn plain(answer: &Answer) -> Value {
    let mut body = answer.json();
    body.as_object_mut().map(|map| map.remove("request_id"));
    body
}

/// The subject's shape with ids that nobody has.
fn nowhere(s: &Subject) -> Subject {
    Subject {
        home: s.home.map(|_| Uuid::now_v7()),
        edit: Uuid::now_v7().to_string(),
        session: Uuid::now_v7().to_string(),
        user: Uuid::now_v7().to_string(),
        team: Uuid::now_v7().to_string(),
        import: Uuid::now_v7().to_string(),
        view: Uuid::now_v7().to_string(),
        request: Uuid::now_v7().to_string(),
        duplicate: Uuid::now_v7().to_string(),
        tier: Uuid::now_v7().to_string(),
        key: Uuid::now_v7().to_string(),
        identity: Uuid::now_v7().to_string(),
        upload: Uuid::now_v7().to_string(),
        read: Uuid::now_v7().to_string(),
        ready: Uuid::now_v7().to_string(),
        draft: Uuid::now_v7().to_string(),
        notification: Uuid::now_v7().to_string(),
        template: Uuid::now_v7().to_string(),
        feedback: Uuid::now_v7().to_string(),
        brain: Uuid::now_v7().to_string(),
        retained: operations::retained::Retained::nowhere(),
    }
}

#[tokio::test]
async fn be_4_every_operation_declares_its_permission_and_refuses_unknown_fields() {
    let document = document();
    for operation in operations(&document) {
        let name = operation.name();
        let open = operation.permission().is_none();
        assert_eq!(open, FOR_STRANGERS.contains(&name.as_str()), "{name}: only the way in is open to strangers");
        let Some((schema_name, schema)) = operation.body_schema(&document) else {
            let bytes = operation.about["requestBody"]["content"].get("application/octet-stream").is_some();
            assert!(bytes || operation.about.get("requestBody").is_none(), "{name}: the body's schema has a name");
            continue;
        };
        assert_eq!(schema["additionalProperties"], json!(false), "{name}: {schema_name} accepts unknown fields");
    }
}

#[test]
fn be_4_every_reference_of_the_document_is_defined_in_it() {
    let document = document();
    let text = document.to_string();
    let references = text.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap());
    let missing: Vec<&str> = references.filter(|place| document.pointer(place).is_none()).collect();
    assert!(missing.is_empty(), "not defined: {missing:?}");
}

#[test]
fn be_1_the_committed_openapi_document_is_the_one_that_is_served() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.json");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let generated = format!("{}\n", magfin_api::openapi::document().to_pretty_json().unwrap());
    assert!(committed == generated, "openapi.json is stale: run `cargo xtask openapi` and commit what it writes");
}

#[tokio::test]
async fn au_3_every_operation_works_for_its_own_firm() {
    let (t, document) = (TestApp::start().await, document());
    let s = subject(&t, &t.a, Who::Will, "will").await;
    // What is removed for good comes last, and so does a brain file, of which nothing but its versions is left to be asked for.
    let (last, first): (Vec<Operation>, Vec<Operation>) = operations(&document)
        .into_iter()
        .partition(|o| o.method == "DELETE" && !FACTS.contains(&o.table().as_str()) || o.path.ends_with("/remove"));
    for operation in first.iter().chain(&last).filter(|o| o.permission().is_some()) {
        // A session of its own, because one of the operations ends it.
        let call = t.browser(&t.a, Who::Priya).await;
        let mut body = operation.body(&document, &s);
        let seen = if operation.path.ends_with("/remove") { "seen" } else { "version" };
        if let Some(seen) = body.as_mut().and_then(|b| b.get_mut(seen)) {
            *seen = version(&t, operation, &s).await;
        }
        let address = operation.address(&s);
        let answer = match body {
            Some(body) => call.json(&operation.method, &address, &body).await,
            None => operation.send_plain(&call, &address).await,
        };
        assert!(answer.status.is_success(), "{}: {} {}", operation.name(), answer.status, answer.text());
        if operation.method == "DELETE" && FACTS.contains(&operation.table().as_str()) {
            let back = call.send("POST", &format!("{address}/restore"), String::new()).await;
            assert_eq!(back.status, 200, "{}", back.text());
        }
    }
}

#[tokio::test]
async fn au_1_nobody_without_a_live_session_gets_anywhere() {
    let (t, document) = (TestApp::start().await, document());
    let s = subject(&t, &t.a, Who::Will, "will").await;
    let (ended, expired) = (t.sign_in(&t.a, Who::Priya).await, t.sign_in(&t.a, Who::Priya).await);
    let left = t.with_session(&ended).send("POST", "/api/auth/logout", String::new()).await;
    assert_eq!(left.status, 204);
    let before = state(&t).await;
    t.pass(13 * 3600);
    let unknown = "mfs_0000000000000000000000000000000000000000000".into();
    let callers = [
        ("no session", t.stranger()),
        ("an unknown session", t.with_session(&unknown)),
        ("an ended session", t.with_session(&ended)),
        ("an expired session", t.with_session(&expired)),
        ("an unknown key", t.stranger().bearer(&unknown)),
        ("an empty key beside a session", t.with_session(&expired).header("authorization", "Basic eDp5")),
    ];
    for operation in operations(&document).iter().filter(|o| o.permission().is_some()) {
        for (who, call) in &callers {
            let answer = send(call, operation, &document, &s).await;
            assert_eq!(answer.status, 401, "{} with {who}: {}", operation.name(), answer.text());
            let _ = answer.problem(401, "unauthenticated");
        }
    }
    assert_eq!(state(&t).await, before, "a refused request changed something");
}

#[tokio::test]
async fn au_3_foreign_and_unknown_rows_are_404_with_the_same_body() {
    let (t, document) = (TestApp::start().await, document());
    let s = subject(&t, &t.a, Who::Will, "will").await;
    let unknown = nowhere(&s);
    let before = state(&t).await;
    let strangers =
        [("another firm's admin", t.browser(&t.b, Who::Priya).await), ("another team's advisor", t.browser(&t.a, Who::Evan).await)];
    for operation in operations(&document).iter().filter(|o| o.names_a_row()) {
        for (who, call) in &strangers {
            if *who == "another team's advisor" && !Role::Advisor.may(operation.permission().unwrap()) {
                continue;
            }
            let foreign = send(call, operation, &document, &s).await;
            assert_eq!(foreign.status, 404, "{} by {who}: {}", operation.name(), foreign.text());
            let _ = foreign.problem(404, "not_found");
            let nobodys = send(call, operation, &document, &unknown).await;
            assert_eq!((nobodys.status, plain(&nobodys)), (foreign.status, plain(&foreign)), "{} by {who}", operation.name());
        }
    }
    assert_eq!(state(&t).await, before, "a refused request changed something");
}

/// The own body with one field that names the target's row instead of an own one.
fn pointing(own: &Value, field: &str, target: &Subject) -> Value {
    let mut body = own.clone();
    let map = body.as_object_mut().unwrap();
    // Where a row is a person, an entity or a name, it must stay exactly one of them.
    if ["person_id", "entity_id"].contains(&field) && !map.contains_key(field) {
        map.retain(|key, _| !["person_id", "name"].contains(&key.as_str()));
    }
    if field == "person_id" {
        map.remove("name");
    }
    // A row is named together with its kind.
    if let Some(kind) = ["source_id", "evidence_id"].contains(&field).then(|| field.replace("_id", "_kind")) {
        map.insert(kind, json!("note"));
    }
    map.insert(field.to_owned(), named_row(field, target));
    body
}

#[tokio::test]
async fn au_3_a_body_that_names_a_foreign_row_is_refused_like_one_that_names_none() {
    let (t, document) = (TestApp::start().await, document());
    let s = subject(&t, &t.a, Who::Will, "will").await;
    let unknown = nowhere(&s);
    let mut attacks = 0;
    for (firm, who, team) in [(&t.b, Who::Will, "will"), (&t.a, Who::Evan, "evan")] {
        let own = subject(&t, firm, who, team).await;
        let call = t.browser(firm, who).await;
        let before = state(&t).await;
        for (operation, field) in pointers(&document) {
            // Colleagues are known to the whole firm.
            if firm.id == t.a.id && ["assignee_id", "owner_id", "author_id"].contains(&field.as_str()) {
                continue;
            }
            let mut body = operation.body(&document, &own).unwrap();
            if body.get("version").is_some() {
                body["version"] = version(&t, &operation, &own).await;
            }
            let address = operation.address(&own);
            let foreign = call.json(&operation.method, &address, &pointing(&body, &field, &s)).await;
            let nobodys = call.json(&operation.method, &address, &pointing(&body, &field, &unknown)).await;
            assert!(
                [404, 422].contains(&foreign.status.as_u16()),
                "{} with {field}: {} {}",
                operation.name(),
                foreign.status,
                foreign.text()
            );
            assert_eq!((foreign.status, plain(&foreign)), (nobodys.status, plain(&nobodys)), "{} with {field}", operation.name());
            attacks += 1;
        }
        assert_eq!(state(&t).await, before, "a refused request changed something");
    }
    assert!(attacks > 40, "{attacks} attacks");
}

/// Every field of a write's body that names a row.
fn pointers(document: &Value) -> Vec<(Operation, String)> {
    let writes = operations(document).into_iter().filter(|o| o.declared() == Some("book.write"));
    let fields = |operation: Operation| {
        let schema = operation.body_schema(document).map_or(Value::Null, |(_, schema)| schema["properties"].clone());
        let names: Vec<String> = schema.as_object().into_iter().flat_map(|map| map.keys().cloned()).collect();
        names
            .into_iter()
            .filter(|name| name.ends_with("_id") && name != "tax_id")
            .map(move |name| (operation.clone(), name))
            .collect::<Vec<_>>()
    };
    writes.flat_map(fields).collect()
}

async fn version(t: &TestApp, operation: &Operation, s: &Subject) -> Value {
    let (table, id) = s.versioned(&operation.table());
    t.db.value(&format!("select version from {table} where id = '{id}'")).await
}

#[tokio::test]
async fn au_8_a_role_without_the_declared_permission_is_refused() {
    let (t, document) = (TestApp::start().await, document());
    let s = subject(&t, &t.a, Who::Will, "will").await;
    let mut calls = Vec::new();
    for role in Role::ALL {
        calls.push((role, t.browser(&t.a, Who::with(role)).await));
        // A key may narrow what its holder may do.
        calls.push((role, t.stranger().bearer(&t.api_key(&t.a, Who::Priya, Some(role)).await)));
    }
    let before = state(&t).await;
    let mut refused = 0;
    for operation in operations(&document) {
        let Some(permission) = operation.permission() else { continue };
        for (role, call) in calls.iter().filter(|(role, _)| !role.may(permission)) {
            let answer = send(call, &operation, &document, &s).await;
            assert_eq!(answer.status, 403, "{} as {role:?}: {}", operation.name(), answer.text());
            let _ = answer.problem(403, "forbidden");
            refused += 1;
        }
    }
    assert!(refused > 200, "{refused} refusals");
    assert_eq!(state(&t).await, before, "a refused request changed something");
}
