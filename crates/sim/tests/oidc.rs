//! The simulated provider is as strict as a real one.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use magfin_sim::oidc::{Config, Handle, Memory, Person, start};
use magfin_sim::{Clock, SimError};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use tokio::net::TcpListener;

const REDIRECT_URI: &str = "http://127.0.0.1:9/callback";
const SIGNED_OUT_URI: &str = "http://127.0.0.1:9/signed-out";
// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn config() -> Config {
    let clock: Clock = Arc::new(|| Timestamp::from_second(1_760_000_000).unwrap());
    let person = |sub: &str, name: &str| Person {
        sub: sub.into(),
        name: name.into(),
        email: format!("{sub}@example.test"),
        note: "Sees <everything> & more".into(),
    };
    Config {
        client_id: "crm".into(),
        client_secret: "secret".into(),
        redirect_uris: vec![REDIRECT_URI.into()],
        post_logout_redirect_uris: vec![SIGNED_OUT_URI.into()],
        people: vec![person("ada", "Ada"), person("bob", "Bob \"the <b>bold</b>\"")],
        clock,
        test_controls: false,
    }
}

async fn provider(config: Config) -> (Handle, Client) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
    (start(listener, config).unwrap(), client)
}

fn request() -> Vec<(&'static str, &'static str)> {
    vec![
        ("client_id", "crm"),
        ("redirect_uri", REDIRECT_URI),
        ("response_type", "code"),
        ("scope", "openid"),
        ("state", "st"),
        ("nonce", "n"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]
}

fn with(name: &'static str, value: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut changed = request();
    changed.retain(|(known, _)| *known != name);
    changed.push((name, value));
    changed
}

async fn authorize(provider: &Handle, client: &Client, query: &[(&str, &str)]) -> Response {
    client.get(format!("{}/authorize", provider.issuer)).query(query).send().await.unwrap()
}

fn location(response: &Response) -> &str {
    response.headers()["location"].to_str().unwrap()
}

async fn code(provider: &Handle, client: &Client) -> String {
    let form = with("sub", "ada");
    let response = client.post(format!("{}/authorize", provider.issuer)).form(&form).send().await.unwrap();
    assert_eq!(response.status(), 303);
    let (_, query) = location(&response).split_once('?').unwrap();
    form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "code").unwrap().1.into_owned()
}

async fn exchange(provider: &Handle, client: &Client, secret: &str, form: &[(&str, &str)]) -> (u16, String) {
    let request = client.post(format!("{}/token", provider.issuer)).basic_auth("crm", Some(secret)).form(form);
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

fn good(code: &str) -> Vec<(&str, &str)> {
    vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", REDIRECT_URI), ("code_verifier", VERIFIER)]
}

#[tokio::test]
async fn page_is_labelled_as_simulated_lists_everyone_and_escapes_every_value() {
    let (provider, client) = provider(config()).await;
    let response = authorize(&provider, &client, &with("state", "\"><script>")).await;
    assert_eq!(response.status(), 200);
    let policy = response.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'"));
    let page = response.text().await.unwrap();
    assert!(page.contains("<h1>Simulated identity provider</h1>"));
    assert!(page.contains("value=\"ada\"") && page.contains("bob@example.test"));
    assert!(page.contains("&lt;everything&gt; &amp; more") && page.contains("&lt;b&gt;bold"));
    assert!(!page.contains("<script") && !page.contains("<b>"));
    let style = client.get(format!("{}/style.css", provider.issuer)).send().await.unwrap().text().await.unwrap();
    assert!(style.contains("prefers-color-scheme: dark"));
}

#[tokio::test]
async fn unknown_client_or_redirect_uri_never_redirects() {
    let (provider, client) = provider(config()).await;
    let cases = [
        with("client_id", "other"),
        with("redirect_uri", "http://127.0.0.1:9/callback/"),
        with("redirect_uri", "http://127.0.0.1:9/callback?x=1"),
        with("redirect_uri", "https://evil.example/callback"),
        [request(), vec![("redirect_uri", "https://evil.example")]].concat(),
    ];
    for query in cases {
        let response = authorize(&provider, &client, &query).await;
        assert_eq!(response.status(), 400, "{query:?}");
        assert!(!response.headers().contains_key("location"));
    }
}

#[tokio::test]
async fn request_without_pkce_s256_or_openid_is_sent_back_with_an_error() {
    let (provider, client) = provider(config()).await;
    let cases = [
        (with("code_challenge_method", "plain"), "invalid_request"),
        (with("code_challenge", ""), "invalid_request"),
        (with("scope", "email"), "invalid_scope"),
        (with("response_type", "token"), "unsupported_response_type"),
    ];
    for (query, error) in cases {
        let response = authorize(&provider, &client, &query).await;
        let back = location(&response);
        assert!(back.starts_with(&format!("{REDIRECT_URI}?error={error}&")) && back.contains("state=st"), "{back}");
    }
}

#[tokio::test]
async fn code_is_exchanged_once() {
    let (provider, client) = provider(config()).await;
    let code = code(&provider, &client).await;
    let (status, body) = exchange(&provider, &client, "secret", &good(&code)).await;
    assert_eq!(status, 200, "{body}");
    assert!(body.contains("\"id_token\""));
    let replayed = exchange(&provider, &client, "secret", &good(&code)).await;
    assert_eq!(replayed, (400, r#"{"error":"invalid_grant"}"#.to_owned()));
}

#[tokio::test]
async fn code_needs_its_verifier_its_redirect_uri_and_the_client_secret() {
    let (provider, client) = provider(config()).await;
    for (name, value) in [("code_verifier", CHALLENGE), ("redirect_uri", "http://127.0.0.1:9/other")] {
        let code = code(&provider, &client).await;
        let mut form = good(&code);
        form.retain(|(known, _)| *known != name);
        form.push((name, value));
        assert_eq!(exchange(&provider, &client, "secret", &form).await.0, 400, "{name}");
    }
    let code = code(&provider, &client).await;
    let refused = exchange(&provider, &client, "wrong", &good(&code)).await;
    assert_eq!(refused, (401, r#"{"error":"invalid_client"}"#.to_owned()));
    assert_eq!(exchange(&provider, &client, "secret", &good(&code)).await.0, 200);
}

#[tokio::test]
async fn test_controls_are_closed_unless_asked_for() {
    let (closed, client) = provider(config()).await;
    let rotate = |issuer: &str| client.post(format!("{issuer}/test/rotate")).send();
    assert_eq!(rotate(&closed.issuer).await.unwrap().status(), 404);
    let (open, _) = provider(Config { test_controls: true, ..config() }).await;
    assert_eq!(rotate(&open.issuer).await.unwrap().status(), 204);
    let jwks = |issuer: String| async { client.get(issuer + "/jwks").send().await.unwrap() };
    let keys = jwks(open.issuer.clone()).await.text().await.unwrap();
    assert!(keys.contains("sim-1") && keys.contains("sim-2"));
    client.post(format!("{}/test/outage/jwks", open.issuer)).send().await.unwrap();
    assert_eq!(jwks(open.issuer.clone()).await.status(), 503);
    client.post(format!("{}/test/outage/none", open.issuer)).send().await.unwrap();
    assert_eq!(jwks(open.issuer.clone()).await.status(), 200);
}

#[tokio::test]
async fn listener_that_others_can_reach_is_refused() {
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    assert!(matches!(start(listener, config()), Err(SimError::NotLoopback)));
}

#[tokio::test]
async fn au_7_prompt_login_and_max_age_ask_the_person_again_and_auth_time_says_when() {
    let (provider, client) = provider(config()).await;
    provider.set_memory(Memory { signed_in_ago_s: 7200, deaf: false });
    let auth_time = |more: Vec<(&'static str, &'static str)>| {
        let (provider, client) = (&provider, &client);
        async move {
            let form = [with("sub", "ada"), more].concat();
            let response = client.post(format!("{}/authorize", provider.issuer)).form(&form).send().await.unwrap();
            let code = location(&response).split_once("code=").unwrap().1.split('&').next().unwrap().to_owned();
            let (status, body) = exchange(provider, client, "secret", &good(&code)).await;
            assert_eq!(status, 200, "{body}");
            let tokens: serde_json::Value = serde_json::from_str(&body).unwrap();
            let claims = tokens["id_token"].as_str().unwrap().split('.').nth(1).unwrap().to_owned();
            let claims: serde_json::Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
            1_760_000_000 - claims["auth_time"].as_i64().unwrap()
        }
    };
    assert_eq!(auth_time(vec![]).await, 7200);
    provider.set_memory(Memory::default());
    assert_eq!((auth_time(vec![]).await, auth_time(vec![("remembered", "1")]).await), (0, 3600));
    assert_eq!(auth_time(vec![("remembered", "1"), ("prompt", "login")]).await, 0);
    provider.set_memory(Memory { signed_in_ago_s: 7200, deaf: false });
    assert_eq!(auth_time(vec![("max_age", "10000")]).await, 7200);
    assert_eq!(auth_time(vec![("max_age", "0")]).await, 0);
    assert_eq!(auth_time(vec![("prompt", "login consent")]).await, 0);
    provider.set_memory(Memory { signed_in_ago_s: 7200, deaf: true });
    assert_eq!(auth_time(vec![("prompt", "login"), ("max_age", "0")]).await, 7200);
    let silent = authorize(&provider, &client, &with("prompt", "none")).await;
    assert!(location(&silent).contains("error=login_required"), "{}", location(&silent));
}

#[tokio::test]
async fn au_7_signing_out_leads_back_to_a_registered_address_and_nowhere_else() {
    let (provider, client) = provider(config()).await;
    let end = |query: Vec<(&'static str, &'static str)>| client.get(format!("{}/end-session", provider.issuer)).query(&query).send();
    let back = end(vec![("client_id", "crm"), ("post_logout_redirect_uri", SIGNED_OUT_URI)]).await.unwrap();
    assert_eq!((back.status().as_u16(), location(&back)), (303, SIGNED_OUT_URI));
    for query in [
        vec![("client_id", "crm"), ("post_logout_redirect_uri", "https://evil.example/")],
        vec![("client_id", "other"), ("post_logout_redirect_uri", SIGNED_OUT_URI)],
        vec![("post_logout_redirect_uri", SIGNED_OUT_URI)],
        vec![],
    ] {
        let refused = end(query.clone()).await.unwrap();
        assert!(refused.status() == 400 && !refused.headers().contains_key("location"), "{query:?}");
    }
}

#[tokio::test]
async fn somebody_who_is_not_on_the_list_signs_in_by_the_name_that_was_typed() {
    let (provider, client) = provider(config()).await;
    let choose = |name: &'static str| client.post(format!("{}/authorize", provider.issuer)).form(&with("guest", name)).send();
    assert!(location(&choose("Nora Blake").await.unwrap()).contains("code="));
    for bad in ["", "   ", "a\u{7}b"] {
        assert_eq!(choose(bad).await.unwrap().status(), 400, "{bad:?}");
    }
}
