//! The household as it was known at a moment: what was answered then is answered now, whatever was learnt since.

use magfin_testkit::{Call, TestApp, Who};
use serde_json::{Value, json};

/// The database's present moment, between one request and the next.
async fn moment(t: &TestApp) -> String {
    let at = t.db.value("select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')").await;
    at.as_str().unwrap().to_owned()
}

/// An answer without the bookkeeping of rows, which is not part of what was known.
fn facts(mut value: Value) -> Value {
    match &mut value {
        Value::Object(map) => {
            map.remove("version");
            map.remove("updated_at");
            map.values_mut().for_each(|v| *v = facts(v.take()));
        }
        Value::Array(all) => all.iter_mut().for_each(|v| *v = facts(v.take())),
        _ => {}
    }
    value
}

async fn record(call: &Call, id: &str) -> Value {
    facts(call.get(&format!("/api/households/{id}")).await.expect(200))
}

#[tokio::test]
async fn hh_2_what_was_recorded_before_a_column_was_there_is_known_with_its_default() {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "shared").await;
    let will = t.browser(&t.a, Who::Will).await;
    let id = home.id.to_string();
    let (at, then) = (moment(&t).await, record(&will, &id).await);
    assert_eq!((&then["tasks"][0]["status"], &then["tasks"][0]["needs_evidence"]), (&json!("todo"), &json!(false)));
    t.db.execute("update edits set new = new - 'status' - 'needs_evidence' where entity = 'tasks' and op = 'create'").await;
    assert_eq!(facts(will.get(&format!("/api/households/{id}?known_at={at}")).await.expect(200)), then);
}

#[tokio::test]
async fn hh_2_the_record_known_at_a_moment_is_the_answer_that_was_given_then() {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "shared").await;
    let will = t.browser(&t.a, Who::Will).await;
    let (id, before_all) = (home.id.to_string(), "2020-01-01T00:00:00Z");
    let mut known = vec![(moment(&t).await, record(&will, &id).await)];
    let member = format!("/api/memberships/{}", home.row("memberships"));
    let changes = [
        ("PATCH", member.clone(), json!({"version": 1, "left_on": "2026-03-01"})),
        ("PATCH", format!("/api/people/{}", home.row("people")), json!({"version": 1, "last_name": "Adler", "tax_id": "987-65-4321"})),
        ("POST", format!("/api/households/{id}/people"), json!({"first_name": "Theo", "role": "spouse"})),
        ("DELETE", format!("/api/goals/{}", home.row("goals")), Value::Null),
        ("PATCH", format!("/api/households/{id}"), json!({"version": 1, "tags": [], "tier": null, "name": "Adler Family"})),
        ("POST", format!("/api/goals/{}/restore", home.row("goals")), Value::Null),
        ("PATCH", format!("/api/accounts/{}", home.row("accounts")), json!({"version": 1, "number": "1111-2222", "custodian": "Fidelity"})),
        ("POST", format!("/api/households/{id}/notes"), json!({"body": "The decree is final."})),
    ];
    for (method, path, body) in changes {
        let answer = will.json(method, &path, &body).await;
        assert!(answer.status.is_success(), "{method} {path}: {}", answer.text());
        known.push((moment(&t).await, record(&will, &id).await));
    }
    for (n, (at, then)) in known.iter().enumerate() {
        let now = facts(will.get(&format!("/api/households/{id}?known_at={at}")).await.expect(200));
        assert_eq!(&now, then, "after change {n}");
        let totals = facts(will.get(&format!("/api/households/{id}/totals?known_at={at}")).await.expect(200));
        assert_eq!(totals, then["totals"], "after change {n}");
    }
    // What was not known then is not there; nor is it for those who may not see it now.
    let _ = will.get(&format!("/api/households/{id}?known_at={before_all}")).await.problem(404, "not_found");
    let at = &known[0].0;
    let evan = t.browser(&t.a, Who::Evan).await;
    let _ = evan.get(&format!("/api/households/{id}?known_at={at}")).await.problem(404, "not_found");
    let _ = will.get(&format!("/api/households/{id}?known_at=yesterday")).await.problem(400, "malformed");
    // The connection that looked back looks at the present again.
    assert_eq!(record(&will, &id).await, known.last().unwrap().1);
}
