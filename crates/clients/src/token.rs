//! Signed tokens (JWS compact form), read strictly.
//!
//! One algorithm, RS256: anything else is refused before a key is looked at, so a token can never choose how it is
//! verified. Claims are not parsed until the signature holds. Must not decide what the claims mean: that is for `oidc` and `clerk`.
//! Rules: RFC 7515, RFC 8725 (best current practices).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jsonwebtoken::Algorithm;
use serde_json::{Map, Value};

use crate::jwks::KeySet;
use crate::strict_json;

/// Largest token that is looked at, in bytes (16 KiB).
pub const TOKEN_MAX_BYTES: usize = 16 * 1024;

/// Why a token is refused. Carries nothing of the token itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefusal {
    /// Larger than [`TOKEN_MAX_BYTES`], not three base64url segments, or a header that is no JSON object.
    #[error("token is not a signed token of three segments (at most 16 KiB)")]
    Shape,
    /// `alg` is not RS256.
    #[error("token algorithm is not RS256")]
    Algorithm,
    /// `typ` is there and is not `JWT`.
    #[error("token type is not JWT")]
    Type,
    /// `crit` names extensions; we understand none (RFC 7515 §4.1.11).
    #[error("token demands an extension that is not supported")]
    CriticalExtension,
    /// No usable key of the key set has the token's `kid`.
    #[error("token key is not in the provider's key set")]
    UnknownKey,
    /// The signature is not by that key.
    #[error("token signature does not hold")]
    Signature,
    /// The payload is no JSON object, or has a member twice.
    #[error("token payload is not a JSON object with distinct members")]
    Payload,
    /// `iss` is not the configured issuer.
    #[error("token issuer is not the configured one")]
    Issuer,
    /// `aud` does not name us.
    #[error("token audience is not this client")]
    Audience,
    /// `azp` is not one we accept, or is missing where it is needed.
    #[error("token authorized party is not accepted")]
    AuthorizedParty,
    /// `exp` is missing, no number, or past.
    #[error("token has expired or carries no expiry")]
    Expired,
    /// `iat` or `nbf` is no number or in the future, or a needed `iat` is missing.
    #[error("token is not valid yet or carries no issue time")]
    NotYetValid,
    /// `nonce` is not that of this sign-in.
    #[error("token belongs to another sign-in")]
    Nonce,
    /// `sub` is missing, empty, too long or no string.
    #[error("token names no usable subject (1 to 255 bytes)")]
    Subject,
    /// `at_hash` does not match the access token that came with it.
    #[error("token does not belong to the access token it came with")]
    AccessTokenHash,
    /// `auth_time` is missing, or from before this sign-in, although the person had to prove who they are again.
    #[error("the person did not prove again who they are: sign in again")]
    AuthenticationTime,
    /// The session is pending: signed in, but not let in yet (Clerk `sts`).
    #[error("session is not active")]
    SessionNotActive,
    /// A template token, and this service is not configured for the template (Clerk tokens without `sid`).
    #[error("template tokens are not accepted by this configuration")]
    TemplateNotAccepted,
    /// `advisor_id` is there and is no identifier (`[A-Za-z0-9][A-Za-z0-9_-]{0,63}`).
    #[error("token advisor_id is not an identifier")]
    AdvisorId,
}

/// A token whose header passed; its claims are out of reach until the signature is verified.
pub struct Unverified<'t> {
    kid: Option<String>,
    signing_input: &'t str,
    payload: &'t str,
    signature: &'t str,
}

impl<'t> Unverified<'t> {
    /// Splits the token and checks its header: size, three segments, `alg`, `typ`, `crit`.
    ///
    /// # Errors
    /// [`TokenRefusal`] naming the first check that failed, in that order.
    pub fn parse(token: &'t str) -> Result<Self, TokenRefusal> {
        if token.len() > TOKEN_MAX_BYTES {
            return Err(TokenRefusal::Shape);
        }
        let (signing_input, signature) = token.rsplit_once('.').ok_or(TokenRefusal::Shape)?;
        let (header, payload) = signing_input.split_once('.').ok_or(TokenRefusal::Shape)?;
        if payload.contains('.') {
            return Err(TokenRefusal::Shape);
        }
        let header = decode(header).ok_or(TokenRefusal::Shape)?;
        let header = strict_json::object(&header).ok_or(TokenRefusal::Shape)?;
        let kid = check_header(&header)?;
        Ok(Self { kid, signing_input, payload, signature })
    }

    /// The key that the token says it was signed with.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Verifies the signature and only then reads the claims.
    ///
    /// # Errors
    /// `UnknownKey`, `Signature` or `Payload`.
    pub fn verify(&self, keys: &KeySet) -> Result<Map<String, Value>, TokenRefusal> {
        let key = keys.find(self.kid()).ok_or(TokenRefusal::UnknownKey)?;
        let holds = jsonwebtoken::crypto::verify(self.signature, self.signing_input.as_bytes(), key, Algorithm::RS256);
        if !matches!(holds, Ok(true)) {
            return Err(TokenRefusal::Signature);
        }
        let payload = decode(self.payload).ok_or(TokenRefusal::Payload)?;
        strict_json::object(&payload).ok_or(TokenRefusal::Payload)
    }
}

fn check_header(header: &Map<String, Value>) -> Result<Option<String>, TokenRefusal> {
    if header.get("alg").and_then(Value::as_str) != Some("RS256") {
        return Err(TokenRefusal::Algorithm);
    }
    match header.get("typ") {
        None => {}
        Some(Value::String(typ)) if typ.eq_ignore_ascii_case("jwt") => {}
        Some(_) => return Err(TokenRefusal::Type),
    }
    if header.contains_key("crit") {
        return Err(TokenRefusal::CriticalExtension);
    }
    match header.get("kid") {
        None => Ok(None),
        Some(Value::String(kid)) => Ok(Some(kid.clone())),
        Some(_) => Err(TokenRefusal::UnknownKey),
    }
}

/// Canonical base64url without padding; leftover bits must be zero, so one value has one spelling.
fn decode(segment: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(segment).ok()
}

/// `exp` must be there and later than `now - leeway_s`.
pub(crate) fn check_expiry(claims: &Map<String, Value>, now: Timestamp, leeway_s: f64) -> Result<(), TokenRefusal> {
    let expiry = claims.get("exp").and_then(Value::as_f64).ok_or(TokenRefusal::Expired)?;
    if expiry <= seconds(now) - leeway_s { Err(TokenRefusal::Expired) } else { Ok(()) }
}

/// The time claim `name` must not be later than `now + leeway_s`; `required` says whether it must be there.
pub(crate) fn check_not_future(
    claims: &Map<String, Value>,
    name: &str,
    required: bool,
    now: Timestamp,
    leeway_s: f64,
) -> Result<(), TokenRefusal> {
    match claims.get(name) {
        None if required => Err(TokenRefusal::NotYetValid),
        None => Ok(()),
        Some(value) => match value.as_f64() {
            Some(moment) if moment <= seconds(now) + leeway_s => Ok(()),
            _ => Err(TokenRefusal::NotYetValid),
        },
    }
}

/// The string claim `name`.
pub(crate) fn text<'c>(claims: &'c Map<String, Value>, name: &str) -> Option<&'c str> {
    claims.get(name).and_then(Value::as_str)
}

/// Seconds since 1970 as tokens count them (NumericDate, RFC 7519 §2: fractions allowed).
#[allow(clippy::cast_precision_loss)] // Milliseconds stay exact in an f64 for 285,000 years.
fn seconds(now: Timestamp) -> f64 {
    now.as_millisecond() as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use magfin_sim::keys::SigningKey;
    use serde_json::json;

    use super::*;

    fn refusal(token: &str) -> Option<TokenRefusal> {
        Unverified::parse(token).err()
    }

    fn keys(key: &SigningKey) -> KeySet {
        KeySet::parse(json!({ "keys": [key.jwk()] }).to_string().as_bytes()).unwrap()
    }

    #[test]
    fn header_is_judged_before_any_key_is_looked_at() {
        let key = SigningKey::generate("k1").unwrap();
        let token = |header: Value| key.sign(&header, &json!({})).unwrap();
        assert_eq!(refusal(&token(json!({"alg": "none"}))), Some(TokenRefusal::Algorithm));
        assert_eq!(refusal(&token(json!({"alg": "RS512"}))), Some(TokenRefusal::Algorithm));
        assert_eq!(refusal(&token(json!({"kid": "k1"}))), Some(TokenRefusal::Algorithm));
        assert_eq!(refusal(&token(json!({"alg": "RS256", "typ": "at+jwt"}))), Some(TokenRefusal::Type));
        assert_eq!(refusal(&token(json!({"alg": "RS256", "typ": 1}))), Some(TokenRefusal::Type));
        assert_eq!(refusal(&token(json!({"alg": "RS256", "crit": []}))), Some(TokenRefusal::CriticalExtension));
        assert_eq!(refusal(&token(json!({"alg": "RS256", "kid": 1}))), Some(TokenRefusal::UnknownKey));
        assert_eq!(refusal(&token(json!({"alg": "RS256", "typ": "jwt", "kid": "k1"}))), None);
    }

    #[test]
    fn token_of_the_wrong_shape_is_refused() {
        for bad in ["", "a", "a.b", "a.b.c.d", "..", "e30=.e30.x", "e30 .e30.x"] {
            assert_eq!(refusal(bad), Some(TokenRefusal::Shape), "{bad}");
        }
        let key = SigningKey::generate("k1").unwrap();
        let padded = |size: usize| key.token(&json!({ "pad": "x".repeat(size) })).unwrap();
        assert_eq!(refusal(&padded(11_000)), None);
        assert_eq!(refusal(&padded(12_000)), Some(TokenRefusal::Shape));
    }

    #[test]
    fn key_named_in_the_token_itself_is_never_used() {
        let ours = SigningKey::generate("k1").unwrap();
        let theirs = SigningKey::generate("k1").unwrap();
        let header = json!({"alg": "RS256", "kid": "k1", "jwk": theirs.jwk(), "jku": "https://evil.example/jwks"});
        let token = theirs.sign(&header, &json!({"sub": "x"})).unwrap();
        let verdict = Unverified::parse(&token).unwrap().verify(&keys(&ours));
        assert_eq!(verdict, Err(TokenRefusal::Signature));
    }

    #[test]
    fn second_spelling_of_a_good_signature_is_refused() {
        let key = SigningKey::generate("k1").unwrap();
        let token = key.sign(&json!({"alg": "RS256", "kid": "k1"}), &json!({"sub": "x"})).unwrap();
        assert!(Unverified::parse(&token).unwrap().verify(&keys(&key)).is_ok());
        // 256 bytes leave four unused bits in the last character: set one of them.
        let last = token.chars().last().unwrap();
        let other = match last {
            'A' => 'B',
            'Q' => 'R',
            'g' => 'h',
            _ => 'x',
        };
        let respelled = format!("{}{other}", &token[..token.len() - 1]);
        assert_eq!(Unverified::parse(&respelled).unwrap().verify(&keys(&key)), Err(TokenRefusal::Signature));
        let padded = format!("{token}==");
        assert_eq!(Unverified::parse(&padded).unwrap().verify(&keys(&key)), Err(TokenRefusal::Signature));
    }

    #[test]
    fn signed_payload_with_a_repeated_member_is_refused() {
        let key = SigningKey::generate("k1").unwrap();
        let token = key.sign_raw(r#"{"alg":"RS256","kid":"k1"}"#, r#"{"sub":"a","sub":"b"}"#).unwrap();
        assert_eq!(Unverified::parse(&token).unwrap().verify(&keys(&key)), Err(TokenRefusal::Payload));
    }

    #[test]
    fn times_may_carry_fractions_and_must_be_numbers() {
        let now = Timestamp::from_second(1_000).unwrap();
        let claims = |value: Value| json!({ "exp": value, "iat": value }).as_object().unwrap().clone();
        assert_eq!(check_expiry(&claims(json!(970.5)), now, 30.0), Ok(()));
        assert_eq!(check_expiry(&claims(json!(970)), now, 30.0), Err(TokenRefusal::Expired));
        assert_eq!(check_expiry(&claims(json!("2000")), now, 30.0), Err(TokenRefusal::Expired));
        assert_eq!(check_expiry(&claims(json!(null)), now, 30.0), Err(TokenRefusal::Expired));
        assert_eq!(check_not_future(&claims(json!(1_060)), "iat", true, now, 60.0), Ok(()));
        assert_eq!(check_not_future(&claims(json!(1_061)), "iat", true, now, 60.0), Err(TokenRefusal::NotYetValid));
        assert_eq!(check_not_future(&claims(json!("1")), "iat", true, now, 60.0), Err(TokenRefusal::NotYetValid));
        assert_eq!(check_not_future(&Map::new(), "iat", true, now, 60.0), Err(TokenRefusal::NotYetValid));
        assert_eq!(check_not_future(&Map::new(), "nbf", false, now, 60.0), Ok(()));
    }
}
