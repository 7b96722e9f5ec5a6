//! Key sets of identity providers: reading them and keeping them.
//!
//! Only RSA signature keys for RS256 are kept; every other kind is passed over, so an elliptic, symmetric or known weak key in a set can
//! never verify anything. Must not choose an address from a token: the address comes from configuration or provider metadata.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jsonwebtoken::DecodingKey;
use serde_json::{Map, Value};
use url::Url;

use crate::cache::{Cache, Policy};
use crate::http::{Client, FetchError};
use crate::weak_rsa::is_roca;

/// Why a provider could not be asked, or gave nothing usable. All of these are temporary or a matter of configuration,
/// never the fault of the person who signs in (→ 503).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Outage {
    /// No answer.
    #[error("identity provider gave no answer: {0}")]
    Fetch(#[from] FetchError),
    /// An answer with an unexpected HTTP status.
    #[error("identity provider answered with HTTP status {0}")]
    Status(u16),
    /// An answer that is not the JSON document it should be.
    #[error("identity provider answered with something that is not the expected JSON document")]
    Document,
    /// The provider's metadata does not fit our configuration or our minimum.
    #[error("identity provider metadata refused: {0}")]
    Metadata(#[from] crate::oidc::discovery::MetadataFault),
    /// The provider refused our own client credentials.
    #[error("identity provider refused our client credentials: check client_id and client_secret")]
    ClientCredentials,
    /// The provider says that it cannot sign people in at the moment (`server_error`, `temporarily_unavailable`).
    #[error("identity provider says that it cannot sign people in at the moment")]
    ProviderBusy,
    /// An earlier attempt was cut off; the next one is made after a short pause.
    #[error("identity provider could not be asked a moment ago; trying again shortly")]
    Interrupted,
}

/// Longest time that a key set is used without asking for a newer one, in seconds (5 minutes).
pub const MAX_AGE_S: i64 = 300;
/// Shortest time between two requests for a key set, in seconds: tokens with invented key names must not become a way to hammer
/// the provider.
pub const MIN_PAUSE_S: i64 = 10;
/// Longest time that the last good set is used while the provider cannot be reached, in seconds (24 hours): a withdrawn key
/// must not live for ever because someone keeps us from hearing of it.
pub const MAX_STALE_S: i64 = 24 * 3600;

/// The RS256 keys of one provider.
pub struct KeySet {
    keys: Vec<(Option<String>, DecodingKey)>,
}

impl KeySet {
    /// Reads a JSON Web Key Set (RFC 7517). Keys of other kinds and unreadable keys are passed over.
    ///
    /// # Errors
    /// [`Outage::Document`] when it is no key set at all.
    pub fn parse(body: &[u8]) -> Result<Self, Outage> {
        let document: Value = serde_json::from_slice(body).map_err(|_| Outage::Document)?;
        let keys = document.get("keys").and_then(Value::as_array).ok_or(Outage::Document)?;
        let keys = keys.iter().filter_map(Value::as_object).filter_map(rs256_key).collect();
        Ok(Self { keys })
    }

    /// The one key with this name; without a name, the only key of the set. A name used twice finds nothing.
    pub(crate) fn find(&self, kid: Option<&str>) -> Option<&DecodingKey> {
        let mut fitting = self.keys.iter().filter(|(name, _)| kid.is_none() || name.as_deref() == kid);
        match (fitting.next(), fitting.next()) {
            (Some((_, key)), None) => Some(key),
            _ => None,
        }
    }
}

fn rs256_key(jwk: &Map<String, Value>) -> Option<(Option<String>, DecodingKey)> {
    let text = |name: &str| jwk.get(name).and_then(Value::as_str);
    let absent_or = |name: &str, wanted: &str| !jwk.contains_key(name) || text(name) == Some(wanted);
    let verifies = match jwk.get("key_ops") {
        None => true,
        Some(operations) => operations.as_array().is_some_and(|list| list.iter().any(|o| o == "verify")),
    };
    if text("kty") != Some("RSA") || !absent_or("use", "sig") || !absent_or("alg", "RS256") || !verifies {
        return None;
    }
    let modulus = URL_SAFE_NO_PAD.decode(text("n")?).ok()?;
    if is_roca(&modulus) {
        return None;
    }
    let key = DecodingKey::from_rsa_components(text("n")?, text("e")?).ok()?;
    Some((text("kid").map(str::to_owned), key))
}

/// The key set of one provider, fetched when needed and kept.
///
/// A set older than [`MAX_AGE_S`] or without the wanted key is fetched again, by one caller at a time and at most once per
/// [`MIN_PAUSE_S`]. When that fails, the last good set stays in use for up to [`MAX_STALE_S`].
pub struct KeySource {
    cache: Cache<KeySet>,
}

impl Default for KeySource {
    fn default() -> Self {
        let policy = Policy { max_age_s: MAX_AGE_S, min_pause_s: MIN_PAUSE_S, max_stale_s: MAX_STALE_S };
        Self { cache: Cache::new(policy) }
    }
}

impl KeySource {
    /// A key set that has the key `kid` where the provider has it. A set without it means that the provider was asked
    /// just now (or within the pause) and does not know the key: refuse the token.
    ///
    /// # Errors
    /// [`Outage`] when the key is not at hand and the provider cannot be asked.
    pub async fn key_set(&self, http: &Client, address: &Url, kid: Option<&str>, now: Timestamp) -> Result<Arc<KeySet>, Outage> {
        self.cache.get(now, |set| set.find(kid).is_some(), fetch(http, address)).await
    }
}

async fn fetch(http: &Client, address: &Url) -> Result<KeySet, Outage> {
    let answer = http.get_json(address).await?;
    if answer.status != 200 {
        return Err(Outage::Status(answer.status));
    }
    if !matches!(answer.media_type.as_str(), "application/json" | "application/jwk-set+json") {
        return Err(Outage::Document);
    }
    KeySet::parse(&answer.body)
}

#[cfg(test)]
mod tests {
    use magfin_sim::keys::SigningKey;
    use serde_json::json;

    use super::*;

    fn set(keys: &[Value]) -> KeySet {
        KeySet::parse(json!({ "keys": keys }).to_string().as_bytes()).unwrap()
    }

    fn jwk(kid: &str, member: &str, value: Value) -> Value {
        let mut jwk = SigningKey::generate(kid).unwrap().jwk();
        jwk[member] = value;
        jwk
    }

    #[test]
    fn key_for_another_purpose_is_passed_over() {
        let mut keys = vec![json!({"kty": "oct", "kid": "s", "k": "AAAA"}), json!("text"), json!({})];
        keys.push(jwk("ec", "kty", json!("EC")));
        keys.push(jwk("enc", "use", json!("enc")));
        keys.push(jwk("ps", "alg", json!("PS256")));
        keys.push(jwk("sign-only", "key_ops", json!(["sign"])));
        keys.push(jwk("broken", "n", json!("not base64!")));
        keys.push(jwk("good", "key_ops", json!(["verify"])));
        let set = set(&keys);
        assert_eq!(set.keys.len(), 1);
        assert!(set.find(Some("good")).is_some());
    }

    #[test]
    fn name_used_twice_finds_no_key() {
        let twice = set(&[SigningKey::generate("k").unwrap().jwk(), SigningKey::generate("k").unwrap().jwk()]);
        assert!(twice.find(Some("k")).is_none());
        assert!(twice.find(None).is_none());
    }

    #[test]
    fn token_without_a_key_name_needs_a_set_of_one() {
        let one = set(&[SigningKey::generate("k").unwrap().jwk()]);
        assert!(one.find(None).is_some());
        assert!(one.find(Some("other")).is_none());
        assert!(one.find(Some("")).is_none());
    }

    #[test]
    fn document_that_is_no_key_set_is_an_outage() {
        for bad in ["", "<html>", "[]", "{}", r#"{"keys":{}}"#] {
            assert_eq!(KeySet::parse(bad.as_bytes()).err(), Some(Outage::Document), "{bad}");
        }
    }
}
