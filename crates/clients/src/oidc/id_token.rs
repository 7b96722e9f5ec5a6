//! ID token validation: a pure function over the token, the key set, what we expect, and the time.
//!
//! Must not fetch anything and must not fall back to a weaker check. Rules: OpenID Connect Core 1.0 §3.1.3.7 and §3.1.3.8, and
//! stricter where it leaves a choice.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use subtle::ConstantTimeEq;

use crate::identity::{self, Identity};
use crate::jwks::KeySet;
use crate::token::{TokenRefusal, Unverified, check_expiry, check_not_future, text};

/// How long past its expiry a token is still taken, in seconds.
pub const EXPIRY_LEEWAY_S: f64 = 30.0;
/// How far ahead of ours the provider's clock may be, in seconds.
pub const FUTURE_LEEWAY_S: f64 = 60.0;

/// What an ID token must match.
#[derive(Debug)]
pub struct Expected<'a> {
    /// Configured issuer.
    pub issuer: &'a str,
    /// Our client id.
    pub client_id: &'a str,
    /// `nonce` of the stored flow record.
    pub nonce: &'a SecretString,
    /// The access token that came in the same answer.
    pub access_token: Option<&'a SecretString>,
    /// The person must have proved who they are since then, give or take [`FUTURE_LEEWAY_S`]; `auth_time` must say so.
    pub authenticated_since: Option<Timestamp>,
    /// Seconds past `exp` that are forgiven ([`EXPIRY_LEEWAY_S`]).
    pub expiry_leeway_s: f64,
    /// Seconds that `iat` and `nbf` may be ahead ([`FUTURE_LEEWAY_S`]).
    pub future_leeway_s: f64,
}

/// Validates an ID token and gives the identity in it.
///
/// # Errors
/// [`TokenRefusal`] naming the first check that failed: shape and header, key, signature, `iss`, `aud`, `azp`, `exp`, `iat`, `nbf`,
/// `nonce`, `sub`, `at_hash`, `auth_time`.
pub fn validate(token: &str, keys: &KeySet, expected: &Expected<'_>, now: Timestamp) -> Result<Identity, TokenRefusal> {
    let claims = Unverified::parse(token)?.verify(keys)?;
    if text(&claims, "iss") != Some(expected.issuer) {
        return Err(TokenRefusal::Issuer);
    }
    check_audience(&claims, expected.client_id)?;
    check_expiry(&claims, now, expected.expiry_leeway_s)?;
    check_not_future(&claims, "iat", true, now, expected.future_leeway_s)?;
    check_not_future(&claims, "nbf", false, now, expected.future_leeway_s)?;
    let nonce = text(&claims, "nonce").unwrap_or_default();
    let ours = expected.nonce.expose_secret();
    if ours.is_empty() || !bool::from(nonce.as_bytes().ct_eq(ours.as_bytes())) {
        return Err(TokenRefusal::Nonce);
    }
    let subject = identity::subject(&claims).ok_or(TokenRefusal::Subject)?.to_owned();
    check_access_token_hash(&claims, expected.access_token)?;
    check_not_future(&claims, "auth_time", false, now, expected.future_leeway_s)?;
    check_authentication(&claims, expected)?;
    Ok(Identity {
        issuer: expected.issuer.to_owned(),
        subject,
        email: identity::email(&claims),
        name: identity::name(&claims),
        advisor_id: None,
        authenticated_at: identity::authenticated_at(&claims),
    })
}

fn check_authentication(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<(), TokenRefusal> {
    let Some(since) = expected.authenticated_since else { return Ok(()) };
    let leeway = jiff::SignedDuration::from_secs_f64(expected.future_leeway_s);
    let recent = identity::authenticated_at(claims).is_some_and(|at| at.saturating_add(leeway).is_ok_and(|at| at >= since));
    if recent { Ok(()) } else { Err(TokenRefusal::AuthenticationTime) }
}

fn check_audience(claims: &Map<String, Value>, client_id: &str) -> Result<(), TokenRefusal> {
    let others = match claims.get("aud") {
        Some(Value::String(audience)) if audience == client_id => false,
        Some(Value::Array(list)) if list.iter().any(|item| item == client_id) => list.iter().any(|item| item != client_id),
        _ => return Err(TokenRefusal::Audience),
    };
    match claims.get("azp") {
        Some(party) if party != client_id => Err(TokenRefusal::AuthorizedParty),
        None if others => Err(TokenRefusal::AuthorizedParty),
        _ => Ok(()),
    }
}

/// `at_hash`, when there, is base64url of the left half of SHA-256 of the access token.
fn check_access_token_hash(claims: &Map<String, Value>, access_token: Option<&SecretString>) -> Result<(), TokenRefusal> {
    let Some(claimed) = claims.get("at_hash") else {
        return Ok(());
    };
    let matches = access_token.is_some_and(|token| {
        let hash = digest(&SHA256, token.expose_secret().as_bytes());
        claimed.as_str() == Some(URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]).as_str())
    });
    if matches { Ok(()) } else { Err(TokenRefusal::AccessTokenHash) }
}

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;

    use magfin_sim::keys::SigningKey;
    use serde_json::json;

    use super::*;

    const NOW_S: i64 = 1_760_000_000;

    /// The verdict on a good token after `changes` to its claims; null takes a claim away.
    fn verdict(changes: &Value) -> Result<Identity, TokenRefusal> {
        verdict_since(changes, None)
    }

    fn verdict_since(changes: &Value, since_s: Option<i64>) -> Result<Identity, TokenRefusal> {
        static KEY: OnceLock<SigningKey> = OnceLock::new();
        let key = KEY.get_or_init(|| SigningKey::generate("k1").unwrap());
        let mut claims = json!({
            "iss": "https://id.example", "aud": "crm", "sub": "adv-7001", "nonce": "n-1",
            "iat": NOW_S, "exp": NOW_S + 300,
        });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let keys = json!({ "keys": [key.jwk()] }).to_string();
        let expected = Expected {
            issuer: "https://id.example",
            client_id: "crm",
            nonce: &SecretString::from("n-1"),
            access_token: None,
            authenticated_since: since_s.map(|s| Timestamp::from_second(s).unwrap()),
            expiry_leeway_s: EXPIRY_LEEWAY_S,
            future_leeway_s: FUTURE_LEEWAY_S,
        };
        let now = Timestamp::from_second(NOW_S).unwrap();
        let keys = KeySet::parse(keys.as_bytes()).unwrap();
        validate(&key.token(&claims).unwrap(), &keys, &expected, now)
    }

    #[test]
    fn au_1_wrong_claim_is_refused_by_its_name() {
        let cases = [
            (json!({"iss": null}), TokenRefusal::Issuer),
            (json!({"iss": "https://id.example/"}), TokenRefusal::Issuer),
            (json!({"iss": ["https://id.example"]}), TokenRefusal::Issuer),
            (json!({"aud": null}), TokenRefusal::Audience),
            (json!({"aud": "CRM"}), TokenRefusal::Audience),
            (json!({"aud": []}), TokenRefusal::Audience),
            (json!({"aud": ["crm", "other"]}), TokenRefusal::AuthorizedParty),
            (json!({"aud": ["crm", 7]}), TokenRefusal::AuthorizedParty),
            (json!({"azp": "other"}), TokenRefusal::AuthorizedParty),
            (json!({"aud": ["crm", "other"], "azp": "other"}), TokenRefusal::AuthorizedParty),
            (json!({"exp": null}), TokenRefusal::Expired),
            (json!({"exp": NOW_S - 30}), TokenRefusal::Expired),
            (json!({"iat": null}), TokenRefusal::NotYetValid),
            (json!({"iat": NOW_S + 61}), TokenRefusal::NotYetValid),
            (json!({"nbf": NOW_S + 61}), TokenRefusal::NotYetValid),
            (json!({"nonce": null}), TokenRefusal::Nonce),
            (json!({"nonce": "n-2"}), TokenRefusal::Nonce),
            (json!({"sub": null}), TokenRefusal::Subject),
            (json!({"sub": ""}), TokenRefusal::Subject),
            (json!({"at_hash": "Z1nDEfZ4u1cECzHZHxCxxg"}), TokenRefusal::AccessTokenHash),
        ];
        for (changes, refusal) in cases {
            assert_eq!(verdict(&changes), Err(refusal), "{changes}");
        }
    }

    #[test]
    fn au_6_clock_that_is_a_minute_ahead_is_forgiven() {
        for changes in [
            json!({}),
            json!({"exp": NOW_S - 29}),
            json!({"iat": NOW_S + 60, "nbf": NOW_S + 60}),
            json!({"aud": ["crm"]}),
            json!({"aud": ["crm", "other"], "azp": "crm"}),
        ] {
            assert!(verdict(&changes).is_ok(), "{changes}");
        }
    }

    #[test]
    fn au_7_a_sign_in_that_had_to_be_made_anew_must_say_that_it_was() {
        for bad in [json!({}), json!({"auth_time": NOW_S - 61}), json!({"auth_time": NOW_S.to_string()}), json!({"auth_time": false})] {
            let refusal = verdict_since(&bad, Some(NOW_S)).unwrap_err();
            assert!([TokenRefusal::AuthenticationTime, TokenRefusal::NotYetValid].contains(&refusal), "{bad}: {refusal:?}");
        }
        let at = |changes: Value| verdict_since(&changes, Some(NOW_S)).unwrap().authenticated_at.map(Timestamp::as_second);
        assert_eq!(at(json!({"auth_time": NOW_S - 60})), Some(NOW_S - 60));
        assert_eq!(at(json!({"auth_time": NOW_S})), Some(NOW_S));
        assert_eq!(verdict(&json!({"auth_time": NOW_S + 61})), Err(TokenRefusal::NotYetValid));
        assert_eq!(verdict(&json!({})).unwrap().authenticated_at, None);
    }

    #[test]
    fn rights_in_a_token_are_not_even_read() {
        let identity = verdict(&json!({"roles": ["firm_admin"], "advisor_id": "adv_other"})).unwrap();
        assert_eq!(identity.advisor_id, None);
    }
}
