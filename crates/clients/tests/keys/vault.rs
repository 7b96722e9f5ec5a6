//! What is asked of Azure Key Vault, and what is done with each answer.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use magfin_clients::keys::{ConfigError, KeyService, KeyServiceError, KeyVault, TRIES, WrappedBy};
use magfin_vault::key::{FirmKey, HouseholdKey};
use magfin_vault::primitive::hkdf_sha256;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::clock::Clock;
use super::kms::too_large;
use super::scripted::Answer;
use super::vault_double::{self, Double, Jwk};
use super::{FIRM, OTHER, household};
use crate::common::contract::contract;

#[derive(Deserialize)]
struct Errors {
    cases: Vec<ErrorCase>,
}

#[derive(Deserialize)]
struct ErrorCase {
    name: String,
    status: u16,
    headers: std::collections::BTreeMap<String, String>,
    body: Value,
    expected: String,
}

impl ErrorCase {
    fn answer(&self) -> Answer {
        let leak = |name: &String| -> &'static str { Box::leak(name.to_lowercase().into_boxed_str()) };
        let headers = self.headers.iter().map(|(name, value)| (leak(name), value.clone())).collect();
        (self.status, headers, self.body.as_str().map_or_else(|| self.body.to_string(), str::to_owned))
    }
}

/// How often the vault was asked with a token.
fn with_token(double: &Double) -> usize {
    double.asked().iter().filter(|asked| asked.token.is_some()).count()
}

#[tokio::test]
async fn br_6_every_published_error_of_a_vault_has_its_published_consequence() {
    let Some(errors) = contract::<Errors>("azure-keyvault/errors.json") else { return };
    assert_eq!(errors.cases.len(), 8);
    for case in errors.cases {
        let (double, clock) = (vault_double::start().await, Clock::new());
        let keys = KeyVault::new(double.config(), clock.clone()).unwrap();
        double.answer_for_ever(Some(case.answer()));
        let outcome = keys.current(FIRM).await;
        let (asked, tokens) = (with_token(&double), double.tokens());
        let (wanted, tries) = match case.expected.as_str() {
            "reauthenticate_once" => (KeyServiceError::Refused, 2),
            "fatal_permission" | "fatal_key_unusable" => (KeyServiceError::Refused, 1),
            _ => (KeyServiceError::Unavailable, TRIES as usize),
        };
        assert_eq!((outcome, asked), (Err(wanted), tries), "{}", case.name);
        assert_eq!(tokens, if case.expected == "reauthenticate_once" { 2 } else { 1 }, "{}", case.name);
        match case.expected.split_once(':') {
            Some(("retry_after", seconds)) => assert_eq!(clock.waits(), [Duration::from_secs(seconds.parse().unwrap()); 3]),
            None if case.expected == "retry_backoff" => clock.waited_by_itself(3),
            _ => assert!(clock.waits().is_empty(), "{}", case.name),
        }
        // The same once: what can be overcome is.
        double.answer_for_ever(None);
        double.answer_next([case.answer()]);
        let overcome = !case.expected.starts_with("fatal");
        assert_eq!(keys.current(FIRM).await.is_ok(), overcome, "{}", case.name);
        double.was_asked_as_it_should_be();
    }
}

#[derive(Deserialize)]
struct Vectors {
    key: Jwk,
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    dek: Option<String>,
    wrapped: String,
    valid: bool,
    adapter_must_reject: Option<String>,
}

/// What the adapter keeps, made here from its description: `1 ‖ KWP(HKDF(once-used key, firm), household) ‖ by vault`.
fn kept(once: &[u8], by_vault: &[u8], firm: Uuid, key: &HouseholdKey) -> Vec<u8> {
    let mut derived = [0; 32];
    let info = [b"magfin azure-kv household key v1 ".as_slice(), firm.as_bytes()].concat();
    hkdf_sha256(&[], once, &info, &mut derived).unwrap();
    let wrapped = FirmKey::from_bytes(derived).wrap(key).unwrap();
    [&[1], wrapped.as_bytes().as_slice(), by_vault].concat()
}

#[tokio::test]
async fn br_6_every_published_wrapped_key_opens_or_is_refused_as_published() {
    let Some(vectors) = contract::<Vectors>("azure-keyvault/wrap-vectors.json") else { return };
    assert_eq!(vectors.vectors.len(), 9);
    let rsa = vectors.key.decrypting();
    let (double, clock) = (vault_double::with_key(&vectors.key).await, Clock::new());
    let keys = KeyVault::new(double.config(), clock.clone()).unwrap();
    let name = keys.current(FIRM).await.unwrap();
    let key = household();
    for vector in vectors.vectors {
        let by_vault = URL_SAFE_NO_PAD.decode(&vector.wrapped).unwrap();
        let dek = vector.dek.map(|dek| URL_SAFE_NO_PAD.decode(dek).unwrap());
        assert_eq!(vault_double::decrypt(&rsa, &by_vault), dek, "{}: the double opens as the vault does", vector.name);
        assert_eq!(dek.is_some(), vector.valid, "{}", vector.name);
        let bytes = kept(&dek.unwrap_or_else(|| vec![0; 32]), &by_vault, FIRM, &key);
        let wrapped = WrappedBy { name: name.clone(), bytes };
        let opened = keys.unwrap(FIRM, &wrapped).await;
        let opens = vector.valid && vector.adapter_must_reject.is_none();
        assert_eq!(opened, if opens { Ok(key.clone()) } else { Err(KeyServiceError::Refused) }, "{}", vector.name);
        assert_eq!(keys.unwrap(OTHER, &wrapped).await, Err(KeyServiceError::Refused), "{}", vector.name);
    }
    double.was_asked_as_it_should_be();
}

#[tokio::test]
async fn br_6_the_first_request_has_no_token_and_no_body_and_a_token_serves_until_shortly_before_its_end() {
    let (double, clock) = (vault_double::start().await, Clock::new());
    let keys = KeyVault::new(double.config(), clock.clone()).unwrap();
    let wrapped = keys.wrap(FIRM, &household()).await.unwrap();
    let version = wrapped.name.rsplit('/').next().unwrap();
    let asked = double.asked();
    let seen: Vec<_> = asked.iter().map(|a| (a.method.as_str(), a.path.as_str(), a.token.as_deref(), !a.body.is_null())).collect();
    let wrapping = format!("/keys/tenant-kek/{version}/wrapkey");
    let wanted = [
        ("GET", "/keys/tenant-kek", None, false),
        ("GET", "/keys/tenant-kek", Some("tok-1"), false),
        ("POST", wrapping.as_str(), Some("tok-1"), true),
    ];
    assert_eq!(seen, wanted);
    // The vendor's own client sends these members, in this form: 43 characters are 32 bytes in base64url.
    let body = asked[2].body.as_object().unwrap();
    assert!(body.len() == 2 && body["alg"] == "RSA-OAEP-256" && body["value"].as_str().unwrap().len() == 43, "{body:?}");
    // 3,599 s, the last 300 of them unused.
    clock.advance(Duration::from_secs(3298));
    keys.unwrap(FIRM, &wrapped).await.unwrap();
    assert_eq!(double.tokens(), 1);
    clock.advance(Duration::from_secs(2));
    double.asked();
    keys.unwrap(FIRM, &wrapped).await.unwrap();
    assert_eq!((double.tokens(), double.asked().len()), (2, 2), "another challenge, without a body, and the call");
    double.tokens_last(60);
    double.revoke_tokens();
    keys.unwrap(FIRM, &wrapped).await.unwrap();
    assert_eq!(double.tokens(), 3);
    clock.advance(Duration::from_secs(31));
    keys.unwrap(FIRM, &wrapped).await.unwrap();
    assert_eq!(double.tokens(), 4, "of a minute, the second half is not used");
    double.was_asked_as_it_should_be();
}

#[tokio::test]
async fn br_6_a_challenge_that_leads_elsewhere_gets_neither_our_secret_nor_another_try() {
    for header in [
        r#"Bearer authorization="{here}/t", resource="https://azure.net""#,
        r#"Bearer authorization="{here}/t", resource="https://vault.azure.net.evil.example""#,
        r#"Bearer authorization="{here}/t""#,
        r#"Bearer authorization="http://evil.example/t", resource="https://vault.azure.net""#,
        r#"Basic realm="x""#,
        "",
    ] {
        let (double, clock) = (vault_double::start().await, Clock::new());
        double.challenge_with(header);
        let keys = KeyVault::new(double.config(), clock.clone()).unwrap();
        assert_eq!(keys.current(FIRM).await, Err(KeyServiceError::Refused), "{header}");
        assert_eq!((double.trusted(), double.asked().len(), clock.waits()), (0, 1, vec![]), "{header}");
    }
}

#[tokio::test]
async fn br_6_credentials_that_are_refused_are_not_tried_again() {
    let (double, clock) = (vault_double::start().await, Clock::new());
    let mut config = double.config();
    config.client_secret = "another".to_owned().into();
    let keys = KeyVault::new(config, clock.clone()).unwrap();
    assert_eq!(keys.current(FIRM).await, Err(KeyServiceError::Refused));
    assert_eq!((double.tokens(), double.trusted(), double.asked().len(), clock.waits()), (0, 1, 1, vec![]));
}

#[tokio::test]
async fn br_6_an_answer_of_a_vault_that_is_none_or_is_of_another_key_opens_nothing() {
    let (double, clock) = (vault_double::start().await, Clock::new());
    let keys = KeyVault::new(double.config(), clock.clone()).unwrap();
    let wrapped = keys.wrap(FIRM, &household()).await.unwrap();
    let kid = wrapped.name.strip_prefix("azure-kv/").unwrap();
    let good = URL_SAFE_NO_PAD.encode([7; 32]);
    let answer = |kid: &str, value: &str| (200, vec![], format!(r#"{{"kid":"{kid}","value":"{value}"}}"#));
    let broken = ["", "{", "{}"].map(|body| (200, vec![], body.to_owned()));
    for broken in [&broken[..], &[too_large(answer(kid, &good)), answer(kid, "not base64url!")]].concat() {
        double.answer_for_ever(Some(broken));
        assert_eq!(keys.unwrap(FIRM, &wrapped).await, Err(KeyServiceError::Unavailable));
        clock.waited_by_itself(3);
    }
    double.answer_for_ever(Some(answer(kid, &good)));
    assert_eq!(keys.unwrap(FIRM, &wrapped).await, Err(KeyServiceError::Refused), "another once-used key");
    let newest = format!(r#"{{"key":{{"kid":"{kid}","kty":"RSA"}},"attributes":{{"enabled":true}}}}"#);
    let by_vault = URL_SAFE_NO_PAD.encode([7; 256]);
    for (by, wanted) in [(kid, true), (&double.kid(&"f".repeat(32)), false)] {
        double.answer_for_ever(None);
        double.answer_next([(200, vec![], newest.clone()), answer(by, &by_vault)]);
        assert_eq!(keys.wrap(FIRM, &household()).await.is_ok(), wanted, "wrapped by {by}");
    }
    for found in
        [kid.replace("crm-prod", "evil"), kid.replace("tenant-kek", "other"), kid.replace("https", "http"), kid[..kid.len() - 1].to_owned()]
    {
        let bundle = format!(r#"{{"key":{{"kid":"{found}","kty":"RSA"}},"attributes":{{"enabled":true}}}}"#);
        double.answer_for_ever(Some((200, vec![], bundle)));
        assert_eq!(keys.current(FIRM).await, Err(KeyServiceError::Refused), "{found}");
    }
    let curve = format!(r#"{{"key":{{"kid":"{kid}","kty":"EC"}},"attributes":{{"enabled":true}}}}"#);
    double.answer_for_ever(Some((200, vec![], curve)));
    assert_eq!(keys.current(FIRM).await, Err(KeyServiceError::Refused), "a key that wraps nothing");
}

#[tokio::test]
async fn br_6_a_name_that_leads_to_another_host_is_refused_before_anything_is_sent() {
    let (double, clock) = (vault_double::start().await, Clock::new());
    let keys = KeyVault::new(double.config(), clock).unwrap();
    let wrapped = keys.wrap(FIRM, &household()).await.unwrap();
    double.asked();
    for (from, to) in [
        ("crm-prod.", "evil."),
        ("azure.net/", "azure.net.evil.example/"),
        ("/keys/", "/secrets/"),
        ("/keys/", "/keys/../"),
        ("azure.net", "azure.net:1"),
    ] {
        let elsewhere = WrappedBy { name: wrapped.name.replace(from, to), ..wrapped.clone() };
        assert_ne!(elsewhere.name, wrapped.name);
        assert_eq!(keys.unwrap(FIRM, &elsewhere).await, Err(KeyServiceError::Refused), "{}", elsewhere.name);
    }
    assert_eq!(double.asked(), []);
}

#[test]
fn br_6_a_vault_is_configured_with_a_host_a_key_and_an_address_that_can_be_one() {
    let with = |change: &dyn Fn(&mut magfin_clients::keys::VaultKey)| {
        let mut config = vault_double::config("https://kv.example");
        change(&mut config);
        KeyVault::new(config, Clock::new()).map(|keys| format!("{keys:?}"))
    };
    assert!(!with(&|_| {}).unwrap().contains("s3cr"), "no secret is printed");
    assert!(with(&|c| c.vault = "CRM.vault.azure.cn".into()).is_ok() && with(&|c| c.endpoint = None).is_ok());
    for vault in ["", "vault.azure.net", "crm.vault.azure.net.evil.example", "crm.example"] {
        assert!(matches!(with(&|c| c.vault = vault.into()), Err(ConfigError::Vault)), "{vault}");
    }
    for key in ["", "a/b", "key_1", &"a".repeat(128)] {
        assert!(matches!(with(&|c| c.key = key.into()), Err(ConfigError::VaultKey)), "{key}");
    }
    assert!(matches!(with(&|c| c.endpoint = Some("http://kv.example".parse().unwrap())), Err(ConfigError::Endpoint)));
}
