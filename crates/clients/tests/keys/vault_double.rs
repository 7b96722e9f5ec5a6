//! A vault, and what gives out tokens for it, on loopback: it really wraps with RSA-OAEP-256 and notes what it was asked. No emulator of
//! the service can be had. What it wants of a request is what the vendor's own client sends (`azure-keyvault/sdk-requests.json`).

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{
    KeyPair, KeyPairComponents, KeySize, OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, OaepPublicEncryptingKey, PrivateDecryptingKey,
    PublicKeyComponents,
};
use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use magfin_clients::keys::VaultKey;
use serde::Deserialize;
use serde_json::{Value, json};

use super::scripted::Answer;

pub const VAULT: &str = "crm-prod.vault.azure.net";
const KEY: &str = "tenant-kek";
const CLIENT: &str = "22222222-3333-4444-5555-666666666666";
/// Has characters that a form must encode.
const SECRET: &str = "s3cr&t=+%~é";
const TENANT: &str = "11111111-2222-3333-4444-555555555555";

/// A request to the vault itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub method: String,
    pub path: String,
    pub token: Option<String>,
    pub body: Value,
}

struct Version {
    version: String,
    key: PrivateDecryptingKey,
    enabled: bool,
}

#[derive(Default)]
struct Vault {
    versions: Vec<Version>,
    asked: Vec<Asked>,
    wrong: Vec<String>,
    tokens: usize,
    /// How often our secret was sent to where tokens are given out.
    trusted: usize,
    /// Tokens up to this one are stale.
    stale: usize,
    /// What requests with a token are answered instead.
    answers: VecDeque<Answer>,
    for_ever: Option<Answer>,
    /// What a request without a token is answered instead.
    challenge: Option<String>,
    expires_in: u64,
}

pub struct Double {
    endpoint: String,
    shared: Arc<Mutex<Vault>>,
}

pub fn config(endpoint: &str) -> VaultKey {
    VaultKey {
        vault: VAULT.to_owned(),
        key: KEY.to_owned(),
        endpoint: Some(endpoint.parse().unwrap()),
        client_id: CLIENT.to_owned(),
        client_secret: SECRET.to_owned().into(),
    }
}

/// A vault whose key has one version, made for it.
pub async fn start() -> Double {
    let double = empty().await;
    double.add_version();
    double
}

/// A vault whose key is this one (JWK).
pub async fn with_key(key: &Jwk) -> Double {
    let double = empty().await;
    double.add(key.decrypting());
    double
}

async fn empty() -> Double {
    let shared = Arc::new(Mutex::new(Vault { expires_in: 3599, ..Vault::default() }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(answer).with_state((Arc::clone(&shared), endpoint.clone()));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    Double { endpoint, shared }
}

impl Double {
    pub fn config(&self) -> VaultKey {
        config(&self.endpoint)
    }

    pub fn kid(&self, version: &str) -> String {
        kid(version)
    }

    /// Adds a version, which wraps from now on.
    pub fn add_version(&self) -> String {
        self.add(PrivateDecryptingKey::generate(KeySize::Rsa2048).unwrap())
    }

    fn add(&self, key: PrivateDecryptingKey) -> String {
        let mut vault = self.shared.lock().unwrap();
        let version = format!("{:032x}", vault.versions.len() + 0xabc);
        vault.versions.push(Version { version: version.clone(), key, enabled: true });
        version
    }

    pub fn disable_all(&self) {
        self.shared.lock().unwrap().versions.iter_mut().for_each(|version| version.enabled = false);
    }

    /// The next requests with a token are answered so, and those after by the vault again.
    pub fn answer_next(&self, answers: impl IntoIterator<Item = Answer>) {
        self.shared.lock().unwrap().answers.extend(answers);
    }

    /// Every request with a token is answered so.
    pub fn answer_for_ever(&self, answer: Option<Answer>) {
        self.shared.lock().unwrap().for_ever = answer;
    }

    /// Requests without a token are answered with this challenge; `{here}` stands for this server.
    pub fn challenge_with(&self, header: &str) {
        self.shared.lock().unwrap().challenge = Some(header.replace("{here}", &self.endpoint));
    }

    pub fn tokens_last(&self, seconds: u64) {
        self.shared.lock().unwrap().expires_in = seconds;
    }

    /// No token given out so far is good any more.
    pub fn revoke_tokens(&self) {
        let mut vault = self.shared.lock().unwrap();
        vault.stale = vault.tokens;
    }

    /// How many tokens were given out.
    pub fn tokens(&self) -> usize {
        self.shared.lock().unwrap().tokens
    }

    /// How often a token was asked for, with our secret.
    pub fn trusted(&self) -> usize {
        self.shared.lock().unwrap().trusted
    }

    /// What the vault was asked since this was read last.
    pub fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.shared.lock().unwrap().asked)
    }

    pub fn was_asked_as_it_should_be(&self) {
        assert_eq!(self.shared.lock().unwrap().wrong, Vec::<String>::new());
    }
}

fn kid(version: &str) -> String {
    format!("https://{VAULT}/keys/{KEY}/{version}")
}

async fn answer(State((shared, endpoint)): State<(Arc<Mutex<Vault>>, String)>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let path = parts.uri.path().to_owned();
    let mut vault = shared.lock().unwrap();
    if path.ends_with("/oauth2/v2.0/token") {
        return vault.give_token(&path, &parts.headers, &body);
    }
    let header = |name| parts.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    let token = header(header::AUTHORIZATION).map(|text| text.strip_prefix("Bearer ").unwrap().to_owned());
    let asked = Asked { method: parts.method.to_string(), path: path.clone(), token: token.clone(), body: json(&body) };
    vault.expect(parts.uri.query() == Some("api-version=7.4"), "api-version=7.4", &asked);
    vault.expect(header(header::ACCEPT).as_deref() == Some("application/json"), "Accept", &asked);
    vault.expect(token.is_some() || body.is_empty(), "no body without a token", &asked);
    let typed = header(header::CONTENT_TYPE).as_deref() == Some("application/json");
    vault.expect(typed != body.is_empty(), "a content type with a body alone", &asked);
    vault.asked.push(asked);
    let number = token.and_then(|token| token.strip_prefix("tok-")?.parse::<usize>().ok());
    if number.is_none_or(|number| number <= vault.stale || number > vault.tokens) {
        let usual = format!(r#"Bearer authorization="{endpoint}/{TENANT}", resource="https://vault.azure.net""#);
        let challenge = vault.challenge.clone().unwrap_or(usual);
        return (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, challenge)], error("Unauthorized", None)).into_response();
    }
    if let Some(prepared) = vault.answers.pop_front().or(vault.for_ever.clone()) {
        return response(prepared);
    }
    vault.serve(&parts.method, &path, &json(&body))
}

impl Vault {
    fn expect(&mut self, met: bool, what: &str, asked: &Asked) {
        if !met {
            self.wrong.push(format!("{what}: {asked:?}"));
        }
    }

    fn give_token(&mut self, path: &str, headers: &HeaderMap, body: &[u8]) -> Response {
        self.trusted += 1;
        let fields: Vec<(String, String)> = url::form_urlencoded::parse(body).into_owned().collect();
        let wanted = [
            ("grant_type", "client_credentials"),
            ("client_id", CLIENT),
            ("client_secret", SECRET),
            ("scope", "https://vault.azure.net/.default"),
        ];
        let right = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).eq(wanted);
        let typed = headers.get(header::CONTENT_TYPE).is_some_and(|value| value == "application/x-www-form-urlencoded");
        if !right || !typed || path != format!("/{TENANT}/oauth2/v2.0/token") {
            return (StatusCode::UNAUTHORIZED, json!({"error": "invalid_client"}).to_string()).into_response();
        }
        self.tokens += 1;
        let token = format!("tok-{}", self.tokens);
        json!({"token_type": "Bearer", "expires_in": self.expires_in, "access_token": token}).to_string().into_response()
    }

    fn serve(&self, method: &Method, path: &str, body: &Value) -> Response {
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        let named = |name: &str| self.versions.iter().find(|version| version.version == name);
        match (method.as_str(), &parts[..]) {
            ("GET", ["keys", KEY]) => {
                let newest = self.versions.last().unwrap();
                let key = json!({"kid": kid(&newest.version), "kty": "RSA", "key_ops": ["wrapKey", "unwrapKey"]});
                json!({"key": key, "attributes": {"enabled": newest.enabled}}).to_string().into_response()
            }
            ("POST", ["keys", KEY, version, operation]) if body["alg"] == "RSA-OAEP-256" => match named(version) {
                None => (StatusCode::NOT_FOUND, error("KeyNotFound", None)).into_response(),
                Some(version) if !version.enabled => (StatusCode::FORBIDDEN, error("Forbidden", Some("KeyDisabled"))).into_response(),
                Some(version) => operate(version, operation, body["value"].as_str().unwrap_or_default()),
            },
            _ => (StatusCode::NOT_FOUND, error("KeyNotFound", None)).into_response(),
        }
    }
}

fn operate(version: &Version, operation: &str, value: &str) -> Response {
    let bytes = URL_SAFE_NO_PAD.decode(value).unwrap();
    let done = if operation == "wrapkey" { encrypt(&version.key, &bytes) } else { decrypt(&version.key, &bytes) };
    match done {
        Some(bytes) => json!({"kid": kid(&version.version), "value": URL_SAFE_NO_PAD.encode(bytes)}).to_string().into_response(),
        None => (StatusCode::BAD_REQUEST, error("BadParameter", None)).into_response(),
    }
}

fn encrypt(key: &PrivateDecryptingKey, bytes: &[u8]) -> Option<Vec<u8>> {
    let key = OaepPublicEncryptingKey::new(key.public_key()).unwrap();
    let mut out = vec![0; key.ciphertext_size()];
    Some(key.encrypt(&OAEP_SHA256_MGF1SHA256, bytes, &mut out, None).ok()?.to_vec())
}

/// RSAES-OAEP with SHA-256, without a label, as the vault opens it.
pub fn decrypt(key: &PrivateDecryptingKey, bytes: &[u8]) -> Option<Vec<u8>> {
    let key = OaepPrivateDecryptingKey::new(key.clone()).unwrap();
    let mut out = vec![0; key.min_output_size()];
    Some(key.decrypt(&OAEP_SHA256_MGF1SHA256, bytes, &mut out, None).ok()?.to_vec())
}

fn json(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_default()
}

fn error(code: &str, inner: Option<&str>) -> String {
    json!({"error": {"code": code, "message": "words", "innererror": {"code": inner}}}).to_string()
}

fn response((status, headers, body): Answer) -> Response {
    let mut response = (StatusCode::from_u16(status).unwrap(), body).into_response();
    for (name, value) in headers {
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    response
}

/// A private RSA key (RFC 7517).
#[derive(Deserialize)]
pub struct Jwk {
    n: String,
    e: String,
    d: String,
    p: String,
    q: String,
    dp: String,
    dq: String,
    qi: String,
}

impl Jwk {
    pub fn decrypting(&self) -> PrivateDecryptingKey {
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        let pair = KeyPair::from_components(&KeyPairComponents {
            public_key: PublicKeyComponents { n: bytes(&self.n), e: bytes(&self.e) },
            d: bytes(&self.d),
            p: bytes(&self.p),
            q: bytes(&self.q),
            dP: bytes(&self.dp),
            dQ: bytes(&self.dq),
            qInv: bytes(&self.qi),
        });
        let der: Pkcs8V1Der<'_> = pair.unwrap().as_der().unwrap();
        PrivateDecryptingKey::from_pkcs8(der.as_ref()).unwrap()
    }
}
