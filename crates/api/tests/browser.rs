//! What protects a browser: headers of every answer, CORS, the origin of changes, the cookie.

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use magfin_api::{Api, Settings, layers};
use magfin_testkit::{Answer, TestApp, Who};
use serde_json::json;

async fn panics() -> &'static str {
    panic!("Ellen Whitfield 123-45-6789")
}

/// The layers of the product around one route that panics.
fn panicking(t: &TestApp) -> Router {
    let api = Api { app: Arc::clone(&t.app), settings: Arc::new(t.settings.clone()) };
    layers::wrap(Router::new().route("/api/panic", get(panics)), &api).with_state(api)
}

fn check_headers(what: &str, answer: &Answer) {
    let csp = answer.header("content-security-policy");
    for part in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
        assert!(csp.contains(part), "{what}: {part} in {csp}");
    }
    for loose in ["unsafe", "*", "http:", "https:", "blob:"] {
        assert!(!csp.contains(loose), "{what}: {loose} in {csp}");
    }
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "no-store"),
        ("strict-transport-security", "max-age=31536000; includeSubDomains"),
    ] {
        assert_eq!(answer.header(name), value, "{what}: {name}");
    }
    assert_eq!(answer.header("x-request-id").len(), 36, "{what}");
}

#[tokio::test]
async fn be_4_every_answer_carries_the_security_headers_whatever_its_status() {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "will").await;
    let will = t.browser(&t.a, Who::Will).await;
    let path = format!("/api/households/{}", home.id);
    let json = will.clone().header("content-type", "application/json");
    for (what, status, answer) in [
        ("an answer", 200, will.get("/api/me").await),
        ("the document", 200, t.stranger().get("/api/openapi.json").await),
        ("nothing there", 404, t.stranger().get("/api/nothing").await),
        ("a stranger", 401, t.stranger().get("/api/me").await),
        ("a foreign page", 403, will.clone().header("origin", "https://evil.example").delete(&path).await),
        ("another method", 405, will.send("PUT", &path, String::new()).await),
        ("not JSON", 415, will.send("PATCH", &path, "x").await),
        ("broken JSON", 400, json.send("PATCH", &path, "{").await),
        ("a refused field", 422, json.send("PATCH", &path, "{}").await),
        ("too large", 413, json.send("PATCH", &path, vec![b' '; 1_048_577]).await),
        ("not available", 303, t.stranger().get("/api/auth/login").await),
        ("a preflight", 200, will.send("OPTIONS", &path, String::new()).await),
        ("a panic", 500, will.clone().on(&panicking(&t)).get("/api/panic").await),
    ] {
        if what != "a preflight" {
            assert_eq!(answer.status.as_u16(), status, "{what}: {}", answer.text());
        }
        check_headers(what, &answer);
    }
}

#[tokio::test]
async fn be_4_a_panic_is_answered_with_a_problem_that_says_nothing_about_it() {
    let t = TestApp::start().await;
    let answer = t.stranger().on(&panicking(&t)).get("/api/panic").await;
    let _ = answer.problem(500, "internal");
    assert!(!answer.text().contains("Whitfield") && !answer.text().contains("6789"));
}

#[tokio::test]
async fn be_3_only_the_exact_origins_on_the_list_may_read_answers() {
    let t = TestApp::start().await;
    let will = t.browser(&t.a, Who::Will).await;
    let allowed = will.clone().header("origin", "https://portal.example").get("/api/me").await;
    assert_eq!(allowed.header("access-control-allow-origin"), "https://portal.example");
    assert_eq!(allowed.header("access-control-allow-credentials"), "true");
    for origin in [
        "null",
        "*",
        "https://evil.example",
        "https://portal.example.evil.example",
        "https://evilportal.example",
        "http://portal.example",
        "https://portal.example:8443",
        "https://portal.example/",
        "HTTPS://PORTAL.EXAMPLE",
        "https://sub.portal.example",
    ] {
        let answer = will.clone().header("origin", origin).get("/api/me").await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{origin}");
        let preflight = t
            .stranger()
            .header("origin", origin)
            .header("access-control-request-method", "PATCH")
            .send("OPTIONS", "/api/me", String::new())
            .await;
        assert_eq!(preflight.header("access-control-allow-origin"), "", "{origin}");
    }
}

/// The product with a list of origins that somebody got wrong.
fn careless(t: &TestApp) -> Router {
    let settings =
        Settings { allowed_origins: vec!["null".to_owned(), "*".to_owned(), "https://*.example".to_owned()], ..t.settings.clone() };
    magfin_api::router(Api { app: Arc::clone(&t.app), settings: Arc::new(settings) })
}

#[tokio::test]
async fn be_3_null_and_wildcards_on_the_list_open_nothing() {
    let t = TestApp::start().await;
    let call = t.browser(&t.a, Who::Will).await.on(&careless(&t));
    for origin in ["null", "*", "https://evil.example"] {
        let call = call.clone().header("origin", origin);
        assert_eq!(call.get("/api/me").await.header("access-control-allow-origin"), "", "{origin}");
        let _ = call.post("/api/tasks", &json!({"title": "Forged"})).await.problem(403, "forbidden");
    }
}

#[tokio::test]
async fn be_3_a_change_from_a_foreign_page_is_refused() {
    let t = TestApp::start().await;
    let will = t.browser(&t.a, Who::Will).await;
    let forged = json!({"title": "Forged"});
    for origin in
        ["https://evil.example", "null", "https://crm.example.evil.example", "https://evil.example#crm.example", "crm.example", ""]
    {
        let _ = will.clone().header("origin", origin).post("/api/tasks", &forged).await.problem(403, "forbidden");
    }
    let silent = will.clone().without("origin");
    for site in ["cross-site", "same-site"] {
        let _ = silent.clone().header("sec-fetch-site", site).post("/api/tasks", &forged).await.problem(403, "forbidden");
    }
    assert_eq!(t.db.value("select count(*) from tasks").await, 0);
    let own = json!({"title": "Mine"});
    let _ = will.post("/api/tasks", &own).await.expect(201);
    let _ = will.clone().header("origin", "https://portal.example").post("/api/tasks", &own).await.expect(201);
    let _ = silent.header("sec-fetch-site", "same-origin").post("/api/tasks", &own).await.expect(201);
    // A key is sent on purpose, by whatever page: no browser adds it by itself.
    let key = t.stranger().bearer(&t.api_key(&t.a, Who::Will, None).await).header("origin", "https://evil.example");
    let _ = key.post("/api/tasks", &own).await.expect(201);
}

#[tokio::test]
async fn au_7_the_cookie_is_bound_to_this_host_and_hidden_from_scripts() {
    let t = TestApp::start().await;
    let will = t.browser(&t.a, Who::Will).await;
    let left = will.send("POST", "/api/auth/logout", String::new()).await;
    assert_eq!(left.status, 204);
    let cookie = left.header("set-cookie");
    assert!(cookie.starts_with("__Host-magfin="), "{cookie}");
    for part in ["HttpOnly", "Secure", "Path=/", "SameSite=Lax"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
}
