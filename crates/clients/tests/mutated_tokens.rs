//! No change to a good token, however small, may leave it good.

use std::sync::OnceLock;

use jiff::Timestamp;
use magfin_clients::jwks::KeySet;
use magfin_clients::oidc::id_token::{self, Expected};
use magfin_sim::keys::SigningKey;
use proptest::prelude::*;
use secrecy::SecretString;
use serde_json::json;

struct Good {
    token: String,
    keys: KeySet,
    nonce: SecretString,
}

const NOW_S: i64 = 1_760_000_000;

fn good() -> &'static Good {
    static GOOD: OnceLock<Good> = OnceLock::new();
    GOOD.get_or_init(|| {
        let key = SigningKey::generate("k1").unwrap();
        let claims = json!({
            "iss": "https://id.example", "aud": "crm", "sub": "adv-7001", "nonce": "n-1",
            "iat": NOW_S, "exp": NOW_S + 300,
        });
        let keys = KeySet::parse(json!({ "keys": [key.jwk()] }).to_string().as_bytes()).unwrap();
        Good { token: key.token(&claims).unwrap(), keys, nonce: "n-1".into() }
    })
}

fn passes(token: &str) -> bool {
    let expected = Expected {
        issuer: "https://id.example",
        client_id: "crm",
        nonce: &good().nonce,
        access_token: None,
        authenticated_since: None,
        expiry_leeway_s: id_token::EXPIRY_LEEWAY_S,
        future_leeway_s: id_token::FUTURE_LEEWAY_S,
    };
    id_token::validate(token, &good().keys, &expected, Timestamp::from_second(NOW_S).unwrap()).is_ok()
}

#[test]
fn unchanged_token_passes() {
    assert!(passes(&good().token));
}

#[test]
fn token_with_any_one_character_changed_is_refused() {
    let token = &good().token;
    for at in 0..token.len() {
        // The neighbour in the alphabet differs in the last bit: the change that a lenient decoder misses.
        for other in ["A", "B", "_", "-", ".", "=", "+", "/", " "] {
            let changed = format!("{}{other}{}", &token[..at], &token[at + 1..]);
            assert!(changed == *token || !passes(&changed), "character {at} as {other:?}");
        }
    }
}

proptest! {
    #[test]
    fn au_1_token_with_random_bytes_changed_is_refused(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        let mut bytes = good().token.clone().into_bytes();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let changed = String::from_utf8_lossy(&bytes);
        prop_assert!(changed == good().token || !passes(&changed));
    }

    #[test]
    fn au_1_token_cut_or_lengthened_is_refused(cut in 1_usize..400, tail in "[A-Za-z0-9_.=-]{1,8}") {
        let token = &good().token;
        let length = token.len().saturating_sub(cut);
        prop_assert!(!passes(&token[..length]));
        let longer = format!("{token}{tail}");
        prop_assert!(!passes(&longer));
    }

    #[test]
    fn anything_at_all_is_refused_without_a_panic(text in ".{0,200}") {
        prop_assert!(!passes(&text));
    }
}
