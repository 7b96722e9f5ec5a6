//! Sealed values open with a reason and leave a trace; totals open into their parts.

use magfin_testkit::book::Household;
use magfin_testkit::{Call, TestApp, Who};
use serde_json::{Value, json};

async fn reveals(t: &TestApp) -> Vec<Value> {
    t.db.rows("select user_id, entity, entity_id, household_id, detail, request_id from events where kind = 'value.revealed' order by id")
        .await
}

#[tokio::test]
async fn mo_5_a_sealed_value_opens_with_a_reason_that_is_recorded() {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "will").await;
    let call = t.browser(&t.a, Who::Will).await;
    for (noun, field, value) in [
        ("people", "tax_id", "123-45-6789"),
        ("people", "birth_date", "1958-03-14"),
        ("entities", "tax_id", "98-7654321"),
        ("accounts", "number", "8812-7057"),
    ] {
        let request = uuid::Uuid::now_v7().to_string();
        let path = format!("/api/{noun}/{}/reveal", home.row(noun));
        let body = json!({"field": field, "reason": "Form 1099 correction"});
        let opened = call.clone().header("x-request-id", &request).post(&path, &body).await.expect(200);
        assert_eq!(opened, json!({"field": field, "value": value}));
        assert_eq!(
            reveals(&t).await.last().unwrap(),
            &json!({"user_id": t.a.user(Who::Will), "entity": noun, "entity_id": home.row(noun), "household_id": home.id,
                "detail": {"field": field, "reason": "Form 1099 correction"}, "request_id": request})
        );
    }
}

#[tokio::test]
async fn mo_5_without_a_reason_a_right_or_a_trace_nothing_opens() {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "will").await;
    let call = t.browser(&t.a, Who::Will).await;
    let path = format!("/api/people/{}/reveal", home.row("people"));
    for body in [
        json!({"field": "tax_id"}),
        json!({"field": "tax_id", "reason": ""}),
        json!({"field": "tax_id", "reason": "  x  "}),
        json!({"field": "tax_id", "reason": null}),
    ] {
        let _ = call.post(&path, &body).await.problem(422, "invalid");
    }
    let wanted = json!({"field": "tax_id", "reason": "Form 1099 correction"});
    for who in [Who::Rhea, Who::Iggy] {
        let _ = t.browser(&t.a, who).await.post(&path, &wanted).await.problem(403, "forbidden");
    }
    let problem = call.post(&path, &json!({"field": "first_name", "reason": "Form 1099 correction"})).await.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["message"], "must be one of: birth_date, tax_id");
    assert_eq!(reveals(&t).await, Vec::<Value>::new());
    // Where the trace cannot be written, the value stays shut.
    t.db.execute("revoke insert on events from magfin_app").await;
    let refused = call.post(&path, &wanted).await;
    assert!(!refused.status.is_success() && !refused.text().contains("6789"), "{}", refused.text());
}

#[tokio::test]
async fn mo_1_sealed_values_are_masked_wherever_a_row_is_shown() {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "will").await;
    let call = t.browser(&t.a, Who::Will).await;
    let record = call.get(&format!("/api/households/{}", home.id)).await;
    let person = &record.json()["people"][0]["person"].clone();
    assert_eq!(
        (&person["tax_id"]["masked"], &person["birth_date"]["masked"], &person["birth_date"]["age"]),
        (&json!("••••6789"), &json!("•• ••• 1958"), &json!(68))
    );
    let renamed = call.patch(&format!("/api/people/{}", home.row("people")), &json!({"version": 1, "suffix": "Jr."})).await;
    for secret in ["123-45-6789", "1958-03-14", "98-7654321", "8812-7057"] {
        assert!(!record.text().contains(secret) && !renamed.text().contains(secret), "{secret}");
    }
    assert_eq!(renamed.json()["tax_id"]["masked"], "••••6789");
    let stored =
        t.db.value("select string_agg(to_jsonb(p)::text || to_jsonb(a)::text || to_jsonb(e)::text, '') from people p, accounts a, edits e")
            .await;
    for secret in ["123-45-6789", "1958-03-14", "8812-7057"] {
        assert!(!stored.as_str().unwrap().contains(secret), "{secret} stands in the database");
    }
}

async fn account(call: &Call, home: &Household, account: Value, balances: &[Value]) {
    let made = call.post(&format!("/api/households/{}/accounts", home.id), &account).await.expect(201);
    for balance in balances {
        let mut body = balance.clone();
        body["account_id"] = made["id"].clone();
        let _ = call.post(&format!("/api/households/{}/balances", home.id), &body).await.expect(201);
    }
}

#[tokio::test]
async fn st_1_totals_open_into_parts_and_list_what_is_left_out() {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "will").await;
    let call = t.browser(&t.a, Who::Will).await;
    let usd = |amount: &str, day: &str| json!({"amount": amount, "as_of": day});
    account(&call, &home, json!({"name": "IRA", "source": "linked"}), &[usd("0.10", "2026-01-31"), usd("0.20", "2026-02-28")]).await;
    account(&call, &home, json!({"name": "401k"}), &[usd("99.99", "2026-01-15")]).await;
    account(&call, &home, json!({"name": "Empty", "source": "linked"}), &[]).await;
    account(&call, &home, json!({"name": "Unknown", "source": "linked"}), &[json!({"as_of": "2026-02-28"})]).await;
    account(&call, &home, json!({"name": "Closed", "source": "linked", "closed_on": "2026-01-01"}), &[usd("5", "2025-12-31")]).await;
    account(&call, &home, json!({"name": "Swiss", "source": "linked"}), &[json!({"amount": "7", "currency": "CHF"})]).await;
    let totals = call.get(&format!("/api/households/{}/totals", home.id)).await.expect(200);
    assert_eq!(
        (&totals["aum_usd"], &totals["held_away_usd"], &totals["liabilities_usd"]),
        (&json!("1250000.45"), &json!("99.99"), &json!("310000.00"))
    );
    assert_eq!(totals["oldest_as_of"], "2026-01-15");
    let of = |list: &str, field: &str| -> Vec<(Value, Value)> {
        let mut all: Vec<_> = totals[list].as_array().unwrap().iter().map(|part| (part["name"].clone(), part[field].clone())).collect();
        all.sort_by_key(|(name, _)| name.to_string());
        all
    };
    let pairs = |all: &[(&str, &str)]| -> Vec<(Value, Value)> { all.iter().map(|(a, b)| (json!(a), json!(b))).collect() };
    assert_eq!(of("parts", "amount"), pairs(&[("401k", "99.99"), ("IRA", "0.20"), ("Joint brokerage", "1250000.25")]));
    assert_eq!(
        of("left_out", "reason"),
        pairs(&[
            ("Closed", "the account is closed"),
            ("Empty", "no balance has been recorded"),
            ("Swiss", "other currencies are not added to US dollars"),
            ("Unknown", "the balance is unknown, which is not zero"),
        ])
    );
    // The list and the record say the same.
    let line = call.get("/api/households").await.expect(200)["items"][0].clone();
    assert_eq!((&line["aum_usd"], &line["held_away_usd"]), (&totals["aum_usd"], &totals["held_away_usd"]));
    assert_eq!(call.get(&format!("/api/households/{}", home.id)).await.expect(200)["totals"], totals);
}
