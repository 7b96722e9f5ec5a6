//! Wycheproof's signatures and key sets, read by the verifier of sign-in tokens.
//!
//! Decided: of the valid ones we accept those of RS256, with a key that says so or leaves it open, and refuse every other
//! algorithm, also a valid one.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use magfin_clients::jwks::KeySet;
use magfin_clients::token::{TokenRefusal, Unverified};
use serde_json::{Value, json};

use crate::common::contract::contract;

/// The keys of a group as a provider would publish them: the public ones, else, of a symmetric key, the key itself.
fn published(group: &Value) -> KeySet {
    let keys = if group["public"].is_null() { &group["private"] } else { &group["public"] };
    let set = if keys["keys"].is_array() { keys.clone() } else { json!({"keys": [keys]}) };
    KeySet::parse(set.to_string().as_bytes()).unwrap()
}

/// Whether the signature holds. What was signed is no claims, which is found out only once it does.
fn holds(token: &str, keys: &KeySet) -> bool {
    let verified = Unverified::parse(token).and_then(|token| token.verify(keys));
    matches!(verified, Ok(_) | Err(TokenRefusal::Payload))
}

fn is_rs256(token: &str) -> bool {
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap_or_default();
    serde_json::from_slice::<Value>(&header).is_ok_and(|header| header["alg"] == "RS256")
}

/// Runs a file; how many were accepted, how many there are, and what went wrong.
fn run(file: &str) -> Option<(usize, usize, Vec<String>)> {
    let (mut accepted, mut all, mut wrong) = (0, 0, Vec::new());
    let vectors: Value = contract(&format!("crypto/wycheproof/{file}"))?;
    for group in vectors["testGroups"].as_array().unwrap() {
        let keys = published(group);
        for test in group["tests"].as_array().unwrap() {
            all += 1;
            let token = test["jws"].as_str().unwrap();
            let held = holds(token, &keys);
            accepted += usize::from(held);
            if held != (is_rs256(token) && test["result"] == "valid") {
                wrong.push(format!("{} of {}: {}", test["tcId"], group["comment"], test["comment"]));
            }
        }
    }
    Some((accepted, all, wrong))
}

#[test]
fn au_5_signatures_are_accepted_when_they_are_valid_and_of_rs256_alone() {
    let Some((accepted, all, wrong)) = run("json_web_signature_test.json") else { return };
    assert_eq!(wrong, [""; 0]);
    assert!(accepted >= 4 && all > 200, "{accepted} of {all}");
}

#[test]
fn au_5_a_key_that_is_weak_small_symmetric_or_named_twice_verifies_nothing() {
    let Some((accepted, all, wrong)) = run("json_web_key_test.json") else { return };
    assert_eq!(wrong, [""; 0]);
    assert!(accepted >= 1 && all > 15, "{accepted} of {all}");
}
