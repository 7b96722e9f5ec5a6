//! AWS KMS: the household's key is encrypted by a key that never leaves the service, with the firm in the encryption context.
//!
//! The protocol is JSON 1.1 (`X-Amz-Target: TrentService.…`), signed. Must not keep a key, nor put anything but ids into the context: it
//! stands in the service's log in clear.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use magfin_vault::key::HouseholdKey;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

use super::retry::{self, Failed, Time, asked_wait, persist};
use super::sign::Signer;
use super::{ConfigError, KeyService, KeyServiceError, WRAPPED_MAX_BYTES, WrappedBy};
use crate::http::{Client, Transport};

/// What the names of this service's keys begin with; the key's ARN follows.
const PREFIX: &str = "aws-kms/";
/// Longest name of a key that is taken. An ARN has about 80 characters.
const KEY_MAX_CHARS: usize = 400;
/// Refusals that are none: the same call may succeed later (KMS API reference, "Common error types" and each call's errors).
const PASSING: [&str; 8] = [
    "DependencyTimeoutException",
    "KMSInternalException",
    "KeyUnavailableException",
    "RequestLimitExceeded",
    "RequestThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
];

/// A key of AWS KMS, and who may use it.
#[derive(Debug, Clone)]
pub struct KmsKey {
    /// The region, such as `us-east-1`.
    pub region: String,
    /// The key's ARN, id or alias.
    pub key: String,
    /// Another address than Amazon's.
    pub endpoint: Option<Url>,
    /// Access key id.
    pub access_key: String,
    /// Secret access key.
    pub secret_key: SecretString,
}

/// AWS KMS as a key service. What was wrapped under an earlier key opens as long as that key may be used.
pub struct Kms {
    client: Client,
    endpoint: Url,
    key: String,
    signer: Signer,
    time: Arc<dyn Time>,
}

impl fmt::Debug for Kms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kms").field("key", &self.key).finish_non_exhaustive()
    }
}

/// What a wrapped key is bound to: it opens with the same words alone.
#[derive(Serialize)]
struct Context {
    #[serde(rename = "magfin:firm")]
    firm: Uuid,
    #[serde(rename = "magfin:use")]
    purpose: &'static str,
}

impl Context {
    fn of(firm: Uuid) -> Self {
        Self { firm, purpose: "household-key" }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Encrypt<'a> {
    key_id: &'a str,
    plaintext: &'a str,
    encryption_context: Context,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Encrypted {
    key_id: String,
    #[serde(deserialize_with = "blob")]
    ciphertext_blob: Zeroizing<Vec<u8>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Decrypt<'a> {
    key_id: &'a str,
    ciphertext_blob: &'a str,
    encryption_context: Context,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Decrypted {
    key_id: String,
    #[serde(deserialize_with = "blob")]
    plaintext: Zeroizing<Vec<u8>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Describe<'a> {
    key_id: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Described {
    key_metadata: Metadata,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Metadata {
    arn: String,
    enabled: bool,
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(rename = "__type")]
    kind: String,
}

fn blob<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Zeroizing<Vec<u8>>, D::Error> {
    let text = SecretString::deserialize(deserializer)?;
    let bytes = STANDARD.decode(text.expose_secret()).map_err(|_| serde::de::Error::custom("not base64"))?;
    Ok(Zeroizing::new(bytes))
}

impl Kms {
    /// The service as configured. Calls nobody yet.
    ///
    /// # Errors
    /// [`ConfigError`] when region, key or endpoint cannot be one.
    pub fn new(config: KmsKey, time: Arc<dyn Time>) -> Result<Self, ConfigError> {
        let KmsKey { region, key, endpoint, access_key, secret_key } = config;
        let plain = |text: &str, more: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c));
        if !plain(&region, "-") || region.len() > 40 {
            return Err(ConfigError::Region);
        }
        if !plain(&key, ":/_-") || key.len() > KEY_MAX_CHARS {
            return Err(ConfigError::Key);
        }
        let transport = Transport::to(endpoint.as_ref()).ok_or(ConfigError::Endpoint)?;
        let endpoint = match endpoint {
            Some(endpoint) => endpoint,
            None => Url::parse(&format!("https://kms.{region}.amazonaws.com/")).map_err(|_| ConfigError::Region)?,
        };
        let signer = Signer { key_id: access_key, secret: secret_key, region, service: "kms" };
        Ok(Self { client: Client::new(transport)?, endpoint, key, signer, time })
    }

    /// Asks for one action until there is an answer or patience ends.
    async fn ask<T: DeserializeOwned + Send>(&self, action: &str, asked: &(impl Serialize + Sync)) -> Result<T, KeyServiceError> {
        let mut body = Zeroizing::new(Vec::with_capacity(3 * WRAPPED_MAX_BYTES));
        serde_json::to_writer(&mut *body, asked).map_err(|_| KeyServiceError::Refused)?;
        let body = Bytes::from_owner(body);
        persist(&*self.time, || self.once(action, body.clone())).await
    }

    async fn once<T: DeserializeOwned>(&self, action: &str, body: Bytes) -> Result<T, Failed> {
        let mut request = http::Request::post(self.endpoint.as_str())
            .header(CONTENT_TYPE, "application/x-amz-json-1.1")
            .header("x-amz-target", format!("TrentService.{action}"))
            .body(body)
            .map_err(|_| Failed::Refused)?;
        self.signer.sign(&mut request, self.time.now()).map_err(|_| Failed::Refused)?;
        let answer = retry::call(&self.client, request).await?;
        if answer.status() != http::StatusCode::OK {
            return Err(self.failure(&answer));
        }
        // What does not read was broken on its way.
        let body = Zeroizing::new(Vec::from(answer.into_body()));
        serde_json::from_slice(&body).map_err(|_| Failed::Again(None))
    }

    fn failure(&self, answer: &http::Response<Bytes>) -> Failed {
        let again = Failed::Again(asked_wait(answer.headers(), self.time.now()));
        match (answer.status().as_u16(), serde_json::from_slice::<Refusal>(answer.body())) {
            (408 | 429 | 500.., _) => again,
            (_, Ok(refusal)) if PASSING.contains(&kind(&refusal.kind)) => again,
            // Some servers refuse a signature in another language than their answers.
            (401 | 403, _) | (400..500, Ok(_)) => Failed::Refused,
            _ => again,
        }
    }
}

/// The name of an error, which some servers put into a name space.
fn kind(text: &str) -> &str {
    text.rsplit('#').next().unwrap_or_default().split(':').next().unwrap_or_default()
}

#[async_trait]
impl KeyService for Kms {
    /// The ARN: an id or alias of the configuration may come to mean another key. The service rotates inside a key without changing
    /// its name, and opens what it wrapped before; only another key is a rotation of ours.
    async fn current(&self, _: Uuid) -> Result<String, KeyServiceError> {
        let found: Described = self.ask("DescribeKey", &Describe { key_id: &self.key }).await?;
        if found.key_metadata.enabled { name(&found.key_metadata.arn) } else { Err(KeyServiceError::Refused) }
    }

    async fn wrap(&self, firm: Uuid, key: &HouseholdKey) -> Result<WrappedBy, KeyServiceError> {
        let plaintext = Zeroizing::new(STANDARD.encode(key.expose()));
        let asked = Encrypt { key_id: &self.key, plaintext: &plaintext, encryption_context: Context::of(firm) };
        let made: Encrypted = self.ask("Encrypt", &asked).await?;
        if made.ciphertext_blob.is_empty() || made.ciphertext_blob.len() > WRAPPED_MAX_BYTES {
            return Err(KeyServiceError::Unavailable);
        }
        Ok(WrappedBy { name: name(&made.key_id)?, bytes: made.ciphertext_blob.to_vec() })
    }

    async fn unwrap(&self, firm: Uuid, wrapped: &WrappedBy) -> Result<HouseholdKey, KeyServiceError> {
        let arn = wrapped.name.strip_prefix(PREFIX).ok_or(KeyServiceError::Refused)?;
        if wrapped.bytes.is_empty() || wrapped.bytes.len() > WRAPPED_MAX_BYTES || name(arn).is_err() {
            return Err(KeyServiceError::Refused);
        }
        let ciphertext = STANDARD.encode(&wrapped.bytes);
        let asked = Decrypt { key_id: arn, ciphertext_blob: &ciphertext, encryption_context: Context::of(firm) };
        let opened: Decrypted = self.ask("Decrypt", &asked).await?;
        let bytes = <[u8; 32]>::try_from(opened.plaintext.as_slice()).map_err(|_| KeyServiceError::Refused)?;
        if opened.key_id == arn { Ok(HouseholdKey::from_bytes(bytes)) } else { Err(KeyServiceError::Refused) }
    }
}

/// The name of the key with this ARN, when it is the ARN of a key.
fn name(arn: &str) -> Result<String, KeyServiceError> {
    let parts: Vec<&str> = arn.split(':').collect();
    match parts[..] {
        ["arn", _, "kms", _, _, key] if key.starts_with("key/") && arn.len() <= KEY_MAX_CHARS => Ok(format!("{PREFIX}{arn}")),
        _ => Err(KeyServiceError::Refused),
    }
}
