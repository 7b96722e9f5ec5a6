//! Personal data pushed through every endpoint, by every way in, into every error: none of it reaches a log, a metric or a
//! problem document.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "common/canary.rs"]
mod canary;
#[path = "common/operations.rs"]
mod operations;

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::post;
use canary::{Canaries, LOOKS, Look, leaks, percent_encoded};
use magfin_api::{Api, layers};
use magfin_testkit::book::FACTS;
use magfin_testkit::{Answer, Call, TestApp, Who};
use operations::{Operation, Subject, document, operations, subject};
use serde_json::{Map, Value, json};
use tracing_subscriber::fmt::format::FmtSpan;

/// Where log lines go.
#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Captured {
    /// Logs everything of everybody at the finest level, with all spans, as the product writes it and more.
    fn start() -> Self {
        let captured = Self::default();
        let writer = captured.clone();
        tracing_subscriber::fmt()
            .json()
            .with_current_span(true)
            .with_span_list(true)
            .with_span_events(FmtSpan::NEW | FmtSpan::CLOSE)
            .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
            .with_writer(move || writer.clone())
            .init();
        captured
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

/// The value that a field would hold, with a canary wherever text fits.
fn planted(document: &Value, field: &str, schema: &Value, c: &Canaries, s: &Subject) -> Value {
    let plain = operations::sample(document, field, schema, s);
    match (field, &plain) {
        ("tax_id", _) => json!(c.next(Look::TaxId)),
        ("number", _) => json!(c.next(Look::Account)),
        ("email", _) => json!(c.next(Look::Email)),
        ("phone" | "value", _) => json!(c.next(Look::Phone)),
        ("birth_date", _) => json!("1958-03-14"),
        ("body" | "story" | "text" | "title" | "reason", _) => json!(c.next(Look::Text)),
        ("native_name" | "first_name" | "label", _) => json!(c.next(Look::Unusual)),
        (_, Value::String(text)) if text == "Something" => json!(c.next(Look::Name)),
        ("tags", _) => json!([c.next(Look::Name)]),
        _ => plain,
    }
}

/// A valid body in which every text is a canary.
fn full(operation: &Operation, document: &Value, c: &Canaries, s: &Subject) -> Option<Value> {
    let (_, schema) = operation.body_schema(document)?;
    let mut body = operation.body(document, s)?;
    let map = body.as_object_mut()?;
    let table = operation.path.rsplit('/').next().unwrap_or_default();
    for (field, about) in schema["properties"].as_object()? {
        // Which of a person, an entity and a name is meant stays as it is.
        let settled = field.ends_with("_id")
            || field.ends_with("_on")
            || ["version", "role", "kind", "field", "since", "until", "deceased"].contains(&field.as_str());
        let named = field == "name" && ["account-owners", "entity-roles"].contains(&table);
        if !settled && !named {
            map.insert(field.clone(), planted(document, field, about, c, s));
        }
    }
    Some(body)
}

async fn with_version(t: &TestApp, operation: &Operation, s: &Subject, mut body: Value) -> Value {
    if body.get("version").is_some() {
        let (table, id) = s.versioned(&operation.table());
        body["version"] = t.db.value(&format!("select version from {table} where id = '{id}'")).await;
    }
    body
}

/// Counts answers, and looks into every problem.
#[derive(Default)]
struct Seen {
    answers: usize,
    accepted: usize,
    leaks: Vec<String>,
}

impl Seen {
    fn look(&mut self, what: &str, answer: &Answer) {
        self.answers += 1;
        self.accepted += usize::from(answer.status.is_success());
        if answer.header("content-type") != "application/problem+json" {
            return;
        }
        let mut problem = answer.json();
        // A conflict shows both values to those who may see them; an unknown field is named to whoever sent it.
        let unknown = problem["errors"][0]["message"].as_str().is_some_and(|m| m.starts_with("is not a field here"));
        if let Some(map) = problem.as_object_mut() {
            map.remove("conflicts");
            if unknown {
                map.retain(|key, _| !["errors", "detail"].contains(&key.as_str()));
            }
        }
        self.leaks.extend(leaks(&problem.to_string()).into_iter().map(|line| format!("{what}: {line}")));
    }
}

/// Bodies that are wrong in every way.
async fn bodies(t: &TestApp, call: &Call, o: &Operation, d: &Value, c: &Canaries, s: &Subject, seen: &mut Seen) {
    let address = o.address(s);
    if let Some(body) = full(o, d, c, s) {
        let body = with_version(t, o, s, body).await;
        seen.look(&o.name(), &call.json(&o.method, &address, &body).await);
    }
    let Some((_, schema)) = o.body_schema(d) else { return };
    let valid = with_version(t, o, s, o.body(d, s).unwrap()).await;
    for field in schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name) {
        for wrong in
            [json!(c.next(Look::Name)), json!({c.next(Look::Email): 1}), json!([c.next(Look::TaxId)]), json!(c.next(Look::Text).repeat(30))]
        {
            let mut body = valid.clone();
            body[field] = wrong;
            seen.look(&o.name(), &call.json(&o.method, &address, &body).await);
        }
    }
    let mut unknown: Map<String, Value> = valid.as_object().unwrap().clone();
    unknown.insert(c.next(Look::Name), json!(c.next(Look::Phone)));
    seen.look(&o.name(), &call.json(&o.method, &address, &Value::Object(unknown)).await);
    let json = call.clone().header("content-type", "application/json");
    let broken = [
        format!("\"{}\"", c.next(Look::TaxId)).into_bytes(),
        format!("{{\"name\":\"{}", c.next(Look::Name)).into_bytes(),
        format!("{{\"name\":{}}}", c.next(Look::Text)).into_bytes(),
        [c.next(Look::Email).as_bytes(), b"\xff"].concat(),
        format!("{{}} {}", c.next(Look::Account)).into_bytes(),
    ];
    for body in broken {
        seen.look(&o.name(), &json.send(&o.method, &address, body).await);
    }
    let odd = call.clone().raw_header("content-type", c.next(Look::Name).as_bytes());
    seen.look(&o.name(), &odd.send(&o.method, &address, c.next(Look::Text)).await);
}

/// Addresses, queries and methods that hold what does not belong there.
async fn addresses(call: &Call, o: &Operation, c: &Canaries, s: &Subject, seen: &mut Seen) {
    let parts: Vec<&str> = o.path.split('/').collect();
    for (n, part) in parts.iter().enumerate().filter(|(_, part)| part.starts_with('{')) {
        for look in [Look::Name, Look::TaxId, Look::Unusual] {
            let mut own: Vec<String> = o.address(s).split('/').map(str::to_owned).collect();
            own[n] = percent_encoded(&c.next(look));
            seen.look(part, &call.json(&o.method, &own.join("/"), &json!({})).await);
        }
    }
    let named = o.about["parameters"].as_array().into_iter().flatten().filter(|p| p["in"] == "query").filter_map(|p| p["name"].as_str());
    for name in named.chain(["q", "unknown"]) {
        let path = format!("{}?{name}={}", o.address(s), percent_encoded(&c.next(Look::Phone)));
        seen.look(&o.name(), &call.send(&o.method, &path, String::new()).await);
    }
    let path = format!("{}?{}=1", o.address(s), percent_encoded(&c.next(Look::Email)));
    seen.look(&o.name(), &call.send(&o.method, &path, String::new()).await);
    seen.look("a method", &call.send("CNRY-METHOD", &o.address(s), String::new()).await);
    seen.look("nothing there", &call.get(&format!("/api/{}", percent_encoded(&c.next(Look::Name)))).await);
}

/// Headers that hold what does not belong there.
async fn headers(t: &TestApp, call: &Call, o: &Operation, c: &Canaries, s: &Subject, seen: &mut Seen) {
    for name in [
        "x-request-id",
        "idempotency-key",
        "authorization",
        "cookie",
        "origin",
        "host",
        "user-agent",
        "referer",
        "accept",
        "sec-fetch-site",
        "x-forwarded-for",
        "forwarded",
        "traceparent",
    ] {
        let look = LOOKS[c.drawn() % LOOKS.len()];
        let sent = call.clone().raw_header(name, c.next(look).as_bytes());
        seen.look(name, &sent.json(&o.method, &o.address(s), &json!({})).await);
    }
    let bearer = format!("Bearer {}", c.next(Look::Account));
    let cookie = format!("{}={}", t.settings.session_cookie(), c.next(Look::Account));
    for (name, value) in [("authorization", bearer), ("cookie", cookie)] {
        seen.look(name, &t.stranger().raw_header(name, value.as_bytes()).send(&o.method, &o.address(s), String::new()).await);
    }
}

async fn panics(body: String) -> String {
    panic!("{body}")
}

/// Errors of ours: a handler that panics, a database that complains with the row in its message.
async fn defects(t: &TestApp, call: &Call, c: &Canaries, s: &Subject, seen: &mut Seen) {
    let api = Api { app: Arc::clone(&t.app), settings: Arc::new(t.settings.clone()) };
    let router = layers::wrap(Router::new().route("/api/panic", post(panics)), &api).with_state(api);
    for look in LOOKS {
        let answer = call.clone().on(&router).send("POST", "/api/panic", c.next(look)).await;
        assert_eq!(answer.status, 500);
        seen.look("a panic", &answer);
    }
    t.db.execute(
        "create function boom() returns trigger language plpgsql as $$ begin raise warning 'about to keep %', new; raise exception 'cannot keep %', new using errcode = 'XX001', detail = new::text, hint = new::text; end $$;
         create trigger boom before insert on notes for each row execute function boom();
         create trigger boom before insert on people for each row execute function boom();
         alter table tasks add constraint tasks_title_check1 check (title !~ 'Xanzibel') not valid;
         create unique index tasks_title on tasks (firm_id, title) where title = 'CNRY-twice';",
    )
    .await;
    let home = s.home.id;
    for (path, body, status) in [
        ("notes", json!({"body": c.next(Look::Text)}), 500),
        ("people", json!({"first_name": c.next(Look::Name), "tax_id": c.next(Look::TaxId)}), 500),
        ("tasks", json!({"title": c.next(Look::Text)}), 422),
        ("tasks", json!({"title": "CNRY-twice"}), 201),
        ("tasks", json!({"title": "CNRY-twice"}), 409),
    ] {
        let answer = call.post(&format!("/api/households/{home}/{path}"), &body).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
        seen.look(path, &answer);
    }
}

#[tokio::test]
async fn mo_1_no_personal_data_reaches_a_log_a_metric_or_a_problem() {
    let captured = Captured::start();
    let metrics = metrics_exporter_prometheus::PrometheusBuilder::new().install_recorder().unwrap();
    let (t, d, c) = (TestApp::start().await, document(), Canaries::default());
    let s = subject(&t, &t.a, Who::Will, "will").await;
    let mut seen = Seen::default();
    let call = t.browser(&t.a, Who::Priya).await;
    // What ends sessions or hides rows comes last, so that everything else meets a live household.
    let (last, first): (Vec<Operation>, Vec<Operation>) =
        operations(&d).into_iter().partition(|o| o.method == "DELETE" || o.path.ends_with("logout"));
    for o in first.iter().chain(&last) {
        bodies(&t, &call, o, &d, &c, &s, &mut seen).await;
        addresses(&call, o, &c, &s, &mut seen).await;
        headers(&t, &call, o, &c, &s, &mut seen).await;
        if o.method == "DELETE" && FACTS.contains(&o.table().as_str()) {
            call.post(&format!("{}/restore", o.address(&s)), &json!(null)).await;
        }
    }
    defects(&t, &t.browser(&t.a, Who::Will).await, &c, &s, &mut seen).await;
    let (log, metrics) = (captured.text(), metrics.render());
    println!("canaries: {} in {} requests, {} accepted, {} log lines", c.drawn(), seen.answers, seen.accepted, log.lines().count());
    assert!(c.drawn() > 500 && seen.accepted > 100, "{} canaries, {} accepted", c.drawn(), seen.accepted);
    assert!(log.lines().filter(|line| line.contains("\"answered\"")).count() >= seen.answers, "every request is logged");
    assert!(metrics.contains("http_requests_total"), "every request is counted");
    assert_eq!(seen.leaks, Vec::<String>::new(), "in problems");
    assert_eq!(leaks(&metrics), Vec::<String>::new(), "in metrics");
    assert_eq!(leaks(&log), Vec::<String>::new(), "in logs");
}
