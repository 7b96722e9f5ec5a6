//! Verification of Clerk session tokens and of tokens of the JWT template `magfin`.
//!
//! Must not grant anything by a claim: the result is an identity, and rights come from our tables. The checks and their order follow Clerk's own
//! verifier, and are stricter on the algorithm, `crit`, repeated members and `advisor_id`.

use jiff::Timestamp;
use serde_json::{Map, Value};
use url::Url;

use crate::http::{BuildError, Client, Transport};
use crate::identity::{self, Identity};
use crate::jwks::{KeySet, KeySource, Outage};
use crate::token::{TokenRefusal, Unverified, check_expiry, check_not_future, text};

/// Clock difference that is forgiven on `exp`, `nbf` and `iat`, in seconds.
pub const LEEWAY_S: f64 = 5.0;
/// Longest `advisor_id`, in bytes.
const ADVISOR_ID_MAX_BYTES: usize = 64;

/// Which tokens are accepted.
#[derive(Debug, Clone)]
pub struct Config {
    /// Issuer: the Frontend API address of the Clerk instance, compared exactly.
    pub issuer: String,
    /// Key set address, normally the issuer followed by `/.well-known/jwks.json`.
    pub jwks_url: Url,
    /// Origins that may hold tokens (`azp`), compared exactly. Must not be empty.
    pub authorized_parties: Vec<String>,
    /// Whether tokens of the JWT template are accepted; they have no `sid`.
    pub accept_template: bool,
    /// [`Transport::HttpsOnly`], or [`Transport::LoopbackHttp`] for a key set on this machine.
    pub transport: Transport,
}

/// What is wrong with a [`Config`] (or with the machine).
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Empty.
    #[error("clerk issuer must not be empty")]
    Issuer,
    /// Not an https address (http on loopback where allowed).
    #[error("clerk jwks_url must be an https address")]
    JwksUrl,
    /// Empty list, or an empty entry: any site's token would do.
    #[error("clerk authorized_parties must name at least one origin, and no empty one")]
    AuthorizedParties,
    /// The HTTP client could not be set up.
    #[error(transparent)]
    Http(#[from] BuildError),
}

/// Why a token was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClerkError {
    /// The key set cannot be had at the moment: answer 503.
    #[error("sign-in unavailable: {0}")]
    Unavailable(#[from] Outage),
    /// The token is refused: answer 401.
    #[error("sign-in refused: {0}")]
    Refused(#[from] TokenRefusal),
}

/// A verifier for one Clerk instance. Shared between requests; keeps the key set.
pub struct Verifier {
    config: Config,
    http: Client,
    keys: KeySource,
}

impl Verifier {
    /// Checks the configuration. Makes no request.
    ///
    /// # Errors
    /// [`ConfigError`] naming the setting.
    pub fn new(config: Config) -> Result<Self, ConfigError> {
        if config.issuer.is_empty() {
            return Err(ConfigError::Issuer);
        }
        if !config.transport.permits(&config.jwks_url) {
            return Err(ConfigError::JwksUrl);
        }
        if config.authorized_parties.is_empty() || config.authorized_parties.iter().any(String::is_empty) {
            return Err(ConfigError::AuthorizedParties);
        }
        let http = Client::new(config.transport)?;
        Ok(Self { config, http, keys: KeySource::default() })
    }

    /// Verifies a token, asking for the key set when the token's key is not at hand.
    ///
    /// # Errors
    /// [`ClerkError::Refused`] (401) or [`ClerkError::Unavailable`] (503).
    pub async fn verify(&self, token: &str, now: Timestamp) -> Result<Identity, ClerkError> {
        let unverified = Unverified::parse(token)?;
        let kid = unverified.kid().ok_or(TokenRefusal::UnknownKey)?;
        let keys = self.keys.key_set(&self.http, &self.config.jwks_url, Some(kid), now).await?;
        Ok(validate(token, &keys, &self.config, now)?)
    }
}

/// Validates a token: a pure function over the token, the key set, the configuration and the time.
///
/// # Errors
/// [`TokenRefusal`] naming the first check that failed: shape, `alg`, `typ`, `crit`, key, signature, `exp`, `nbf`, `iat`, `iss`, `azp`, `sub`,
/// `sid`, `sts`, `advisor_id`.
pub fn validate(token: &str, keys: &KeySet, config: &Config, now: Timestamp) -> Result<Identity, TokenRefusal> {
    let unverified = Unverified::parse(token)?;
    unverified.kid().ok_or(TokenRefusal::UnknownKey)?;
    let claims = unverified.verify(keys)?;
    check_expiry(&claims, now, LEEWAY_S)?;
    check_not_future(&claims, "nbf", false, now, LEEWAY_S)?;
    check_not_future(&claims, "iat", false, now, LEEWAY_S)?;
    if text(&claims, "iss") != Some(config.issuer.as_str()) {
        return Err(TokenRefusal::Issuer);
    }
    let party = text(&claims, "azp").ok_or(TokenRefusal::AuthorizedParty)?;
    if !config.authorized_parties.iter().any(|known| known == party) {
        return Err(TokenRefusal::AuthorizedParty);
    }
    let subject = identity::subject(&claims).ok_or(TokenRefusal::Subject)?.to_owned();
    check_session(&claims, config.accept_template)?;
    Ok(Identity {
        issuer: config.issuer.clone(),
        subject,
        email: identity::email(&claims),
        name: identity::name(&claims),
        advisor_id: advisor_id(&claims)?,
        // Clerk's tokens do not say it: when the session began is not when the person was last asked.
        authenticated_at: None,
    })
}

/// A template token has no `sid`; a session token has one, and from version 2 on a status that must be active.
fn check_session(claims: &Map<String, Value>, accept_template: bool) -> Result<(), TokenRefusal> {
    match claims.get("sid") {
        None if accept_template => {}
        None => return Err(TokenRefusal::TemplateNotAccepted),
        Some(Value::String(sid)) if !sid.is_empty() => {}
        Some(_) => return Err(TokenRefusal::SessionNotActive),
    }
    match claims.get("sts") {
        None => Ok(()),
        Some(status) if status == "active" => Ok(()),
        Some(_) => Err(TokenRefusal::SessionNotActive),
    }
}

/// An unset shortcode of the template gives `null`, not absence, so anything but an identifier is refused, never ignored.
fn advisor_id(claims: &Map<String, Value>) -> Result<Option<String>, TokenRefusal> {
    let Some(claim) = claims.get("advisor_id") else {
        return Ok(None);
    };
    let id = claim.as_str().filter(|id| is_identifier(id)).ok_or(TokenRefusal::AdvisorId)?;
    Ok(Some(id.to_owned()))
}

fn is_identifier(text: &str) -> bool {
    text.len() <= ADVISOR_ID_MAX_BYTES
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

#[cfg(test)]
mod tests {
    use magfin_sim::keys::SigningKey;
    use serde_json::json;

    use super::*;

    const NOW_S: i64 = 1_760_000_000;

    fn config() -> Config {
        Config {
            issuer: "https://clerk.example".into(),
            jwks_url: Url::parse("https://clerk.example/.well-known/jwks.json").unwrap(),
            authorized_parties: vec!["https://crm.example".into()],
            accept_template: true,
            transport: Transport::HttpsOnly,
        }
    }

    fn verdict(change: impl Fn(&mut Value), config: &Config) -> Result<Identity, TokenRefusal> {
        let key = SigningKey::generate("k1").unwrap();
        let mut claims = json!({
            "iss": "https://clerk.example", "sub": "user_1", "sid": "sess_1", "azp": "https://crm.example",
            "iat": NOW_S, "nbf": NOW_S - 10, "exp": NOW_S + 60,
        });
        change(&mut claims);
        let token = key.sign(&json!({"alg": "RS256", "typ": "JWT", "kid": "k1"}), &claims).unwrap();
        let keys = KeySet::parse(json!({ "keys": [key.jwk()] }).to_string().as_bytes()).unwrap();
        validate(&token, &keys, config, Timestamp::from_second(NOW_S).unwrap())
    }

    #[test]
    fn au_6_subject_and_issuer_are_what_identifies() {
        let identity = verdict(|_| {}, &config()).unwrap();
        assert_eq!((identity.issuer.as_str(), identity.subject.as_str()), ("https://clerk.example", "user_1"));
        assert_eq!(identity.advisor_id, None);
    }

    #[test]
    fn pending_session_counts_as_signed_out() {
        for status in [json!("pending"), json!(""), json!(null), json!(1)] {
            let refused = verdict(|claims| claims["sts"] = status.clone(), &config());
            assert_eq!(refused, Err(TokenRefusal::SessionNotActive), "{status}");
        }
        assert!(verdict(|claims| claims["sts"] = json!("active"), &config()).is_ok());
    }

    #[test]
    fn template_token_needs_the_template_to_be_configured() {
        let template = |claims: &mut Value| {
            claims.as_object_mut().unwrap().remove("sid");
            claims["advisor_id"] = json!("adv_will");
        };
        assert_eq!(verdict(template, &config()).unwrap().advisor_id.as_deref(), Some("adv_will"));
        let refused = verdict(template, &Config { accept_template: false, ..config() });
        assert_eq!(refused, Err(TokenRefusal::TemplateNotAccepted));
        let empty = verdict(|claims| claims["sid"] = json!(""), &config());
        assert_eq!(empty, Err(TokenRefusal::SessionNotActive));
    }

    #[test]
    fn advisor_id_is_an_identifier_or_the_token_is_refused() {
        for bad in ["", "-a", "_a", "a/b", "a.b", "..", "ä", "a b", &"a".repeat(65)] {
            let refused = verdict(|claims| claims["advisor_id"] = json!(bad), &config());
            assert_eq!(refused, Err(TokenRefusal::AdvisorId), "{bad}");
        }
        assert!(verdict(|claims| claims["advisor_id"] = json!("a".repeat(64)), &config()).is_ok());
    }

    #[test]
    fn token_without_a_key_name_is_refused_even_when_the_set_has_one_key() {
        let key = SigningKey::generate("k1").unwrap();
        let token = key.sign(&json!({"alg": "RS256"}), &json!({})).unwrap();
        let keys = KeySet::parse(json!({ "keys": [key.jwk()] }).to_string().as_bytes()).unwrap();
        let refused = validate(&token, &keys, &config(), Timestamp::from_second(NOW_S).unwrap());
        assert_eq!(refused, Err(TokenRefusal::UnknownKey));
    }

    #[test]
    fn configuration_without_authorized_parties_is_refused() {
        for parties in [vec![], vec![String::new()]] {
            let refused = Verifier::new(Config { authorized_parties: parties, ..config() });
            assert!(matches!(refused, Err(ConfigError::AuthorizedParties)));
        }
        let jwks_url = Url::parse("http://127.0.0.1/jwks").unwrap();
        assert!(matches!(Verifier::new(Config { jwks_url, ..config() }), Err(ConfigError::JwksUrl)));
        assert!(matches!(Verifier::new(Config { issuer: String::new(), ..config() }), Err(ConfigError::Issuer)));
        assert!(Verifier::new(config()).is_ok());
    }
}
