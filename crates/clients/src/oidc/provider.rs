//! One configured provider: begin a sign-in, finish it.
//!
//! Must not be asked to start the service: nothing is fetched until the first sign-in, so a provider that is down keeps no one from
//! starting, and its return needs no restart.

use std::sync::Arc;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::callback::{self, CallbackRefusal};
use super::discovery::{self, Metadata};
use super::exchange::{Tokens, exchange};
use super::flow::{FlowRecord, FlowSeed};
use super::id_token;
use crate::cache::{Cache, Policy};
use crate::http::{BuildError, Client, Transport};
use crate::identity::Identity;
use crate::jwks::{KeySource, Outage};
use crate::token::{TokenRefusal, Unverified};

/// Metadata is asked for again after an hour; the last good copy serves for a day of outage.
const METADATA: Policy = Policy { max_age_s: 3600, min_pause_s: 10, max_stale_s: 24 * 3600 };

/// How we are registered at the provider.
#[derive(Debug, Clone)]
pub struct Config {
    /// Issuer, byte for byte as the provider states it.
    pub issuer: String,
    /// Our client id.
    pub client_id: String,
    /// Our client secret, sent with HTTP Basic to the token endpoint alone.
    pub client_secret: SecretString,
    /// Where the provider sends the browser back to; must be registered there exactly like this.
    pub redirect_uri: String,
    /// [`Transport::HttpsOnly`], or [`Transport::LoopbackHttp`] for a provider on this machine.
    pub transport: Transport,
}

/// What is wrong with a [`Config`] (or with the machine).
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Not an https address (http on loopback where allowed), or one with query, fragment or credentials.
    #[error("issuer must be an https address without query, fragment or credentials")]
    Issuer,
    /// Empty, or with control characters.
    #[error("client_id must not be empty")]
    ClientId,
    /// Empty.
    #[error("client_secret must not be empty")]
    ClientSecret,
    /// Not an https address (http on loopback where allowed), or one with a fragment or credentials.
    #[error("redirect_uri must be an https address without fragment or credentials")]
    RedirectUri,
    /// The HTTP client could not be set up.
    #[error(transparent)]
    Http(#[from] BuildError),
}

/// Why a sign-in did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OidcError {
    /// The provider cannot be used at the moment: answer 503.
    #[error("sign-in unavailable: {0}")]
    Unavailable(#[from] Outage),
    /// This sign-in is refused: answer 401.
    #[error("sign-in refused: {0}")]
    Refused(#[from] Refusal),
}

/// Why a sign-in is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// More than [`FLOW_LIFETIME_S`](super::FLOW_LIFETIME_S) seconds between leaving and coming back.
    #[error("sign-in took longer than 10 minutes: start again")]
    Late,
    /// The query that came back.
    #[error(transparent)]
    Callback(#[from] CallbackRefusal),
    /// The provider does not accept the code: used before, expired, or not ours.
    #[error("the identity provider does not accept the authorization code: start again")]
    Code,
    /// The ID token.
    #[error(transparent)]
    Token(#[from] TokenRefusal),
}

impl From<CallbackRefusal> for OidcError {
    fn from(refusal: CallbackRefusal) -> Self {
        match refusal {
            CallbackRefusal::ProviderBusy => Outage::ProviderBusy.into(),
            other => Refusal::Callback(other).into(),
        }
    }
}

/// A relying party of one OpenID Connect provider. Shared between requests; keeps metadata and keys.
pub struct Provider {
    config: Config,
    metadata_address: Url,
    http: Client,
    metadata: Cache<Metadata>,
    keys: KeySource,
}

impl Provider {
    /// Checks the configuration. Makes no request.
    ///
    /// # Errors
    /// [`ConfigError`] naming the setting.
    pub fn new(config: Config) -> Result<Self, ConfigError> {
        let usable = |text: &str| Url::parse(text).is_ok_and(|url| config.transport.permits(&url) && url.fragment().is_none());
        if !usable(&config.issuer) || config.issuer.contains('?') {
            return Err(ConfigError::Issuer);
        }
        if config.client_id.is_empty() || config.client_id.chars().any(char::is_control) {
            return Err(ConfigError::ClientId);
        }
        if config.client_secret.expose_secret().is_empty() {
            return Err(ConfigError::ClientSecret);
        }
        if !usable(&config.redirect_uri) {
            return Err(ConfigError::RedirectUri);
        }
        let metadata_address = discovery::address(&config.issuer).ok_or(ConfigError::Issuer)?;
        let http = Client::new(config.transport)?;
        Ok(Self { config, metadata_address, http, metadata: Cache::new(METADATA), keys: KeySource::default() })
    }

    /// Configured issuer.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.config.issuer
    }

    /// Begins a sign-in: the address to send the browser to, and the record to keep for [`Provider::finish`].
    ///
    /// # Errors
    /// [`OidcError::Unavailable`] when the provider's metadata cannot be had.
    pub async fn begin(&self, seed: &FlowSeed, now: Timestamp) -> Result<(Url, FlowRecord), OidcError> {
        self.leave(seed, false, now).await
    }

    /// Begins a sign-in for which the person must prove who they are again, although they may be signed in at the provider.
    /// [`Provider::finish`] refuses an answer that does not say so.
    ///
    /// # Errors
    /// [`OidcError::Unavailable`] when the provider's metadata cannot be had.
    pub async fn begin_anew(&self, seed: &FlowSeed, now: Timestamp) -> Result<(Url, FlowRecord), OidcError> {
        let (mut url, flow) = self.leave(seed, true, now).await?;
        // max_age obliges the provider to state auth_time (OpenID Connect Core 1.0 §3.1.2.1).
        url.query_pairs_mut().append_pair("prompt", "login").append_pair("max_age", "0");
        Ok((url, flow))
    }

    /// The address at which a browser signs out of the provider too and is sent back to `back`, which must be registered there.
    /// `None`: the provider has none.
    ///
    /// # Errors
    /// [`OidcError::Unavailable`] when the provider's metadata cannot be had.
    pub async fn end_session(&self, back: &str, now: Timestamp) -> Result<Option<Url>, OidcError> {
        let mut address = self.metadata(now).await?.end_session_endpoint.clone();
        if let Some(url) = &mut address {
            // No id_token_hint: we keep no ID token, and so the provider may ask the person.
            url.query_pairs_mut().append_pair("client_id", &self.config.client_id).append_pair("post_logout_redirect_uri", back);
        }
        Ok(address)
    }

    async fn leave(&self, seed: &FlowSeed, anew: bool, now: Timestamp) -> Result<(Url, FlowRecord), OidcError> {
        let metadata = self.metadata(now).await?;
        let flow = FlowRecord::new(seed, anew, now);
        let mut url = metadata.authorization_endpoint.clone();
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.config.client_id)
            .append_pair("redirect_uri", &self.config.redirect_uri)
            .append_pair("scope", "openid email profile")
            .append_pair("state", flow.state.expose_secret())
            .append_pair("nonce", flow.nonce.expose_secret())
            .append_pair("code_challenge", &flow.challenge())
            .append_pair("code_challenge_method", "S256");
        Ok((url, flow))
    }

    /// Finishes a sign-in with the raw query (without `?`) that came back and the record of [`Provider::begin`]. The caller
    /// must have taken the record out of its store first: one record, one attempt.
    ///
    /// # Errors
    /// [`OidcError::Refused`] (401) or [`OidcError::Unavailable`] (503).
    pub async fn finish(&self, query: &str, flow: &FlowRecord, now: Timestamp) -> Result<Identity, OidcError> {
        if !flow.is_current(now) {
            return Err(Refusal::Late.into());
        }
        let metadata = self.metadata(now).await?;
        let expected =
            callback::Expected { state: &flow.state, issuer: &self.config.issuer, issuer_announced: metadata.issuer_in_callback };
        let code = callback::validate(query, &expected)?;
        let tokens = exchange(&self.http, &metadata.token_endpoint, &self.config, &code, flow).await?;
        self.identity(&metadata, &tokens, flow, now).await
    }

    async fn identity(&self, metadata: &Metadata, tokens: &Tokens, flow: &FlowRecord, now: Timestamp) -> Result<Identity, OidcError> {
        let id_token = tokens.id_token.expose_secret();
        // The header is judged before the key set is asked for: a token of the wrong kind costs the provider nothing.
        let unverified = Unverified::parse(id_token).map_err(Refusal::from)?;
        let keys = self.keys.key_set(&self.http, &metadata.jwks_uri, unverified.kid(), now).await?;
        let expected = id_token::Expected {
            issuer: &self.config.issuer,
            client_id: &self.config.client_id,
            nonce: &flow.nonce,
            access_token: tokens.access_token.as_ref(),
            authenticated_since: flow.anew.then_some(flow.started_at),
            expiry_leeway_s: id_token::EXPIRY_LEEWAY_S,
            future_leeway_s: id_token::FUTURE_LEEWAY_S,
        };
        Ok(id_token::validate(id_token, &keys, &expected, now).map_err(Refusal::from)?)
    }

    async fn metadata(&self, now: Timestamp) -> Result<Arc<Metadata>, Outage> {
        let fetch = async {
            let answer = self.http.get_json(&self.metadata_address).await?;
            discovery::validate(&answer, &self.config.issuer, self.config.transport)
        };
        self.metadata.get(now, |_| true, fetch).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Config {
        Config {
            issuer: "https://id.example".into(),
            client_id: "crm".into(),
            client_secret: "secret".into(),
            redirect_uri: "https://crm.example/api/auth/callback".into(),
            transport: Transport::HttpsOnly,
        }
    }

    #[test]
    fn configuration_fault_is_named() {
        assert!(Provider::new(config()).is_ok());
        for issuer in ["http://127.0.0.1:5556", "https://id.example?x", "https://id.example#", "id.example", ""] {
            let refused = Provider::new(Config { issuer: issuer.into(), ..config() });
            assert!(matches!(refused, Err(ConfigError::Issuer)), "{issuer}");
        }
        let refused = Provider::new(Config { client_id: String::new(), ..config() });
        assert!(matches!(refused, Err(ConfigError::ClientId)));
        let refused = Provider::new(Config { client_secret: "".into(), ..config() });
        assert!(matches!(refused, Err(ConfigError::ClientSecret)));
        let refused = Provider::new(Config { redirect_uri: "http://crm.example/cb".into(), ..config() });
        assert!(matches!(refused, Err(ConfigError::RedirectUri)));
    }

    #[test]
    fn http_issuer_needs_loopback_and_the_explicit_choice() {
        let local = |issuer: &str| Config { issuer: issuer.into(), transport: Transport::LoopbackHttp, ..config() };
        assert!(Provider::new(local("http://127.0.0.1:5556")).is_ok());
        assert!(matches!(Provider::new(local("http://id.example")), Err(ConfigError::Issuer)));
    }

    #[test]
    fn printed_configuration_and_errors_show_no_secret() {
        let config = Config { client_secret: "hunter2-hunter2".into(), ..config() };
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}
