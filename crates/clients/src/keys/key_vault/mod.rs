//! Azure Key Vault: an RSA key that never leaves the vault wraps what stands above the households' keys (see `layer`).
//!
//! The first request goes without token and body; the vault answers where a token is given out (see `challenge`). Must not send a token
//! to any other host, nor take an address from what is kept: it holds a name, and the address is made from the configuration.

mod challenge;
mod layer;
mod token;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE};
use http::{Method, Response, StatusCode};
use magfin_vault::key::{Entropy, HouseholdKey, SystemEntropy};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

use self::challenge::Challenge;
use self::token::{Credentials, Tokens};
use super::retry::{self, Failed, Time, asked_wait, persist};
use super::{ConfigError, KeyService, KeyServiceError, WrappedBy};
use crate::http::{Client, Transport};

/// What the names of this service's keys begin with; the key's identifier with its version follows.
const PREFIX: &str = "azure-kv/";
/// The version of the protocol (azure-rest-api-specs, Microsoft.KeyVault/stable/7.4).
const API_VERSION: &str = "7.4";
/// The one algorithm: RSAES-OAEP with SHA-256.
const ALGORITHM: &str = "RSA-OAEP-256";

/// A key of Azure Key Vault, and who may use it.
#[derive(Debug, Clone)]
pub struct VaultKey {
    /// The vault's host, such as `crm-prod.vault.azure.net`.
    pub vault: String,
    /// The key's name, without a version: the newest one wraps.
    pub key: String,
    /// Another address than the vault's own.
    pub endpoint: Option<Url>,
    /// Application id.
    pub client_id: String,
    /// The application's secret.
    pub client_secret: SecretString,
}

/// Azure Key Vault as a key service. What was wrapped under an earlier version opens as long as that version is enabled.
pub struct KeyVault {
    client: Client,
    transport: Transport,
    vault: String,
    key: String,
    base: Url,
    tokens: Tokens,
    time: Arc<dyn Time>,
}

impl fmt::Debug for KeyVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyVault").field("vault", &self.vault).field("key", &self.key).finish_non_exhaustive()
    }
}

#[derive(Serialize)]
struct Asked<'a> {
    alg: &'static str,
    value: &'a str,
}

#[derive(Deserialize)]
struct Done {
    kid: String,
    #[serde(deserialize_with = "blob")]
    value: Zeroizing<Vec<u8>>,
}

#[derive(Deserialize)]
struct Bundle {
    key: PublicKey,
    attributes: Attributes,
}

#[derive(Deserialize)]
struct PublicKey {
    kid: String,
    kty: String,
}

#[derive(Deserialize)]
struct Attributes {
    enabled: bool,
}

fn blob<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Zeroizing<Vec<u8>>, D::Error> {
    let text = SecretString::deserialize(deserializer)?;
    let bytes = URL_SAFE_NO_PAD.decode(text.expose_secret()).map_err(|_| serde::de::Error::custom("not base64url"))?;
    Ok(Zeroizing::new(bytes))
}

impl KeyVault {
    /// The service as configured. Calls nobody yet.
    ///
    /// # Errors
    /// [`ConfigError`] when vault, key or endpoint cannot be one.
    pub fn new(config: VaultKey, time: Arc<dyn Time>) -> Result<Self, ConfigError> {
        let VaultKey { vault, key, endpoint, client_id, client_secret } = config;
        let vault = vault.to_ascii_lowercase();
        if !challenge::is_vault(&vault) {
            return Err(ConfigError::Vault);
        }
        if !is_name(&key) {
            return Err(ConfigError::VaultKey);
        }
        let transport = Transport::to(endpoint.as_ref()).ok_or(ConfigError::Endpoint)?;
        let base = match endpoint {
            Some(endpoint) => endpoint,
            None => Url::parse(&format!("https://{vault}/")).map_err(|_| ConfigError::Vault)?,
        };
        let tokens = Tokens::new(Credentials { client_id, client_secret });
        Ok(Self { client: Client::new(transport)?, transport, vault, key, base, tokens, time })
    }

    /// Makes a call until there is an answer or patience ends.
    async fn ask<T: DeserializeOwned + Send>(&self, path: &str, asked: Option<&str>) -> Result<T, KeyServiceError> {
        let mut url = self.base.clone();
        url.set_path(path);
        url.set_query(Some(&format!("api-version={API_VERSION}")));
        let body = match asked {
            Some(value) => {
                let mut body = Zeroizing::new(Vec::with_capacity(1024));
                serde_json::to_writer(&mut *body, &Asked { alg: ALGORITHM, value }).map_err(|_| KeyServiceError::Refused)?;
                Some(Bytes::from_owner(body))
            }
            None => None,
        };
        persist(&*self.time, || self.once(&url, body.clone())).await
    }

    async fn once<T: DeserializeOwned>(&self, url: &Url, body: Option<Bytes>) -> Result<T, Failed> {
        let method = if body.is_some() { Method::POST } else { Method::GET };
        for _ in 0..2 {
            let token = self.tokens.get(&self.client, &*self.time, self.challenge(&method, url)).await?;
            let answer = self.send(&method, url, Some(&token), body.clone()).await?;
            if answer.status() == StatusCode::UNAUTHORIZED {
                self.tokens.forget(&token).await;
                continue;
            }
            if answer.status() != StatusCode::OK {
                return Err(self.failure(&answer));
            }
            // What does not read was broken on its way.
            let body = Zeroizing::new(Vec::from(answer.into_body()));
            return serde_json::from_slice(&body).map_err(|_| Failed::Again(None));
        }
        Err(Failed::Refused)
    }

    /// Asks without token and body, to be told where a token is given out.
    async fn challenge(&self, method: &Method, url: &Url) -> Result<Challenge, Failed> {
        let answer = self.send(method, url, None, None).await?;
        if answer.status() != StatusCode::UNAUTHORIZED {
            return Err(self.failure(&answer));
        }
        let header = answer.headers().get(WWW_AUTHENTICATE).and_then(|header| header.to_str().ok()).ok_or(Failed::Refused)?;
        Challenge::read(header, &self.vault, self.transport).ok_or(Failed::Refused)
    }

    async fn send(&self, method: &Method, url: &Url, token: Option<&SecretString>, body: Option<Bytes>) -> Result<Response<Bytes>, Failed> {
        let mut request = http::Request::builder().method(method).uri(url.as_str()).header(ACCEPT, "application/json");
        if let Some(token) = token {
            let text = Zeroizing::new(format!("Bearer {}", token.expose_secret()));
            let mut bearer = HeaderValue::from_str(&text).map_err(|_| Failed::Refused)?;
            bearer.set_sensitive(true);
            request = request.header(AUTHORIZATION, bearer);
        }
        if body.is_some() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        let request = request.body(body.unwrap_or_default()).map_err(|_| Failed::Refused)?;
        retry::call(&self.client, request).await
    }

    fn failure(&self, answer: &Response<Bytes>) -> Failed {
        match answer.status() {
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => Failed::Again(asked_wait(answer.headers(), self.time.now())),
            status if status.is_client_error() => Failed::Refused,
            _ => Failed::Again(asked_wait(answer.headers(), self.time.now())),
        }
    }

    /// The name and version of a key of this vault.
    fn identified<'a>(&self, kid: &'a str) -> Option<(&'a str, &'a str)> {
        let path = kid.strip_prefix("https://")?.strip_prefix(&self.vault)?.strip_prefix("/keys/")?;
        let (name, version) = path.split_once('/')?;
        let hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        (is_name(name) && version.len() == 32 && version.chars().all(hex)).then_some((name, version))
    }

    /// The identifier of the newest version of the configured key, when it may be used.
    async fn newest(&self) -> Result<String, KeyServiceError> {
        let found: Bundle = self.ask(&format!("/keys/{}", self.key), None).await?;
        let ours = self.identified(&found.key.kid).is_some_and(|(name, _)| name == self.key);
        if ours && found.attributes.enabled && matches!(found.key.kty.as_str(), "RSA" | "RSA-HSM") {
            Ok(found.key.kid)
        } else {
            Err(KeyServiceError::Refused)
        }
    }

    async fn operate(&self, kid: &str, operation: &str, bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyServiceError> {
        let (name, version) = self.identified(kid).ok_or(KeyServiceError::Refused)?;
        let value = Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes));
        let done: Done = self.ask(&format!("/keys/{name}/{version}/{operation}"), Some(&value)).await?;
        if done.kid == kid { Ok(done.value) } else { Err(KeyServiceError::Refused) }
    }
}

/// Whether this is the name of a key (pattern `^[0-9a-zA-Z-]{1,127}$` of the service's description).
fn is_name(text: &str) -> bool {
    (1..=127).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

#[async_trait]
impl KeyService for KeyVault {
    async fn current(&self, _: Uuid) -> Result<String, KeyServiceError> {
        Ok(format!("{PREFIX}{}", self.newest().await?))
    }

    async fn wrap(&self, firm: Uuid, key: &HouseholdKey) -> Result<WrappedBy, KeyServiceError> {
        let mut once = Zeroizing::new([0; 32]);
        SystemEntropy.fill(once.as_mut()).map_err(|_| KeyServiceError::Unavailable)?;
        let kid = self.newest().await?;
        let by_vault = self.operate(&kid, "wrapkey", once.as_ref()).await?;
        let bytes = layer::close(&once, &by_vault, firm, key).ok_or(KeyServiceError::Unavailable)?;
        Ok(WrappedBy { name: format!("{PREFIX}{kid}"), bytes })
    }

    async fn unwrap(&self, firm: Uuid, wrapped: &WrappedBy) -> Result<HouseholdKey, KeyServiceError> {
        let kid = wrapped.name.strip_prefix(PREFIX).ok_or(KeyServiceError::Refused)?;
        let (by_vault, inner) = layer::split(&wrapped.bytes).ok_or(KeyServiceError::Refused)?;
        let once = self.operate(kid, "unwrapkey", by_vault).await?;
        layer::open(&once, &inner, firm).ok_or(KeyServiceError::Refused)
    }
}
