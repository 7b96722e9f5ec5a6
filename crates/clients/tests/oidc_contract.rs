//! Every published case of portal sign-in: ID tokens, callbacks, discovery documents.

use crate::common::contract::{Verdict, compare, contract};
use jiff::Timestamp;
use magfin_clients::http::{Answer, Transport};
use magfin_clients::jwks::KeySet;
use magfin_clients::oidc::{callback, discovery, id_token};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IdTokens {
    #[serde(rename = "about")]
    _about: String,
    now: i64,
    clock_tolerance_s: f64,
    issuer: String,
    client_id: String,
    expected_nonce: SecretString,
    access_token: SecretString,
    signing_alg: String,
    jwks: Value,
    cases: Vec<IdTokenCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IdTokenCase {
    id: String,
    id_token: String,
    #[serde(rename = "notes")]
    _notes: String,
    official: Verdict,
    #[serde(rename = "official_reason")]
    _official_reason: Option<String>,
    ours: Option<Verdict>,
}

#[test]
fn au_1_every_published_id_token_gets_its_verdict() {
    let Some(file) = contract::<IdTokens>("oidc/id-token-vectors.json") else {
        return;
    };
    assert_eq!(file.signing_alg, "RS256", "the adapter is registered for RS256 alone");
    let keys = KeySet::parse(file.jwks.to_string().as_bytes()).unwrap();
    let expected = id_token::Expected {
        issuer: &file.issuer,
        client_id: &file.client_id,
        nonce: &file.expected_nonce,
        access_token: Some(&file.access_token),
        authenticated_since: None,
        expiry_leeway_s: file.clock_tolerance_s,
        future_leeway_s: file.clock_tolerance_s,
    };
    let now = Timestamp::from_second(file.now).unwrap();
    compare(file.cases.into_iter().map(|case| {
        let verdict = id_token::validate(&case.id_token, &keys, &expected, now);
        if let Ok(identity) = &verdict {
            assert_eq!(identity.issuer, file.issuer);
            assert!(!identity.subject.is_empty());
        }
        (case.id, case.ours.unwrap_or(case.official), verdict.map(drop).map_err(|e| e.to_string()))
    }));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Callbacks {
    #[serde(rename = "about")]
    _about: String,
    cases: Vec<CallbackCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CallbackCase {
    id: String,
    query: String,
    expected_state: SecretString,
    issuer: String,
    iss_parameter_supported: bool,
    #[serde(rename = "notes")]
    _notes: String,
    official: Verdict,
    #[serde(rename = "official_reason")]
    _official_reason: Option<String>,
    ours: Option<Verdict>,
}

#[test]
fn au_6_every_published_callback_gets_its_verdict() {
    let Some(file) = contract::<Callbacks>("oidc/callback-cases.json") else {
        return;
    };
    compare(file.cases.into_iter().map(|case| {
        let expected =
            callback::Expected { state: &case.expected_state, issuer: &case.issuer, issuer_announced: case.iss_parameter_supported };
        let verdict = callback::validate(&case.query, &expected).map(drop).map_err(|e| e.to_string());
        (case.id, case.ours.unwrap_or(case.official), verdict)
    }));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Documents {
    #[serde(rename = "about")]
    _about: String,
    cases: Vec<DocumentCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentCase {
    id: String,
    expected_issuer: String,
    status: u16,
    content_type: String,
    document: Value,
    #[serde(rename = "notes")]
    _notes: String,
    official: Verdict,
    #[serde(rename = "official_reason")]
    _official_reason: Option<String>,
    ours: Option<Verdict>,
}

#[test]
fn au_6_every_published_discovery_document_gets_its_verdict_even_where_loopback_http_is_allowed() {
    let Some(file) = contract::<Documents>("oidc/discovery-cases.json") else {
        return;
    };
    compare(file.cases.into_iter().flat_map(|case| {
        let body = case.document.as_str().map_or_else(|| case.document.to_string(), str::to_owned).into_bytes();
        let answer = Answer { status: case.status, media_type: case.content_type, body };
        let wanted = case.ours.unwrap_or(case.official);
        [Transport::HttpsOnly, Transport::LoopbackHttp].map(|transport| {
            let verdict = discovery::validate(&answer, &case.expected_issuer, transport);
            (case.id.clone(), wanted, verdict.map(drop).map_err(|e| e.to_string()))
        })
    }));
}
